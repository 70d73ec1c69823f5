import type { Service } from "@aws-sdk/client-ecs";
import type { Tick } from "../../../contracts/tick.ts";
import { nameOf } from "../content.ts";
import { endWith } from "../end-with.ts";
import type { Job } from "../job.ts";
import { primaryTaskSet } from "../reads.ts";
import { deployByCodeDeploy } from "./deploy.ts";
import { takeBack } from "./take-back.ts";

/** Puts the target in place by CodeDeploy: its deployment in flight is taken back, and what is then missing is deployed. */
export async function cutOverByCodeDeploy(job: Job, service: Service): Promise<Tick> {
  const { answer, details, steps } = job;
  const primary = primaryTaskSet(service);
  const targets = [details.taskDefinition, steps.text("cut-over-cloned", "taskDefinition")];
  const begun = steps.has("cut-over-intended");
  const inFlight = details.codeDeploy?.deploymentInFlight;
  if (inFlight && !begun) {
    if (!isKnown(job, service)) {
      const note = `Somebody deployed ${nameOf(primary?.taskDefinition ?? "something else")} after the plan was made; it was left alone.`;
      return answer.failed("CHANGED_SINCE_PLAN", note);
    }
    const tick = await takeBack(job, inFlight, "stop");
    if (tick) return tick;
  }
  if (!begun && details.way !== "restart" && targets.includes(primary?.taskDefinition)) {
    return endWith(job, service, answer.done(`${nameOf(primary?.taskDefinition ?? "")} serves.`));
  }
  return deployByCodeDeploy(job, service, {
    phase: "cut-over",
    source: details,
    copy: details.clone !== undefined,
    // A deployment in flight, and its way back, make other task sets PRIMARY: those of the plan's two versions.
    replaces: inFlight ? (primary?.id ?? "") : details.seen.primaryDeployment,
  });
}

/** Whether what serves is what the plan saw, what was in flight then, or the target. */
function isKnown({ details }: Job, service: Service): boolean {
  const primary = primaryTaskSet(service);
  return (
    primary?.id === details.seen.primaryDeployment ||
    primary?.externalId === details.codeDeploy?.deploymentInFlight ||
    primary?.taskDefinition === details.taskDefinition ||
    primary?.taskDefinition === details.seen.taskDefinition
  );
}
