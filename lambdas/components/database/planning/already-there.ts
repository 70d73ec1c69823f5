import { lastToMove } from "../../../contracts/ledger.ts";
import { OWNERSHIP_TAGS } from "../../../contracts/ownership.ts";
import type { Wish } from "../../component.ts";
import type { Sight } from "../sight.ts";
import type { Destination } from "./destination.ts";
import { inSeconds, parseVersionId } from "./version-id.ts";

/**
 * Why the data need not go back once more, as a sentence: the copy that serves was restored to that very moment by the last
 * rollback of this database, which may have been stopped, or fallen short elsewhere, before it could say so. A copy's own
 * backups begin after it was made, so it could not go there again anyway. Undefined when that is not so. Pure.
 */
export function alreadyThere(
  { past, component, rehearsal }: Wish,
  serving: Sight,
  destination: Destination,
): string | undefined {
  const record = lastToMove(past, [component]);
  const move = record?.moves.find((one) => one.component === component);
  if (rehearsal || !record || !move) return undefined;
  const { tags, createdAt } = serving;
  const isItsCopy =
    tags[OWNERSHIP_TAGS.rollback] === record.id &&
    tags[OWNERSHIP_TAGS.source] === move.from.id &&
    tags[OWNERSHIP_TAGS.state] === "live";
  const { moment } = parseVersionId(move.to.id);
  if (!isItsCopy || !moment || !createdAt) return undefined;
  const isWanted = isWantedBy(destination, { moment, createdAt, ended: record.outcome === "Recovered" });
  if (!isWanted) return undefined;
  return `its data is as of ${inSeconds(moment)} since ${record.id}, which ended ${record.outcome}; what was written since then stays.`;
}

/** A person's own moment must be that very one; the planner's may lie a little later, and may be unknown by now. */
function isWantedBy(
  destination: Destination,
  { moment, createdAt, ended }: { readonly moment: Date; readonly createdAt: Date; readonly ended: boolean },
): boolean {
  if (destination.go === "moment" && destination.exact) {
    return inSeconds(destination.at) === inSeconds(moment);
  }
  if (ended) return false;
  if (destination.go === "moment") return destination.at >= moment && destination.at < createdAt;
  return destination.go === "nowhere" && destination.isUnknown === true;
}
