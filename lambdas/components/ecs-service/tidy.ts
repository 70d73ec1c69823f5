import type { Service } from "@aws-sdk/client-ecs";
import type { Tick } from "../../contracts/tick.ts";
import { bringBack } from "./bring-back.ts";
import { endWith } from "./end-with.ts";
import { guardsSwitchedOff } from "./guards.ts";
import type { Job } from "./job.ts";
import { describeService } from "./reads.ts";
import { countOfBefore, moveWriters, writersOf } from "./writers.ts";

/**
 * After a failure or an execution that was killed: a paused service is started again, on the target, and what was only
 * meant for its time is taken back. A deployment under way is left to itself.
 */
export async function tidy(job: Job): Promise<Tick> {
  const { ecs, answer, details } = job;
  const service = await describeService(ecs, details);
  if (service?.status !== "ACTIVE") return answer.done(`The service ${details.service} is gone.`);
  const writers = writersOf(job);
  if (!writers || writers.state === "running") {
    return endWith(job, service, answer.done("No temporary setting is left."));
  }
  if (stillNeeded(job, service)) return bringBack(job, service);
  await moveWriters(job, "running");
  return endWith(
    job,
    service,
    answer.done(`${details.service} has its tasks back and no temporary setting is left.`),
  );
}

/** Until the count is back; and where guards are off, until the deployment that they could disturb is over. */
function stillNeeded(job: Job, service: Service): boolean {
  if (service.desiredCount === 0) return countOfBefore(job) > 0;
  const guarded = Object.keys(guardsSwitchedOff(job.steps)).length > 0;
  return writersOf(job)?.state === "resuming" && guarded && !job.steps.has("alarms-restored");
}
