import { ContinueDeploymentCommand, type DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { Service } from "@aws-sdk/client-ecs";
import type { Tick } from "../../../contracts/tick.ts";
import { withFullStop } from "../../../domain/full-stop.ts";
import { asked, isNamed } from "../../aws-call.ts";
import { nameOf } from "../content.ts";
import { endWith } from "../end-with.ts";
import type { Job } from "../job.ts";
import { primaryTaskSet } from "../reads.ts";
import { getDeployment } from "./reads.ts";

/**
 * Says how a deployment of this rollback stands. Users are on the target as soon as its task set is PRIMARY; that
 * CodeDeploy keeps the old tasks for a while longer is nothing to wait for.
 */
export async function followDeployment(
  job: Job,
  service: Service,
  { id, taskDefinition }: { readonly id: string; readonly taskDefinition: string },
): Promise<Tick> {
  const { answer, codedeploy } = job;
  const name = nameOf(taskDefinition);
  const primary = primaryTaskSet(service);
  if (primary?.externalId === id) {
    return endWith(job, service, answer.done(`CodeDeploy moved the traffic to ${name} (${id}).`));
  }
  const info = await getDeployment(codedeploy, id);
  if (!info) return superseded(job, service);
  switch (info.status) {
    case "Ready":
      return continueDeployment(job, id, "READY_WAIT");
    case "Failed":
    case "Stopped": {
      const note = `CodeDeploy ${info.status === "Failed" ? "failed" : "was stopped"} before the traffic moved to ${name} (${id}): ${reasonOf(info)} ${nameOf(primary?.taskDefinition ?? "")} still serves.`;
      return endWith(job, service, answer.failed("RESTORED_BY_ECS", note));
    }
    case "Succeeded":
      return superseded(job, service);
    default:
      return stillRunning(job, service, info, name);
  }
}

function superseded(job: Job, service: Service): Promise<Tick> {
  const what = nameOf(primaryTaskSet(service)?.taskDefinition ?? "something else");
  return endWith(
    job,
    service,
    job.answer.failed("SUPERSEDED", `Somebody deployed ${what} since; it was left alone.`),
  );
}

async function stillRunning(job: Job, service: Service, info: DeploymentInfo, name: string): Promise<Tick> {
  const { answer, details, clock } = job;
  const green = service.taskSets?.find(({ externalId }) => externalId === info.deploymentId);
  const counts = green
    ? `${green.runningCount ?? 0} of ${green.computedDesiredCount ?? 0} new tasks running`
    : "no new task yet";
  const note = `CodeDeploy deploys ${name} (${info.deploymentId}, ${info.status}): ${counts}.`;
  const seconds = (clock().getTime() - (info.createTime?.getTime() ?? 0)) / 1_000;
  if (seconds <= details.deadlineSeconds) return answer.working(note);
  return endWith(
    job,
    service,
    answer.failed("TOO_SLOW", `After ${Math.round(seconds / 60)} minutes: ${note}`),
  );
}

/** Ends a wait of CodeDeploy: for somebody to let the traffic move, or before the old tasks are ended. */
export async function continueDeployment(
  { codedeploy, answer }: Job,
  deploymentId: string,
  deploymentWaitType: "READY_WAIT" | "TERMINATION_WAIT",
): Promise<Tick> {
  const what = deploymentWaitType === "READY_WAIT" ? "move the traffic" : "end the old tasks";
  try {
    await asked(
      `Having CodeDeploy ${what}`,
      codedeploy.send(new ContinueDeploymentCommand({ deploymentId, deploymentWaitType })),
    );
  } catch (error) {
    // It went on by itself since it was read; the next look tells.
    if (!isNamed(error, "DeploymentAlreadyCompletedException", "DeploymentIsNotInReadyStateException"))
      throw error;
  }
  return answer.working(`CodeDeploy was told to ${what}.`);
}

const reasonOf = ({ errorInformation }: DeploymentInfo) =>
  errorInformation?.message ? withFullStop(errorInformation.message) : "it does not say why.";
