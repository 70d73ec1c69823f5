import { type Service, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import type { FailureCode } from "../../contracts/failures.ts";
import type { Tick } from "../../contracts/tick.ts";
import { asked, isNamed } from "../aws-call.ts";
import { alarmsEndanger } from "./alarms.ts";
import { type CloneSource, ensureClone } from "./clone.ts";
import { nameOf } from "./content.ts";
import { type OwnDeployment, stateOf } from "./deployment-state.ts";
import { endWith } from "./end-with.ts";
import { foundThere } from "./found-there.ts";
import { type Guards, guardsSwitchedOff, switchedOff } from "./guards.ts";
import { isRollingBack } from "./history.ts";
import { type Job, type Phase, TOUCHING } from "./job.ts";
import { lastEvent, progressNote, stopReasons } from "./notes.ts";
import { findOwnDeployment } from "./own-deployment.ts";
import { suspendScaling } from "./pausing/scaling.ts";
import { describeServiceDeployments, primaryOf, tasksOf } from "./reads.ts";

/** A deployment that this rollback starts with UpdateService and follows to its end. */
export interface Redeployment {
  readonly phase: Phase;
  readonly source: CloneSource;
  /** Deploy a copy of the source. */
  readonly copy: boolean;
  /** The PRIMARY deployment that may be replaced; any other means that somebody deployed meanwhile. */
  readonly replaces: string;
  /** The count to come back to in the same call, after a pause: what ran before never starts again [§6.3]. */
  readonly desiredCount?: number | undefined;
  /** Start fresh tasks although the task definition stays the same. */
  readonly force?: boolean;
}

/**
 * One tick of such a deployment. AWS offers neither compare-and-set nor a client token for it, so: look, write the
 * intention, act, write what came of it; after a lost answer adopt what is there [docs/facts/ecs.md §4]. Asking again for the
 * task definition that is being deployed starts nothing new as long as it is not forced [inferred, §4]; a forced one is asked
 * for again only when nothing of it is to be seen.
 */
export async function redeploy(job: Job, service: Service, plan: Redeployment): Promise<Tick> {
  const { steps, answer } = job;
  const intended: `${Phase}-intended` = `${plan.phase}-intended`;
  if (!steps.has(intended)) {
    const there = await followToTarget(job, service, plan);
    if (there) return there;
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

/** Nothing is left to deploy where somebody else brought the service to its target; undefined where nobody did. */
async function followToTarget(job: Job, service: Service, plan: Redeployment): Promise<Tick | undefined> {
  const { answer, details, steps } = job;
  if (plan.phase !== "cut-over" || plan.force || plan.copy || plan.desiredCount !== undefined)
    return undefined;
  const there = await foundThere(job, service);
  const note = `${nameOf(details.taskDefinition)} was deployed at ${there?.createdAt?.toISOString()}, after the plan was made`;
  switch (there?.rolloutState) {
    case "COMPLETED":
      return endWith(job, service, answer.done(`${note}: it is where it was to go.`));
    case "IN_PROGRESS": {
      const late = (await steps.secondsSince("cut-over-began")) > details.deadlineSeconds;
      const progress = `${note}: ${progressNote(service, there)}`;
      return late ? endWith(job, service, answer.failed("TOO_SLOW", progress)) : answer.working(progress);
    }
    default:
      return undefined;
  }
}

/** What forbids to start: another deployment than the plan saw, or ECS going back by itself [docs/facts/ecs.md §3.1]. */
async function somebodyElse({ ecs, answer, steps }: Job, service: Service, plan: Redeployment) {
  const primary = primaryOf(service);
  if (primary?.id !== plan.replaces) {
    const what = nameOf(primary?.taskDefinition ?? "something else");
    const note = `Somebody deployed ${what} at ${primary?.createdAt?.toISOString()}, after the plan was made; it was left alone.`;
    return answer.failed(steps.hasAny(TOUCHING) ? "SUPERSEDED" : "CHANGED_SINCE_PLAN", note);
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
  const { phase, source, desiredCount } = plan;
  const suspending = await suspendScaling(job);
  if (suspending) return suspending;
  if (plan.copy) {
    const clone = await ensureClone(job, phase, source);
    if (clone.gone !== undefined) return endWith(job, service, answer.failed("TARGET_GONE", clone.gone));
  }
  const taskDefinition = targetOf(job, plan);
  const guards = await guardsToSwitchOff(job, service, plan);
  if (!steps.has(`${phase}-intended`)) {
    await steps.write(`${phase}-intended`, {
      baseline: plan.replaces,
      taskDefinition,
      ...(desiredCount === undefined ? {} : { desiredCount }),
      ...(guards.alarms ? { alarms: JSON.stringify(guards.alarms) } : {}),
      ...(guards.deploymentCircuitBreaker
        ? { breaker: JSON.stringify(guards.deploymentCircuitBreaker) }
        : {}),
    });
  }
  const name = nameOf(taskDefinition);
  try {
    // Nothing but the task definition: the count only after a pause, force only for a restart.
    const { service: updated } = await asked(
      `Starting the deployment of ${name} on ${details.service}`,
      ecs.send(
        new UpdateServiceCommand({
          cluster: details.cluster,
          service: details.service,
          taskDefinition,
          ...(desiredCount === undefined ? {} : { desiredCount }),
          ...(plan.force && !steps.has(`${phase}-cloned`) ? { forceNewDeployment: true } : {}),
          ...switchedOff(service.deploymentConfiguration, guards),
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
 * What could make ECS leave the target again, to be switched off with this deployment. Of alarms the moment counts when
 * it starts: those that were in ALARM when the plan was made and are OK now can fail the rollback, so they are looked at
 * again [docs/facts/ecs.md §5.2]. After a pause the circuit breaker may stop the target, but not start what it replaces.
 */
async function guardsToSwitchOff(
  { steps, details, cloudwatch }: Job,
  service: Service,
  { phase, desiredCount }: Redeployment,
): Promise<Guards> {
  if (phase === "revert") return {};
  if (steps.has("cut-over-intended")) return guardsSwitchedOff(steps);
  const { alarms, deploymentCircuitBreaker: breaker } = service.deploymentConfiguration ?? {};
  const quiet = alarms?.enable && (details.quietAlarms || (await alarmsEndanger(cloudwatch, alarms)));
  return {
    ...(quiet ? { alarms } : {}),
    ...(desiredCount !== undefined && breaker?.rollback ? { deploymentCircuitBreaker: breaker } : {}),
  };
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
        `The deployment of ${name} failed${await reasonsOf(job, own)} and ECS did not go back: ${service.runningCount} of ${service.desiredCount} tasks running. ${own.serviceDeployment?.statusReason ?? lastEvent(service)}`.trim(),
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
