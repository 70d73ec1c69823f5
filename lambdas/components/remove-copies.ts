import type { PlannedRollback } from "../contracts/plan.ts";
import { incompleteIn } from "../domain/incomplete.ts";
import { lastOfEach } from "../domain/standing.ts";
import { type Lock, releaseLock, takeOverLock } from "../platform/ledger/lock.ts";
import { readJournals } from "../platform/ledger/read-journals.ts";
import { MOST_LOOKS, type OrderServices, plannedOf } from "./put-in-order.ts";
import { isUnfinished, tidyAll } from "./tidy-all.ts";

/** What became of the copies that were made while people were asked, and that nobody approved. */
export interface Removal {
  /** False while something is still being removed. */
  readonly finished: boolean;
  /** What each component said. */
  readonly said: readonly string[];
  /** Components of which a copy may be left. */
  readonly left: readonly string[];
  /** Those whose copy goes by itself later: RDS backs it up, and is told to delete it when that is over (docs/adr/0016). */
  readonly incomplete: readonly string[];
}

/**
 * Removes them, under a fencing number of its own: functions that outlived the question make nothing any more. Nothing else
 * is touched: that rollback never began. Nobody waits for it, so the lock is kept until all is gone, or goes by itself later:
 * the next question may have copies too.
 */
export async function removeCopies(lock: Lock, looks: number, services: OrderServices): Promise<Removal> {
  const planned = await plannedOf(lock, services);
  const mine = await takeOverLock(services.ledger, lock);
  if (!mine) return { finished: true, said: [], left: [], incomplete: [] };
  if ("problem" in planned) {
    await releaseLock(services.ledger, mine);
    const left = ["the plan's databases and caches"];
    return { finished: true, said: [planned.problem], left, incomplete: [] };
  }
  const ticks = lastOfEach(await tidyAll(copiesOf(planned), mine, services));
  const said = ticks.map(({ component, note }) => `${component}: ${note}`);
  if (looks < MOST_LOOKS && ticks.some(isUnfinished)) {
    return { finished: false, said, left: [], incomplete: [] };
  }
  const incomplete = incompleteIn(await readJournals(services.ledger, planned));
  await releaseLock(services.ledger, mine);
  const left = ticks.filter(({ status }) => status !== "done").map(({ component }) => component);
  return { finished: true, said, left, incomplete };
}

/** The plan, as far as it was begun: its closing is that of the copies alone. */
function copiesOf(planned: PlannedRollback): PlannedRollback {
  const closing = planned.plan.closing.flatMap((wave) => {
    const actions = wave.actions.filter(({ component }) => planned.ahead.includes(component));
    return actions.length > 0 ? [{ ...wave, actions }] : [];
  });
  return { ...planned, plan: { ...planned.plan, closing } };
}
