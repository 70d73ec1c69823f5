import type { Checkpoint } from "../contracts/ledger.ts";
import type { Move } from "../contracts/plan.ts";

/** The checkpoints that must not be a target any more, because a rollback went away from what they hold. */
export function quarantinedBy(
  checkpoints: readonly Checkpoint[],
  moves: readonly Move[],
  { rollbackId, now }: { readonly rollbackId: string; readonly now: Date },
): Checkpoint[] {
  return checkpoints
    .filter((checkpoint) => moves.every((move) => move.to.checkpoint !== checkpoint.id))
    .filter((checkpoint) => checkpoint.status !== "quarantined")
    .filter((checkpoint) =>
      moves.some((move) => checkpoint.vector[move.component]?.taskDefinition === move.from.id),
    )
    .map((checkpoint) => ({
      ...checkpoint,
      status: "quarantined" as const,
      judgedAt: now.toISOString(),
      because: `${rollbackId} rolled back away from it`,
    }));
}
