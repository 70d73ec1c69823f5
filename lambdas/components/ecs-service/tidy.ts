import type { Tick } from "../../contracts/tick.ts";
import type { Job } from "./job.ts";
import { describeService } from "./reads.ts";
import { endWith } from "./restore-alarms.ts";

/** After an execution that was killed: takes back what was only meant for its time, and leaves the deployment alone. */
export async function tidy(job: Job): Promise<Tick> {
  const { ecs, answer, details } = job;
  const service = await describeService(ecs, details);
  if (service?.status !== "ACTIVE") return answer.done(`The service ${details.service} is gone.`);
  return endWith(job, service, answer.done("No temporary setting is left."));
}
