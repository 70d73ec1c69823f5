import type { Service } from "@aws-sdk/client-ecs";
import type { Tick } from "../../../contracts/tick.ts";
import { resumeByCodeDeploy } from "../code-deploy/resume.ts";
import { nameOf } from "../content.ts";
import { endWith } from "../end-with.ts";
import type { Job } from "../job.ts";
import { primaryOf } from "../reads.ts";
import { redeploy } from "../redeploy.ts";
import { scaleUp, setCount } from "./scale-up.ts";
import { countOfBefore, moveWriters, writersOf } from "./writers.ts";

/**
 * Starts a paused service again, on the target: where that is not yet deployed, by one call with the count, so that what
 * ran before never starts again [docs/facts/ecs.md §6.3]. What somebody deployed meanwhile is only given its count.
 */
export async function bringBack(job: Job, service: Service): Promise<Tick> {
  const { details, steps } = job;
  await moveWriters(job, "resuming");
  if (details.codeDeploy && details.way !== "hold") return resumeByCodeDeploy(job, service);

  const running = primaryOf(service);
  const baseline = writersOf(job)?.primary ?? "";
  const targets = [details.taskDefinition, steps.text("cut-over-cloned", "taskDefinition")];
  // Our call carries the count: as long as that is 0, it did not arrive.
  const begun = steps.number("cut-over-intended", "desiredCount") !== undefined && service.desiredCount !== 0;
  if (!begun && targets.includes(running?.taskDefinition)) return scaleUp(job, service);
  const failedBefore = steps.has("cut-over-started") && !begun;
  if (!begun && (details.way === "hold" || running?.id !== baseline || failedBefore))
    return notOurs(job, service);

  // From here on it may be on its target: what died with it is undone with it.
  await steps.once("cut-over-began");
  const tick = await redeploy(job, service, {
    phase: "cut-over",
    source: details,
    copy: details.clone !== undefined,
    replaces: baseline,
    desiredCount: countOfBefore(job),
  });
  return tick.status === "done" ? scaleUp(job, service) : tick;
}

/** The version that the rollback leaves must not start on data of before: only a person can want that. */
async function notOurs(job: Job, service: Service): Promise<Tick> {
  const { answer, details, move } = job;
  const primary = primaryOf(service);
  const name = nameOf(primary?.taskDefinition ?? "something else");
  const count = countOfBefore(job);
  if (service.desiredCount === 0 && count > 0) {
    if (details.way === "hold" || primary?.taskDefinition !== move.from.id)
      return setCount(job, service, count);
    const note = `${name} is in place, the version that this rollback leaves, so it stays at 0 tasks: deploy what should run, with a desired count of ${count}.`;
    return answer.failed("SUPERSEDED", note);
  }
  const note = `Somebody deployed ${name} at ${primary?.createdAt?.toISOString()} while the service was paused; it was left alone and runs with ${service.desiredCount} tasks.`;
  return endWith(job, service, answer.failed("SUPERSEDED", note));
}
