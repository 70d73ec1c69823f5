import type { Service } from "@aws-sdk/client-ecs";
import type { Tick } from "../../contracts/tick.ts";
import { arrivalOf } from "../arrival.ts";
import { endWith, endWithStarters } from "./end-with.ts";
import type { Job } from "./job.ts";
import { bringBack } from "./pausing/bring-back.ts";
import { countOfBefore, moveWriters, writersOf } from "./pausing/writers.ts";
import { describeService } from "./reads.ts";
import { revert } from "./revert.ts";

/**
 * After a failure or an execution that was killed: a paused service is started again and waited for, as the maintenance
 * page goes next: on the target, or where it came from when what it depends on did not go back. What was only meant for
 * its time is taken back. A deployment of a service that never
 * stood still is left to itself.
 */
export async function tidy(job: Job): Promise<Tick> {
  const { ecs, answer, details } = job;
  const service = await describeService(ecs, details);
  if (service?.status !== "ACTIVE") {
    if (writersOf(job)) await moveWriters(job, "running");
    return endWithStarters(job, service ?? {}, answer.done(`The service ${details.service} is gone.`));
  }
  const writers = writersOf(job);
  if (!writers || writers.state === "running") {
    return endWith(job, service, answer.done("No temporary setting is left."));
  }
  if (stoodStill(job, service)) {
    const waits = await Promise.all((job.move.waitsFor ?? []).map((name) => arrivalOf(job.journal, name)));
    return waits.includes("not there") ? revert(job) : bringBack(job, service);
  }
  await moveWriters(job, "running");
  return endWith(
    job,
    service,
    answer.done(`${details.service} kept its tasks and no temporary setting is left.`),
  );
}

/** Whether this rollback stopped it: nobody has started it yet, or this rollback began to. */
function stoodStill(job: Job, service: Service): boolean {
  if (countOfBefore(job) === 0) return false;
  return service.desiredCount === 0 || writersOf(job)?.state === "resuming";
}
