import type { Tick } from "../../contracts/tick.ts";
import { findCopy } from "./find-copy.ts";
import { isSnapshottedLater } from "./first-backup.ts";
import type { Job } from "./job.ts";
import { sendAndTell } from "./send-once.ts";
import { CHANGEABLE_STATUSES, isTerminal, isWorkedOn } from "./states.ts";
import { isSteady } from "./steady.ts";

/**
 * For an undo: the database that was kept must still be there, be the one that the plan saw, and work. Where nobody waits for RDS
 * it has its security groups again before writers stop: `tidy` takes them away when it does not come to that.
 */
export async function prepareReturn(job: Job): Promise<Tick> {
  const { answer, shape, steps, details } = job;
  const [source, kept] = await Promise.all([shape.find(details.sourceResourceId), findCopy(job)]);
  if (!source) {
    const note = `The ${shape.noun} ${details.sourceResourceId} that the plan saw is gone.`;
    return answer.failed("CHANGED_SINCE_PLAN", note);
  }
  if (!kept || kept === "foreign") {
    return answer.failed(
      "CHANGED_SINCE_PLAN",
      `The kept ${shape.noun} ${details.stagingIdentifier} is gone.`,
    );
  }
  if (kept.identifier !== details.stagingIdentifier) {
    const note = `Somebody renamed ${details.stagingIdentifier} to ${kept.identifier} after the plan was made.`;
    return answer.failed("CHANGED_SINCE_PLAN", note);
  }
  if (isTerminal(kept.status)) {
    return answer.failed("PREPARE_FAILED", `${kept.identifier} is ${kept.status}: it cannot be returned to.`);
  }
  const rests = CHANGEABLE_STATUSES.includes(kept.status) && shape.isSettled(kept, kept.identifier);
  if (!(await isSteady(job, "prepared", rests)))
    return answer.working(`${kept.identifier} is ${kept.status}.`);
  // The cut-over snapshots it: better waited for now than with the writers stopped, or not at all.
  if (isWorkedOn(source.status) && !isSnapshottedLater(details, source)) {
    return answer.working(
      `${source.identifier} is ${source.status}; no snapshot of it can be taken before the end.`,
    );
  }
  const change = details.serveDuringBackups
    ? shape.goLive(shape.asServing(source, source.securityGroups), kept)
    : undefined;
  if (change) {
    await isSteady(job, "prepared", false);
    return answer.working(await sendAndTell(job, change));
  }
  await steps.once("prepared", { resourceId: kept.resourceId });
  return answer.done(`${kept.identifier} is still there and works.`);
}
