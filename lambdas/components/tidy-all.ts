import type { Action, PlannedRollback } from "../contracts/plan.ts";
import { isUnanswered, type Tick, type TickRequest } from "../contracts/tick.ts";
import type { Kind } from "../contracts/vocabulary.ts";
import { asStepbackError } from "../platform/aws-errors.ts";
import { follow } from "../platform/follow.ts";
import type { Lock } from "../platform/ledger/lock.ts";

export interface Tidying {
  readonly invokeMover: (kind: Kind, request: TickRequest) => Promise<Tick>;
  readonly sleep: (seconds: number) => Promise<void>;
  readonly remainingMillis: () => number;
  /** Components that a person has put in order: they are left alone, and nobody waits for them. */
  readonly inOrder?: readonly string[];
}

/**
 * Asks every component that may have been touched to put its temporary settings back, as the plan's closing says; one
 * failure stops no other. What still works on its data when the time is over, or cannot be reached, counts as half way: who
 * waits for that data is not asked yet.
 */
export async function tidyAll(
  planned: PlannedRollback,
  lock: Lock,
  { inOrder = [], ...tidying }: Tidying,
): Promise<Tick[]> {
  const ticks: Tick[] = [];
  for (const wave of planned.plan.closing) {
    const halfWay = ticks.filter(isHalfWay).map((tick) => tick.component);
    const actions = wave.actions.filter(
      ({ component, unlessHalfWay }) =>
        !inOrder.includes(component) && !unlessHalfWay.some((name) => halfWay.includes(name)),
    );
    ticks.push(...(await Promise.all(actions.map((action) => settle(action, planned, lock, tidying)))));
  }
  return ticks;
}

/** Whether all that is still at work removes copies that nobody uses: no writer, user or other rollback need wait for it. */
export function isOnlyRemoving({ plan }: PlannedRollback, ticks: readonly Tick[]): boolean {
  const isCopy = (component: string) =>
    plan.moves.some(
      (move) => move.component === component && move.kind === "cache" && move.prepareSeconds > 0,
    );
  return ticks.filter(isUnfinished).every(({ verb, component }) => verb === "discard" || isCopy(component));
}

const isHalfWay = (tick: Tick) =>
  tick.status === "working" || isUnanswered(tick) || (tick.status === "failed" && tick.code === "HALF_WAY");

/** Whether it is worth another look later: it works, or could not be reached for a reason that passes. */
export const isUnfinished = (tick: Tick): boolean =>
  tick.status === "working" || (tick.status === "failed" && passes(tick.code));

/** Stepback's own names, and those that Lambda gives a function that timed out or died (docs/facts/states-language.md). */
const passes = (code: string) =>
  code === "AwsBusy" || code === "BeingTidied" || /^(Sandbox|Runtime)\./.test(code);

/** What cannot be reached is asked again so often, and after so many seconds; then it is for the next look. */
const TRIES = 8;
const PAUSE_SECONDS = 20;

/** Asks until it has settled or the time is over. What cannot be reached is said, and stops nobody. */
async function settle(
  { component, verbs }: Action,
  { plan }: PlannedRollback,
  { owner: rollbackId, key, fence, redrives }: Lock,
  { invokeMover, sleep, remainingMillis }: Tidying,
): Promise<Tick> {
  const move = plan.moves.find((one) => one.component === component);
  const failed = { component, verb: "tidy", status: "failed", touched: true } as const;
  if (!move) return { ...failed, code: "END_UNKNOWN", note: "is not in the plan, look at it" };
  const tick = () =>
    invokeMover(move.kind, { rollbackId, lock: key, fence, redrives, move, verbs, once: true });
  for (let tries = 1; ; tries++) {
    try {
      return await follow(tick, { sleep, remainingMillis });
    } catch (error) {
      const { name: code, message } = asStepbackError(error, `Asking for ${component}`);
      const isOver = tries === TRIES || remainingMillis() < PAUSE_SECONDS * 2_000;
      if (isOver || !passes(code)) {
        return { ...failed, code, note: `could not be tidied, look at it. ${code}: ${message}` };
      }
      await sleep(PAUSE_SECONDS);
    }
  }
}
