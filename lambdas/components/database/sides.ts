import { findCopy } from "./find-copy.ts";
import type { Job } from "./job.ts";
import type { Database } from "./shapes/shape.ts";

/** The two databases of a move as they are now; undefined is gone. */
export interface Sides {
  /** What served when the plan was made. */
  readonly old: Database | undefined;
  /** What shall serve. */
  readonly fresh: Database | undefined;
}

export async function sidesOf(job: Job): Promise<Sides> {
  const [old, copy] = await Promise.all([job.shape.find(job.details.sourceResourceId), findCopy(job)]);
  return { old, fresh: copy === "foreign" ? undefined : copy };
}

/** The security groups that the old one had while it served: from the journal once it has been retired. */
export function servingGroups({ steps }: Pick<Job, "steps">, old: Database): readonly string[] {
  return steps.text("retire-intended", "groups")?.split(",") ?? old.securityGroups;
}
