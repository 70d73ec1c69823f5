import { CreateReplicationGroupCommand, type ReplicationGroup } from "@aws-sdk/client-elasticache";
import type { Tick } from "../../contracts/tick.ts";
import { asked, isNamed } from "../aws-call.ts";
import { ROLLBACK_TAG, SOURCE_TAG } from "./copy-name.ts";
import { obstacleToCopy, settingsFrom } from "./copy-settings.ts";
import { describeGroup, describeMember, tagsOf } from "./groups.ts";
import type { Job } from "./job.ts";

/** That a new cache is shown at once is documented nowhere; unverified. */
const VISIBLE_WITHIN_SECONDS = 120;

/** Makes the copy beside the cache in use, under a name that is the same for every attempt, and waits for it. */
export async function prepareCopy(job: Job): Promise<Tick> {
  const { elasticache, answer, clock, details, steps } = job;
  if (details.snapshot === undefined)
    return answer.done("It goes back to a cache that exists; nothing to prepare.");
  if (steps.has("prepared") || steps.has("cut-over-began")) return answer.done("The copy is ready.");
  const elapsed = await steps.secondsSince("prepare-began");
  const copy = await describeGroup(elasticache, details.to);
  if (!copy) {
    const created = steps.timeOf("created");
    if (!created) return create(job);
    const seconds = (clock().getTime() - created.getTime()) / 1_000;
    if (seconds <= VISIBLE_WITHIN_SECONDS) return answer.working(`AWS does not show ${details.to} yet.`);
    return answer.failed("PREPARE_FAILED", `The copy ${details.to} is gone: somebody deleted it.`);
  }
  if (!(await isOwn(job, copy))) {
    const note = `A cache called ${details.to} exists, and this rollback did not make it; it was left alone.`;
    return answer.failed("NAME_TAKEN", note);
  }
  await steps.once("created");
  if (copy.Status === "available") {
    await steps.write("prepared");
    return answer.done(`The copy ${details.to} of the snapshot ${details.snapshot} is ready.`);
  }
  const minutes = Math.round(elapsed / 60);
  if (copy.Status === "create-failed") {
    return answer.failed("PREPARE_FAILED", `AWS could not make the copy ${details.to}.`);
  }
  if (elapsed > details.deadlineSeconds) {
    return answer.failed("TOO_SLOW", `The copy ${details.to} is ${copy.Status} after ${minutes} minutes.`);
  }
  // A long look far from the end, a short one near it.
  const wait = elapsed < job.move.prepareSeconds / 2 ? 60 : 10;
  return answer.working(`The copy ${details.to} is ${copy.Status}, since ${minutes} minutes.`, wait);
}

/** Made by this rollback, as a copy of the configured cache. */
export async function isOwn(
  { elasticache, details, rollbackId }: Job,
  copy: ReplicationGroup,
): Promise<boolean> {
  if (details.clean.way !== "snapshot" || copy.ARN === undefined) return false;
  const tags = await tagsOf(elasticache, copy.ARN);
  return tags.get(ROLLBACK_TAG) === rollbackId && tags.get(SOURCE_TAG) === details.clean.replicationGroup;
}

async function create({ elasticache, answer, details, steps, rollbackId }: Job): Promise<Tick> {
  const { clean, snapshot, to } = details;
  if (clean.way !== "snapshot") throw new Error(`A cache that is cleaned by ${clean.way} has no copy`);
  const source = await describeGroup(elasticache, clean.replicationGroup);
  const member = source && (await describeMember(elasticache, source));
  if (!source || !member) {
    return answer.failed(
      "CHANGED_SINCE_PLAN",
      `The cache ${clean.replicationGroup} does not exist any more.`,
    );
  }
  const obstacle = obstacleToCopy(source);
  if (obstacle !== undefined)
    return answer.failed("CHANGED_SINCE_PLAN", `No copy can be made now: ${obstacle}`);
  await steps.once("create-intended");
  const command = new CreateReplicationGroupCommand({
    ...settingsFrom(source, member),
    ReplicationGroupId: to,
    ReplicationGroupDescription: `Copy of ${clean.replicationGroup} made by Stepback`,
    SnapshotName: snapshot,
    Tags: [
      { Key: ROLLBACK_TAG, Value: rollbackId },
      { Key: SOURCE_TAG, Value: clean.replicationGroup },
    ],
  });
  try {
    await asked(`Making the cache ${to}`, elasticache.send(command));
  } catch (error) {
    // Its answer was lost before: the next look says whose it is.
    if (isNamed(error, "ReplicationGroupAlreadyExistsFault"))
      return answer.working("Looking at the copy.", 1);
    if (isNamed(error, "SnapshotNotFoundFault")) {
      return answer.failed("TARGET_GONE", `The snapshot ${snapshot} does not exist any more.`);
    }
    throw error;
  }
  await steps.write("created");
  return answer.working(`AWS began to make ${to} from the snapshot ${snapshot}.`, 60);
}
