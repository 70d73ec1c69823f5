import type { Environment } from "./environment.ts";

/** What a deployment adds that is usually slow, or whose strategy waits, beyond its own deadline. */
const SHORTEST_MINUTES = 360;
/** Half an hour of it may be spent waiting for another rollback (lib/stack/workflow/when-lock-is-held.ts). */
const REST_MINUTES = 90;

/**
 * How long an execution may take: waiting for an answer, every deadline one after the other, once more when a failure
 * reverts, verification, and an hour and a half for everything else. Six hours at least. Minutes.
 */
export function longestRollbackMinutes({
  components,
  policy,
}: Pick<Environment, "components" | "policy">): number {
  const rounds = policy.onFailure === "revert" ? 2 : 1;
  const all =
    policy.approvalExpiresMinutes + rounds * deadlinesOf(components) + policy.verifyMinutes + REST_MINUTES;
  return Math.max(SHORTEST_MINUTES, all);
}

/**
 * All deadlines together at most, minutes. An execution has 25,000 history events (AWS quotas, "Maximum execution history
 * size"); a component that is slow for six hours takes some 730 (test/workflow/limits.test.ts), and as many again when a
 * failure reverts it: 21,900 for this.
 */
export const LONGEST_DEADLINES = 5_400;

export const deadlinesOf = (
  components: Readonly<Record<string, { readonly deadlineMinutes: number }>>,
): number => Object.values(components).reduce((sum, { deadlineMinutes }) => sum + deadlineMinutes, 0);
