import type { Service } from "@aws-sdk/client-ecs";
import type { Tick } from "../../../contracts/tick.ts";
import type { Job } from "../job.ts";
import { scaleUp } from "../pausing/scale-up.ts";
import { primaryTaskSet } from "../reads.ts";
import { cutOverByCodeDeploy } from "./cut-over.ts";
import { continueDeployment } from "./follow.ts";
import { getDeployment, isOpen } from "./reads.ts";

/**
 * Brings a paused service back on its target. UpdateService may not name a task definition here, and the count belongs
 * to all task sets alike [docs/facts/ecs.md §2.3]: so the target is put in place at 0 tasks, the old task set is ended,
 * and only then the count comes back. That CodeDeploy deploys to a service without tasks is unverified.
 */
export async function resumeByCodeDeploy(job: Job, service: Service): Promise<Tick> {
  if (service.desiredCount !== 0) return scaleUp(job, service);
  await job.steps.once("cut-over-began");
  const placed = await cutOverByCodeDeploy(job, service);
  if (placed.status !== "done") return placed;
  const primary = primaryTaskSet(service);
  const others =
    service.taskSets?.filter(({ id, status }) => id !== primary?.id && status !== "DRAINING") ?? [];
  if (others.length === 0) return scaleUp(job, service);
  const deployment = primary?.externalId && (await getDeployment(job.codedeploy, primary.externalId));
  const told = job.steps.has("old-tasks-ended");
  if (told || !deployment || !isOpen(deployment) || !deployment.deploymentId) {
    return job.answer.working("Waiting for CodeDeploy to end the old task set.");
  }
  const tick = await continueDeployment(job, deployment.deploymentId, "TERMINATION_WAIT");
  await job.steps.write("old-tasks-ended");
  return tick;
}
