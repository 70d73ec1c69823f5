import { OWNERSHIP_TAGS } from "../../contracts/ownership.ts";
import type { Job } from "./job.ts";
import type { Database } from "./shapes/shape.ts";

/** The tags by which everything that this rollback makes is known again. */
export function ownershipOf({ rollbackId, details }: Pick<Job, "rollbackId" | "details">) {
  return {
    [OWNERSHIP_TAGS.rollback]: rollbackId,
    [OWNERSHIP_TAGS.source]: details.sourceResourceId,
  };
}

/** Whether tags say that this rollback made it, from this source. */
export function isOurs(
  job: Pick<Job, "rollbackId" | "details">,
  tags: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(ownershipOf(job)).every(([key, value]) => tags[key] === value);
}

/**
 * The database that this move goes to: the kept one, or this rollback's own copy. A copy that a crashed attempt made is
 * adopted by its name and its tags (docs/facts/database.md §7), but neither before this rollback asked for one, nor under
 * another resource id than RDS answered with: tags can be copied by anybody.
 */
export async function findCopy(job: Job): Promise<Database | "foreign" | undefined> {
  const { shape, details, steps } = job;
  const known = details.way === "return" ? details.keptResourceId : steps.text("copy-made", "resourceId");
  if (known !== undefined) return shape.find(known);
  const found = await shape.named(details.stagingIdentifier);
  if (!found) return undefined;
  const answered = steps.text("copy-intended", "resourceId");
  const other = answered !== undefined && answered !== found.resourceId;
  if (!steps.has("copy-intended") || other || !isOurs(job, found.tags)) return "foreign";
  await steps.write("copy-made", { resourceId: found.resourceId });
  return found;
}
