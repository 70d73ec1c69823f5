import type { Tick } from "../../../contracts/tick.ts";
import { cutOver } from "../cut-over.ts";
import { endWith } from "../end-with.ts";
import type { Job } from "../job.ts";
import { describeService } from "../reads.ts";
import { bringBack } from "./bring-back.ts";
import { moveWriters, writersOf } from "./writers.ts";

/**
 * Starts what was paused again, on the target. What this rollback never paused simply goes to its target, unless it tried
 * before: what failed is not deployed a second time. What stays where it is then has nothing to do.
 */
export async function resume(job: Job): Promise<Tick> {
  const { ecs, answer, details, steps } = job;
  const writers = writersOf(job);
  const goesBack = details.way !== "hold";
  if (!writers) {
    if (!goesBack || (steps.has("cut-over-began") && !steps.has("resume-goes-back"))) {
      return answer.done("It was never paused by this rollback.");
    }
    await steps.once("resume-goes-back");
    return cutOver(job);
  }
  const service = await describeService(ecs, details);
  if (service?.status !== "ACTIVE") {
    return answer.failed("NOT_ACTIVE", `The service ${details.service} is being deleted or is gone.`);
  }
  if (writers.state === "running") return endWith(job, service, answer.done("It runs again."));
  if (writers.state !== "pausing") return measured(job, await bringBack(job, service));
  // It was never stopped: only the settings around it were touched.
  await moveWriters(job, "running");
  return goesBack && !steps.has("cut-over-done")
    ? cutOver(job)
    : endWith(job, service, answer.done("It never stopped."));
}

async function measured({ steps }: Job, tick: Tick): Promise<Tick> {
  if (tick.status === "done") await steps.once("cut-over-done");
  return tick;
}
