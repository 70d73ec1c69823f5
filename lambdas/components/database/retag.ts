import { AddTagsToResourceCommand, RemoveTagsFromResourceCommand } from "@aws-sdk/client-rds";
import { type DatabaseState, OWNERSHIP_TAGS } from "../../contracts/ownership.ts";
import { asked } from "../aws-call.ts";
import type { Job } from "./job.ts";
import { expiryOf } from "./safety-snapshot.ts";
import type { Database } from "./shapes/shape.ts";
import { tagList } from "./shapes/tag-list.ts";

/**
 * Says by tags what a database is now: only what is `staging` can ever be deleted, so what serves must lose that tag
 * first (docs/facts/database.md §10). One call; answers whether there was anything left to do.
 */
export async function retag(
  job: Job,
  database: Database,
  state: Exclude<DatabaseState, "staging">,
): Promise<boolean> {
  const { rdsOnce, rollbackId, details, steps, clock, shape } = job;
  const since = steps.timeOf("switched") ?? clock();
  const wanted: Readonly<Record<string, string>> = {
    [OWNERSHIP_TAGS.state]: state,
    ...(state === "retired" && {
      [OWNERSHIP_TAGS.rollback]: rollbackId,
      [OWNERSHIP_TAGS.expires]: expiryOf(since, details.keepDays),
    }),
  };
  for (const { arn, tags } of shape.taggables(database)) {
    // Members of a cluster that Stepback did not make were never marked.
    if (arn !== database.arn && !(OWNERSHIP_TAGS.state in tags)) continue;
    const missing = Object.entries(wanted).filter(([key, value]) => tags[key] !== value);
    if (missing.length > 0) {
      const Tags = tagList(Object.fromEntries(missing));
      await asked(`Tagging ${arn}`, rdsOnce.send(new AddTagsToResourceCommand({ ResourceName: arn, Tags })));
      return true;
    }
    if (state === "live" && OWNERSHIP_TAGS.expires in tags) {
      const input = { ResourceName: arn, TagKeys: [OWNERSHIP_TAGS.expires] };
      await asked(`Taking a tag off ${arn}`, rdsOnce.send(new RemoveTagsFromResourceCommand(input)));
      return true;
    }
  }
  return false;
}
