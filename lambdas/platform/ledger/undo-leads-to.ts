import { RollbackRecord, rollbackKey } from "../../contracts/ledger.ts";
import type { LedgerTable } from "./ledger-table.ts";

/** Answers whether undoing a rollback brings a component to this version: its record says that it came from there. */
export type UndoLeadsTo = (rollbackId: string, component: string, version: string) => Promise<boolean>;

/** Asks the ledger; a rollback that never finished has no record and cannot be undone. */
export function undoLeadsTo(ledger: LedgerTable): UndoLeadsTo {
  return async (rollbackId, component, version) => {
    const record = await ledger.get(rollbackKey(rollbackId), RollbackRecord);
    return record?.moves.some((move) => move.component === component && move.from.id === version) ?? false;
  };
}
