import { RollbackRecord, rollbackKey } from "../contracts/ledger.ts";
import { COMPLETING_LOCK } from "../contracts/lock.ts";
import type { PlannedRollback, WayOut } from "../contracts/plan.ts";
import { incompleteIn, withIncomplete } from "../domain/incomplete.ts";
import { currentLock, releaseLock, takeFreeLock } from "../platform/ledger/lock.ts";
import { readJournals } from "../platform/ledger/read-journals.ts";
import { type OrderServices, plannedOf } from "./put-in-order.ts";
import { tidyAll } from "./tidy-all.ts";

/** What came of completing a rollback. */
export interface Completion {
  /** What each component said; none when it was not the moment. */
  readonly said: readonly string[];
  /** Whether one of them failed for good: what it said is for people. */
  readonly givenUp: boolean;
  /** Components that still lack something. */
  readonly incomplete: readonly string[];
  /** Whether it was only a question, to which nobody said yes: what is lacking is that its copies go. */
  readonly isQuestion: boolean;
}

/**
 * Completes a finished rollback: settings that nobody feels and that AWS did not take before. Under a lock of its own,
 * and not while anybody rolls back: it is asked again later (docs/adr/0016).
 */
export async function completeAll(
  { rollbackId, execution }: { readonly rollbackId: string; readonly execution: string },
  services: OrderServices,
): Promise<Completion> {
  const { ledger, clock } = services;
  const notNow = await lackingOf(rollbackId, services);
  const { incomplete, isQuestion } = notNow;
  if (incomplete.length === 0) return notNow;
  if (await currentLock(ledger, "lock", clock())) return notNow;
  const lock = await takeFreeLock(ledger, {
    ...{ key: COMPLETING_LOCK, owner: rollbackId, execution, now: clock() },
  });
  if (!lock) return notNow;
  const planned = await plannedOf(lock, services);
  if ("problem" in planned) {
    await releaseLock(ledger, lock);
    return { ...notNow, said: [planned.problem] };
  }
  const ticks = await tidyAll(completionOf(planned, incomplete), lock, services);
  const left = incompleteIn(await readJournals(ledger, planned));
  const key = rollbackKey(rollbackId);
  // Minutes lie between: somebody may have finished it meanwhile.
  const record = await ledger.get(key, RollbackRecord);
  if (record) await ledger.put(key, RollbackRecord, withIncomplete(record, left));
  await releaseLock(ledger, lock);
  return {
    said: ticks.map(({ component, note }) => `${component}: ${note}`),
    givenUp: ticks.some(({ status, component }) => status === "failed" && !left.includes(component)),
    incomplete: left,
    isQuestion,
  };
}

/** What it lacks before anything is done: by its record; a question has none, and its journals tell. */
async function lackingOf(rollbackId: string, services: OrderServices): Promise<Completion> {
  const before = { said: [], givenUp: false };
  const record = await services.ledger.get(rollbackKey(rollbackId), RollbackRecord);
  if (record) return { ...before, incomplete: record.incomplete ?? [], isQuestion: false };
  const planned = await plannedOf({ owner: rollbackId }, services);
  if ("problem" in planned) {
    return { said: [planned.problem], givenUp: true, incomplete: [], isQuestion: true };
  }
  const journals = await readJournals(services.ledger, planned);
  return { ...before, incomplete: incompleteIn(journals), isQuestion: true };
}

function completionOf(planned: PlannedRollback, incomplete: readonly string[]): PlannedRollback {
  const completed: WayOut = {
    why: "what it lacks is set",
    after: 0,
    actions: incomplete.map((component) => ({
      ...{ component, verbs: ["complete"], needs: [], serves: [], ifFailed: [], unlessHalfWay: [] },
      startOnly: false,
    })),
  };
  return { ...planned, plan: { ...planned.plan, closing: [completed] } };
}
