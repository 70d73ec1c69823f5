import { type DeploymentInfo, StopDeploymentCommand } from "@aws-sdk/client-codedeploy";
import type { Tick } from "../../../contracts/tick.ts";
import { asked, isNamed } from "../../aws-call.ts";
import type { Job, Step } from "../job.ts";
import { getDeployment, isOpen, isRollback } from "./reads.ts";

/** How long a stopped deployment may take until it names its rollback; unverified, it is seconds. */
const NAMED_WITHIN_SECONDS = 30;

/**
 * Has CodeDeploy stop a deployment and move the traffic back, and follows the rollback, which is a deployment of its
 * own [docs/facts/ecs.md §2.5]. Undefined when there is nothing more to wait for: then the task sets tell what serves.
 */
export async function takeBack(
  job: Job,
  id: string,
  prefix: "stop" | "revert-stop",
): Promise<Tick | undefined> {
  const { codedeploy, answer, steps } = job;
  const info = await getDeployment(codedeploy, id);
  if (!info) return undefined;
  const requested: Step = `${prefix}-requested`;
  if (isOpen(info)) {
    if (!isRollback(info) && !steps.has(requested)) return stop(job, id, prefix);
    return stillGoing(job, info);
  }
  if (isRollback(info) || info.status !== "Stopped") return undefined;
  const rollbackId = info.rollbackInfo?.rollbackDeploymentId;
  if (rollbackId) {
    const rollback = await getDeployment(codedeploy, rollbackId);
    return rollback && isOpen(rollback) ? stillGoing(job, rollback) : undefined;
  }
  const stoppedAt = info.completeTime?.getTime() ?? 0;
  const isNew = job.clock().getTime() - stoppedAt < NAMED_WITHIN_SECONDS * 1_000;
  return isNew ? answer.working("CodeDeploy stopped the deployment and is about to go back.") : undefined;
}

async function stop(
  { codedeploy, answer, steps }: Job,
  id: string,
  prefix: "stop" | "revert-stop",
): Promise<Tick> {
  await steps.once(`${prefix}-intended`);
  try {
    await asked(
      `Stopping the CodeDeploy deployment ${id}`,
      codedeploy.send(new StopDeploymentCommand({ deploymentId: id, autoRollbackEnabled: true })),
    );
  } catch (error) {
    if (!isNamed(error, "DeploymentAlreadyCompletedException")) throw error;
    return answer.working("The deployment just ended; looking at what it left.");
  }
  await steps.write(`${prefix}-requested`);
  return answer.working(`CodeDeploy was told to stop ${id} and to go back.`);
}

function stillGoing({ answer, details, clock }: Job, info: DeploymentInfo): Tick {
  const seconds = (clock().getTime() - (info.createTime?.getTime() ?? 0)) / 1_000;
  const note = `CodeDeploy is going back (${info.deploymentId}, ${info.status}).`;
  // One that was in flight is as old as its release: only a rollback's own time counts.
  if (!isRollback(info) || seconds <= details.deadlineSeconds) return answer.working(note);
  return answer.failed("TOO_SLOW", `After ${Math.round(seconds / 60)} minutes: ${note}`);
}
