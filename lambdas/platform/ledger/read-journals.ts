import { JournalEntry, type Journals, journalPrefix } from "../../contracts/ledger.ts";
import type { PlannedRollback } from "../../contracts/plan.ts";
import type { LedgerTable } from "./ledger-table.ts";

/** The journals of all components of a rollback, each oldest entry first. */
export async function readJournals(
  ledger: LedgerTable,
  { rollbackId, plan }: PlannedRollback,
): Promise<Journals> {
  const entries = await Promise.all(
    plan.moves.map(async ({ component }) => {
      const prefix = journalPrefix(rollbackId, component);
      const journal = await ledger.list(prefix, JournalEntry, { limit: 100, newestFirst: false });
      return [component, journal] as const;
    }),
  );
  return new Map(entries);
}
