import type { Journals, RollbackRecord, Unfinished } from "../contracts/ledger.ts";
import type { PlannedRollback } from "../contracts/plan.ts";
import { tookOf } from "./measured.ts";

/** How a rollback ended, as far as its record tells. */
export interface End extends Pick<RollbackRecord, "outcome" | "startedAt" | "endedAt" | "report"> {
  readonly unfinished: Unfinished | undefined;
  readonly incomplete: readonly string[];
  /** The components that were, or may have been, changed. */
  readonly touched: ReadonlySet<string>;
}

/** What the ledger remembers of a rollback: of the components that only helped, nothing. */
export function recordOf(
  planned: PlannedRollback,
  journals: Journals,
  { touched, unfinished, incomplete, ...end }: End,
): RollbackRecord {
  const { rollbackId: id, mode, automatic, eventId, requestedBy, reason, plan } = planned;
  return {
    ...{ id, mode, automatic, eventId, requestedBy, reason },
    ...end,
    ...(unfinished ? { unfinished } : {}),
    ...(incomplete.length > 0 ? { incomplete: [...incomplete] } : {}),
    moves: plan.moves
      .filter((move) => touched.has(move.component) && !move.stays)
      .map(({ component, kind, tier, from, to }) => {
        return { component, kind, tier, from, to, took: tookOf(journals.get(component) ?? []) };
      }),
  };
}

/** What a rollback that could not tell its end may have changed: whatever announced it, in its journal. */
export function touchedIn(journals: Journals): ReadonlySet<string> {
  const began = [...journals].filter(([, journal]) => journal.some(({ step }) => step === "cut-over-began"));
  return new Set(began.map(([component]) => component));
}
