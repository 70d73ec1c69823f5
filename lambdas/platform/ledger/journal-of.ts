import type { Journal } from "../../components/component.ts";
import type { TickRequest } from "../../contracts/tick.ts";
import type { Platform } from "../platform.ts";
import { FencedJournal } from "./fenced-journal.ts";
import { ledgerOf } from "./ledger-of.ts";

/** The journal that a tick writes to: that of its rollback, under the lock it was called with. */
export function journalOf(platform: Platform, request: TickRequest): Journal {
  return new FencedJournal(ledgerOf(platform), { ...request, clock: platform.clock });
}
