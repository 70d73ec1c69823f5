import { type Service, type ServiceDeployment, StopServiceDeploymentCommand } from "@aws-sdk/client-ecs";
import type { FailureCode } from "../../contracts/failures.ts";
import type { Tick } from "../../contracts/tick.ts";
import { asked, isNamed } from "../aws-call.ts";
import { cutOverByCodeDeploy } from "./code-deploy/cut-over.ts";
import { nameOf } from "./content.ts";
import { isRollingBack } from "./history.ts";
import type { Job } from "./job.ts";
import { progressNote } from "./notes.ts";
import { describeService, describeServiceDeployments, primaryOf } from "./reads.ts";
import { redeploy } from "./redeploy.ts";

/**
 * Puts the target in place: by a deployment of it, or by letting ECS roll the deployment in flight back; with CodeDeploy
 * by what that offers. A restart is a deployment of what runs already.
 */
export async function cutOver(job: Job): Promise<Tick> {
  const { steps } = job;
  await steps.once("cut-over-began");
  const tick = await putInPlace(job);
  if (tick.status === "done") await steps.once("cut-over-done");
  return tick;
}

async function putInPlace(job: Job): Promise<Tick> {
  const { ecs, answer, details, steps } = job;
  if (details.way === "hold") return answer.done("It stays on its version; nothing to cut over.");
  const service = await describeService(ecs, details);
  if (service?.status !== "ACTIVE") {
    return answer.failed("NOT_ACTIVE", `The service ${details.service} is being deleted or is gone.`);
  }
  if (details.codeDeploy) return cutOverByCodeDeploy(job, service);
  const byEcs = details.way === "stop" || details.way === "follow";
  const byUpdate = !byEcs || steps.has("cut-over-intended");
  return byUpdate ? deployTarget(job, service) : letEcsGoBack(job, service);
}

function deployTarget(job: Job, service: Service): Promise<Tick> {
  const { details } = job;
  return redeploy(job, service, {
    phase: "cut-over",
    source: details,
    copy: details.clone !== undefined,
    replaces: details.seen.primaryDeployment,
    force: details.way === "restart",
  });
}

async function letEcsGoBack(job: Job, service: Service): Promise<Tick> {
  const { answer, details, steps } = job;
  const deployment = await deploymentInFlight(job);
  const elapsed = await steps.secondsSince("cut-over-began");
  if (deployment && isRollingBack(deployment) && steps.has("stop-intended") && !steps.has("stop-requested")) {
    await steps.write("stop-requested");
  }
  switch (deployment?.status) {
    case "ROLLBACK_SUCCESSFUL":
      return answer.done(`ECS rolled the deployment back to ${nameOf(details.taskDefinition)}.`);
    case "ROLLBACK_FAILED":
      return answer.failed(...rollbackFailed(job, service, deployment), true);
    case "PENDING":
    case "IN_PROGRESS":
      if (details.way === "stop" && !steps.has("stop-requested")) return askToStop(job, service);
      break;
    case "SUCCESSFUL":
    case "STOPPED":
    case undefined:
      // Too late to stop it [docs/facts/ecs.md §2.2]: what was in flight is live, or has left what it was to replace.
      return deployTarget(job, service);
  }
  if (elapsed > details.deadlineSeconds) {
    const note = `ECS is still rolling back after ${details.deadlineSeconds / 60} minutes: ${goingBackNote(service)}`;
    return answer.failed("TOO_SLOW", note, true);
  }
  return answer.working(`ECS is rolling back: ${goingBackNote(service)}`);
}

async function deploymentInFlight({ ecs, details }: Job): Promise<ServiceDeployment | undefined> {
  if (!details.serviceDeployment) return undefined;
  return (await describeServiceDeployments(ecs, [details.serviceDeployment]))[0];
}

/** StopServiceDeployment may be repeated; when it comes too late, the next tick sees how the deployment ended [§2.2]. */
async function askToStop(job: Job, service: Service): Promise<Tick> {
  const { ecs, answer, details, steps } = job;
  const primary = primaryOf(service);
  if (primary?.id !== details.seen.primaryDeployment) {
    const note = `Somebody deployed ${nameOf(primary?.taskDefinition ?? "something else")} after the plan was made; it was left alone.`;
    return answer.failed("CHANGED_SINCE_PLAN", note);
  }
  await steps.write("stop-intended");
  try {
    await asked(
      `Stopping the deployment in flight of ${details.service}`,
      ecs.send(
        new StopServiceDeploymentCommand({
          serviceDeploymentArn: details.serviceDeployment,
          stopType: "ROLLBACK",
        }),
      ),
    );
  } catch (error) {
    if (!isTooLate(error)) throw error;
    const now = (await deploymentInFlight(job))?.status;
    if (now === "PENDING" || now === "IN_PROGRESS") throw error;
    return answer.working("The deployment in flight just ended; looking at what it left.");
  }
  await steps.write("stop-requested");
  return answer.working("ECS was told to roll the deployment in flight back.");
}

/** Which of these a finished deployment answers with is unverified [docs/facts/ecs.md §2.2]. */
export function isTooLate(error: unknown): boolean {
  return isNamed(
    error,
    "ConflictException",
    "InvalidParameterException",
    "ClientException",
    "ServiceDeploymentNotFoundException",
  );
}

function goingBackNote(service: Service): string {
  return progressNote(service, primaryOf(service));
}

function rollbackFailed(
  { details }: Job,
  service: Service,
  deployment: ServiceDeployment,
): [code: FailureCode, note: string] {
  const running = primaryOf(service)?.taskDefinition ?? "something else";
  if (![details.taskDefinition, details.seen.taskDefinition].includes(running)) {
    return [
      "SUPERSEDED",
      `Somebody deployed ${nameOf(running)} while ECS was rolling back; it was left alone.`,
    ];
  }
  const counts = `${service.runningCount} of ${service.desiredCount} tasks running`;
  return [
    "STUCK",
    `ECS could not roll the deployment back: ${counts}. ${deployment.statusReason ?? ""}`.trim(),
  ];
}
