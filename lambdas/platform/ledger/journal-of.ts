import type { Journal } from "../../components/component.ts";
import type { TickRequest } from "../../contracts/tick.ts";
import type { Platform } from "../platform.ts";
import { fencedJournal } from "./fenced-journal.ts";
import { ledgerOf } from "./ledger-of.ts";

/** The journal that a tick writes to: that of its rollback, under the fencing number it was called with. */
export function journalOf(
  platform: Platform,
  { rollbackId, fence }: Pick<TickRequest, "rollbackId" | "fence">,
): Journal {
  return fencedJournal(ledgerOf(platform), { rollbackId, fence, clock: platform.clock });
}
