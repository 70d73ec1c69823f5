import type { RDSClient } from "@aws-sdk/client-rds";
import type { RollbackRecord } from "../../../contracts/ledger.ts";
import { OWNERSHIP_TAGS } from "../../../contracts/ownership.ts";
import { findKept, isRetired } from "../serving.ts";
import type { Sight } from "../sight.ts";
import { comesToRest, SERVING_STATUSES } from "../states.ts";
import type { Route } from "./plan-move.ts";

/** The way back to a database that an earlier rollback kept, or why there is none, as a sentence. */
export async function keptRoute(
  rds: RDSClient,
  {
    serving,
    resourceId,
    past,
  }: { readonly serving: Sight; readonly resourceId: string; readonly past: readonly RollbackRecord[] },
): Promise<Route | string> {
  const kept = await findKept(rds, serving.shape, resourceId);
  if (!kept) return `${resourceId} is gone; name a moment instead, target {"at": "<ISO 8601>"}.`;
  if (!isRetired(kept.tags)) {
    return `${kept.identifier} was not kept by a rollback: it has no tag ${OWNERSHIP_TAGS.state}=retired.`;
  }
  const serves = SERVING_STATUSES.includes(kept.status);
  // Right after the rollback that left it RDS still locks it away: whoever wants it back at once need not try again.
  if ((!serves && !comesToRest(kept.status)) || kept.host === undefined) {
    return `the kept database ${kept.identifier} is ${kept.status}; bring it to available first.`;
  }
  const warnings = serves
    ? []
    : [`${kept.identifier} is ${kept.status}; the return waits for the end of it.`];
  return { way: "return", kept, leftAt: leftAt(kept, serving, past), warnings };
}

/**
 * When the kept database was left: not before the rollback that did it began, so no loss is told too small. Without its
 * record, when the one that serves now was made.
 */
function leftAt(kept: Sight, serving: Sight, past: readonly RollbackRecord[]): Date {
  const record = past.find(({ moves }) => moves.some(({ from }) => from.id === kept.resourceId));
  return record ? new Date(record.startedAt) : (serving.createdAt ?? kept.createdAt ?? new Date(0));
}
