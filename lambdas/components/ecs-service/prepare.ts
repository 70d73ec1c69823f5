import type { Tick } from "../../contracts/tick.ts";
import { ensureClone } from "./clone.ts";
import { nameOf } from "./content.ts";
import { checkImage } from "./image-check.ts";
import type { Job } from "./job.ts";
import { describeService } from "./reads.ts";

/**
 * Makes sure that the target can be started, and registers the copy of it that the move asks for. Users notice nothing.
 * Once prepared stays prepared: a later invocation must not fail a cut-over that is already on its way.
 */
export async function prepare(job: Job): Promise<Tick> {
  const { answer, details, ecs, steps } = job;
  if (steps.has("prepared") || steps.has("cut-over-began")) return answer.done("Prepared.");
  if (details.way === "hold" || details.way === "restart")
    return answer.done("It stays on its version; nothing to prepare.");
  if (details.way === "follow") return answer.done("ECS is rolling back by itself; nothing to prepare.");
  const service = await describeService(ecs, details);
  if (service?.status !== "ACTIVE") {
    return answer.failed("NOT_ACTIVE", `The service ${details.service} is being deleted or is gone.`);
  }

  await steps.once("prepare-began");
  const checks = await Promise.all(details.images.map((image) => checkImage(job, image)));
  const problem = checks.find((check) => check.problem)?.problem;
  const name = nameOf(details.taskDefinition);
  if (problem) return answer.failed("TARGET_GONE", `${name} cannot be started: ${problem}`);

  let target = name;
  // When ECS is told to go back by itself it needs no copy; should that come too late, the cut-over makes one.
  const copy = details.clone !== undefined || checks.some((check) => check.tagMoved);
  if ((details.way === "update" || details.way === "code-deploy") && copy) {
    const clone = await ensureClone(job, "cut-over", details);
    if (clone.gone !== undefined) return answer.failed("TARGET_GONE", clone.gone);
    target = `${nameOf(clone.taskDefinition)}, a copy of ${name},`;
  }
  await steps.write("prepared");
  return answer.done(`${target} can be started and its images are there.`);
}
