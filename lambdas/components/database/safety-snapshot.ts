import { OWNERSHIP_TAGS } from "../../contracts/ownership.ts";
import { asked, isNamed } from "../aws-call.ts";
import { isOurs, ownershipOf } from "./find-copy.ts";
import type { Job } from "./job.ts";
import { isBusy } from "./send-once.ts";
import type { Database } from "./shapes/shape.ts";
import { CHANGEABLE_STATUSES, isTerminal } from "./states.ts";
import type { Progress } from "./strategies/progress.ts";
import { done, failed, working } from "./strategies/progress.ts";

/** How far a snapshot is; RDS has `begun` it before it is done. */
export type SnapshotProgress = Progress & { readonly begun?: true };

/**
 * A snapshot of what is about to stop serving: all that survives when somebody deletes the database itself
 * (docs/facts/database.md §4). Its name makes it one, however often it is asked for. It is never deleted by Stepback.
 */
export async function safetySnapshot(
  job: Job,
  { of: database, name }: { readonly of: Database; readonly name: string },
): Promise<SnapshotProgress> {
  const { shape } = job;
  const found = await shape.snapshot(name);
  if (!found) return take(job, database, name);
  if (!isOurs(job, found.tags) || found.sourceResourceId !== database.resourceId) {
    return failed("NAME_TAKEN", `A snapshot called ${name} exists that this rollback did not take.`);
  }
  if (found.status === "available") return done;
  if (found.status === "failed") {
    return failed("REFUSED_BY_AWS", `The snapshot ${name} of ${database.identifier} failed.`);
  }
  return { ...working(`The snapshot ${name} is ${found.status}, ${found.percent ?? 0} %.`), begun: true };
}

/**
 * The same where nobody waits for it, after the switch: begun then, if it was not before. What was taken and is gone is not
 * taken again: somebody deleted it.
 */
export async function snapshotAfterwards(
  job: Job,
  wanted: { readonly of: Database; readonly name: string },
): Promise<Progress> {
  const wasTaken = job.steps.text("snapshot-intended", "name") === wanted.name;
  if (wasTaken && !(await job.shape.snapshot(wanted.name))) {
    return failed("CHANGED_SINCE_PLAN", `The snapshot ${wanted.name} of ${wanted.of.identifier} is gone.`);
  }
  return safetySnapshot(job, wanted);
}

/** The name of the snapshot of what served in between, taken before the way back. */
export function snapshotBeforeRevert({
  details,
}: {
  readonly details: Pick<Job["details"], "safetySnapshotIdentifier">;
}): string {
  return `${details.safetySnapshotIdentifier.slice(0, 58).replace(/-+$/, "")}-back`;
}

async function take(job: Job, database: Database, name: string): Promise<Progress> {
  const { shape, steps, clock, details } = job;
  if (isTerminal(database.status)) {
    return failed(
      "REFUSED_BY_AWS",
      `${database.identifier} is ${database.status}: no snapshot of it can be taken.`,
    );
  }
  if (!CHANGEABLE_STATUSES.includes(database.status)) {
    return working(`${database.identifier} is ${database.status}; then its snapshot is taken.`);
  }
  await steps.write("snapshot-intended", { name });
  // Manual snapshots never expire: the tag says when nobody needs it any more.
  const tags = { ...ownershipOf(job), [OWNERSHIP_TAGS.expires]: expiryOf(clock(), details.keepDays) };
  try {
    await asked(`Taking the snapshot ${name}`, shape.takeSnapshot(database, name, tags));
  } catch (error) {
    if (!isBusy(error) && !isNamed(error, ...ALREADY_THERE)) throw error;
  }
  return working(`The snapshot ${name} of ${database.identifier} is being taken.`);
}

/** The day, as people write it, after which something kept may be deleted. */
export function expiryOf(from: Date, keepDays: number): string {
  return new Date(from.getTime() + keepDays * 86_400_000).toISOString().slice(0, 10);
}

const ALREADY_THERE = [
  "DBSnapshotAlreadyExistsFault",
  "DBSnapshotAlreadyExists",
  "DBClusterSnapshotAlreadyExistsFault",
] as const;
