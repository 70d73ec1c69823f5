import { type Service, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import type { FailureCode } from "../../contracts/failures.ts";
import type { Tick } from "../../contracts/tick.ts";
import { alarmsEndanger, switchedOff, withAlarms } from "./alarms.ts";
import { asked, isNamed } from "./aws-call.ts";
import { type CloneSource, ensureClone } from "./clone.ts";
import { nameOf } from "./content.ts";
import { type OwnDeployment, stateOf } from "./deployment-state.ts";
import { isRollingBack } from "./history.ts";
import type { Job, Phase } from "./job.ts";
import { lastEvent, progressNote, stopReasons } from "./notes.ts";
import { findOwnDeployment } from "./own-deployment.ts";
import { describeServiceDeployments, primaryOf, tasksOf } from "./reads.ts";
import { alarmsSwitchedOff, endWith } from "./restore-alarms.ts";

/** A deployment that this rollback starts with UpdateService and follows to its end. */
export interface Redeployment {
  readonly phase: Phase;
  readonly source: CloneSource;
  /** Deploy a copy of the source. */
  readonly copy: boolean;
  /** The PRIMARY deployment that may be replaced; any other means that somebody deployed meanwhile. */
  readonly replaces: string;
}

/**
 * One tick of such a deployment. AWS offers neither compare-and-set nor a client token for it, so: look, write the
 * intention, act, write what came of it; after a lost answer adopt what is there [docs/facts/ecs.md §4]. Asking again for the
 * task definition that is being deployed starts nothing new as long as it is not forced [inferred, §4].
 */
export async function redeploy(job: Job, service: Service, plan: Redeployment): Promise<Tick> {
  const { steps, answer } = job;
  const intended: `${Phase}-intended` = `${plan.phase}-intended`;
  if (!steps.has(intended)) {
    const obstacle = await somebodyElse(job, service, plan);
    return obstacle ? endWith(job, service, obstacle) : start(job, service, plan);
  }
  const own = await findOwnDeployment(job, plan.phase, service, targetOf(job, plan));
  if (own) return report(job, service, plan, own);
  if (primaryOf(service)?.id === steps.text(intended, "baseline")) return start(job, service, plan);
  const note = "Somebody deployed before this rollback could; start again to plan from there.";
  return endWith(job, service, answer.failed("CHANGED_SINCE_PLAN", note));
}

function targetOf({ steps }: Job, { phase, source }: Redeployment): string {
  return steps.text(`${phase}-cloned`, "taskDefinition") ?? source.taskDefinition;
}

/** What forbids to start: another deployment than the plan saw, or ECS going back by itself [docs/facts/ecs.md §3.1]. */
async function somebodyElse({ ecs, answer, steps }: Job, service: Service, plan: Redeployment) {
  const primary = primaryOf(service);
  if (primary?.id !== plan.replaces) {
    const what = nameOf(primary?.taskDefinition ?? "something else");
    const note = `Somebody deployed ${what} at ${primary?.createdAt?.toISOString()}, after the plan was made; it was left alone.`;
    return answer.failed(steps.touched ? "SUPERSEDED" : "CHANGED_SINCE_PLAN", note);
  }
  const current = service.currentServiceDeployment;
  const [deployment] = current ? await describeServiceDeployments(ecs, [current]) : [];
  if (!deployment || !isRollingBack(deployment)) return undefined;
  const note = "ECS began to roll back by itself after the plan was made; start again to follow it.";
  return plan.phase === "revert"
    ? answer.working("Waiting for ECS to end its own rollback.")
    : answer.failed("CHANGED_SINCE_PLAN", note);
}

async function start(job: Job, service: Service, plan: Redeployment): Promise<Tick> {
  const { ecs, steps, answer, details } = job;
  const { phase, source } = plan;
  if (plan.copy) {
    const clone = await ensureClone(job, phase, source);
    if (clone.gone !== undefined) return endWith(job, service, answer.failed("TARGET_GONE", clone.gone));
  }
  const taskDefinition = targetOf(job, plan);
  const alarms = await alarmsToSwitchOff(job, service, phase);
  if (!steps.has(`${phase}-intended`)) {
    await steps.write(`${phase}-intended`, {
      baseline: plan.replaces,
      taskDefinition,
      ...(alarms ? { alarms: JSON.stringify(alarms) } : {}),
    });
  }
  const name = nameOf(taskDefinition);
  try {
    // Nothing but the task definition: never the desired count, never a forced deployment.
    const { service: updated } = await asked(
      `Starting the deployment of ${name} on ${details.service}`,
      ecs.send(
        new UpdateServiceCommand({
          cluster: details.cluster,
          service: details.service,
          taskDefinition,
          ...(alarms
            ? { deploymentConfiguration: withAlarms(service.deploymentConfiguration, switchedOff(alarms)) }
            : {}),
        }),
      ),
    );
    const deployment = updated && primaryOf(updated)?.id;
    if (deployment) await steps.write(`${phase}-started`, { deployment });
    return answer.working(`ECS began to deploy ${name}.`);
  } catch (error) {
    if (!isInactive(error) || steps.has(`${phase}-cloned`)) throw error;
    const clone = await ensureClone(job, phase, source);
    if (clone.gone !== undefined) return endWith(job, service, answer.failed("TARGET_GONE", clone.gone));
    return answer.working(`${name} was deregistered meanwhile; a copy of it is deployed.`);
  }
}

/** "TaskDefinition is inactive" [docs/facts/ecs.md §0.1]: enforced up to ten minutes after the deregistration. */
function isInactive(error: unknown): boolean {
  return isNamed(error, "ClientException") && error instanceof Error && /inactive/i.test(error.message);
}

/**
 * The alarms to switch off with this deployment. What counts is the moment it starts: alarms that were in ALARM when the
 * plan was made and are OK now can fail the rollback, so they are looked at again [docs/facts/ecs.md §5.2].
 */
async function alarmsToSwitchOff({ steps, details, cloudwatch }: Job, service: Service, phase: Phase) {
  if (phase === "revert") return undefined;
  if (steps.has("cut-over-intended")) return alarmsSwitchedOff(steps.text("cut-over-intended", "alarms"));
  const alarms = service.deploymentConfiguration?.alarms;
  if (!alarms?.enable) return undefined;
  return details.quietAlarms || (await alarmsEndanger(cloudwatch, alarms)) ? alarms : undefined;
}

async function report(job: Job, service: Service, plan: Redeployment, own: OwnDeployment): Promise<Tick> {
  const { answer, steps, details, clock } = job;
  const name = nameOf(targetOf(job, plan));
  const fail = (code: FailureCode, note: string) => endWith(job, service, answer.failed(code, note));
  const progress = progressNote(
    service,
    service.deployments?.find((one) => one.id === own.deployment),
    own.serviceDeployment,
  );
  const primary = primaryOf(service);
  switch (stateOf(service, own)) {
    case "succeeded":
      return endWith(job, service, answer.done(`${name} is deployed.`));
    case "restored":
      return fail(
        "RESTORED_BY_ECS",
        `${name} could not start${await reasonsOf(job, own)}. ECS put ${nameOf(primary?.taskDefinition ?? "")} back.`,
      );
    case "stuck":
      return fail(
        "STUCK",
        `The deployment of ${name} failed${await reasonsOf(job, own)} and ECS could not go back: ${service.runningCount} of ${service.desiredCount} tasks running. ${own.serviceDeployment?.statusReason ?? lastEvent(service)}`.trim(),
      );
    case "superseded":
      return fail(
        "SUPERSEDED",
        `Somebody deployed ${nameOf(primary?.taskDefinition ?? "")} at ${primary?.createdAt?.toISOString()}; it was left alone.`,
      );
    case "running": {
      const since = steps.timeOf(`${plan.phase}-intended`)?.getTime() ?? 0;
      if (clock().getTime() - since <= details.deadlineSeconds * 1_000) return answer.working(progress);
      return fail(
        "TOO_SLOW",
        `${name} is still being deployed after ${Math.round(details.deadlineSeconds / 60)} minutes${await reasonsOf(job, own)}: ${progress}`,
      );
    }
  }
}

async function reasonsOf({ ecs, details }: Job, own: OwnDeployment): Promise<string> {
  const reasons = stopReasons(await tasksOf(ecs, details, "STOPPED"), own.deployment);
  return reasons === "" ? "" : ` (${reasons})`;
}
