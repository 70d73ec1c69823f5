import { noteLacks } from "../steps.ts";
import type { Job } from "./job.ts";
import { isLockedAway } from "./retire.ts";
import type { Database } from "./shapes/shape.ts";
import { servingGroups } from "./sides.ts";

/**
 * Writes down what a rollback still lacks after the switch, for `complete`: settings of the copy, and the locking away of
 * the old one while RDS snapshots it, or cannot yet (docs/adr/0016 to 0018).
 */
export async function noteWhatItLacks(job: Job, old: Database, fresh: Database): Promise<void> {
  if (!job.details.serveDuringBackups) return;
  await noteLacks(job.steps, [...differences(job, old, fresh), ...leftOpen(job, old)].join("; "));
}

/** What is still to be done with what users have left: its snapshot was not begun, or it is not locked away. */
export function leftOpen(job: Job, old: Database): readonly string[] {
  const { steps } = job;
  if (steps.has("old-locked")) return [];
  return [
    ...(steps.has("snapshot-intended") ? [] : [`the snapshot of ${old.identifier}`]),
    ...(isLockedAway(job, old, "retire") ? [] : [`the quarantine of ${old.identifier}`]),
  ];
}

/** What was kept for an undo is as it was then; only a copy has to be like its source. */
function differences(job: Job, old: Database, fresh: Database): readonly string[] {
  if (job.details.way === "return") return [];
  return job.shape.differences(job.shape.asServing(old, servingGroups(job, old)), fresh, "live");
}
