import { type Service, StopServiceDeploymentCommand } from "@aws-sdk/client-ecs";
import type { Tick } from "../../contracts/tick.ts";
import { asked } from "../aws-call.ts";
import { revertByCodeDeploy } from "./code-deploy/revert.ts";
import { confirmRunning } from "./confirm.ts";
import { nameOf } from "./content.ts";
import { isTooLate } from "./cut-over.ts";
import { type OwnDeployment, stateOf } from "./deployment-state.ts";
import { endWith } from "./end-with.ts";
import { inFlight } from "./history.ts";
import type { Job } from "./job.ts";
import { progressNote } from "./notes.ts";
import { findOwnDeployment } from "./own-deployment.ts";
import { bringBack } from "./pausing/bring-back.ts";
import { scaleUp } from "./pausing/scale-up.ts";
import { countOfBefore, moveWriters, writersOf } from "./pausing/writers.ts";
import { describeService, describeServiceDeployments, describeTaskDefinition, primaryOf } from "./reads.ts";
import { redeploy } from "./redeploy.ts";

/**
 * Puts back what the cut-over changed: its deployment is stopped while that is possible, else what ran before is
 * deployed again. What was never touched, or what somebody deployed since, stays as it is.
 */
export async function revert(job: Job): Promise<Tick> {
  const { ecs, answer, details } = job;
  const service = await describeService(ecs, details);
  if (service?.status !== "ACTIVE") {
    return answer.failed("NOT_ACTIVE", `The service ${details.service} is being deleted or is gone.`);
  }
  // Somebody scaled it up, or it never stood still: then nothing waits for it.
  if (writersOf(job) && !isStopped(job, service)) await moveWriters(job, "resuming");
  const end = await (details.codeDeploy ? revertByCodeDeploy(job, service) : revertByEcs(job, service));
  const state = writersOf(job)?.state;
  if (end.status !== "done" || state === undefined || state === "running") return end;
  // It stood still: users are let in next, so its tasks must be there.
  const up = await scaleUp(job, service);
  return up.status === "done" ? { ...up, note: end.note } : up;
}

async function revertByEcs(job: Job, service: Service): Promise<Tick> {
  const { answer, details, steps } = job;
  if (details.way === "hold" || details.way === "restart") return revertStay(job, service);
  if (steps.has("revert-intended")) return deployOrigin(job, service, "");
  if (steps.has("cut-over-intended")) return undoDeployment(job, service);
  if (steps.has("stop-requested")) return undoStop(job, service);
  if (isStopped(job, service)) return undoPause(job, service);
  return endWith(job, service, answer.done("This rollback changed nothing here; nothing to put back."));
}

/** It never left its version: a pause ends, a restart has nothing to take back. */
async function revertStay(job: Job, service: Service): Promise<Tick> {
  const { answer, details } = job;
  if (isStopped(job, service)) return bringBack(job, service);
  const note =
    details.way === "restart" ? "Fresh tasks of the same version stay." : "It never left its version.";
  return endWith(job, service, answer.done(note));
}

/** What was only paused comes back as it was; what somebody deployed meanwhile is left to them. */
async function undoPause(job: Job, service: Service): Promise<Tick> {
  const { answer, details, move, steps } = job;
  const primary = primaryOf(service);
  if (steps.has("found-there") && primary?.taskDefinition === details.taskDefinition)
    return bringBack(job, service);
  if (primary?.taskDefinition === move.from.id) return deployOrigin(job, service, primary.id ?? "");
  const note = `Somebody deployed ${nameOf(primary?.taskDefinition ?? "something else")} while the service was paused; it was left alone with 0 tasks.`;
  return answer.failed("SUPERSEDED", note);
}

/** Whether this rollback scaled the service to 0 and nobody has scaled it up since. */
function isStopped(job: Job, service: Service): boolean {
  return service.desiredCount === 0 && countOfBefore(job) > 0;
}

async function undoDeployment(job: Job, service: Service): Promise<Tick> {
  const { answer, details, steps } = job;
  const target = steps.text("cut-over-cloned", "taskDefinition") ?? details.taskDefinition;
  const own = await findOwnDeployment(job, "cut-over", service, target);
  if (!own && isStopped(job, service)) return undoPause(job, service);
  if (!own) {
    const note = "This rollback's deployment never began; nothing to put back.";
    return endWith(job, service, answer.done(note));
  }
  switch (stateOf(service, own)) {
    case "superseded":
      return endWith(
        job,
        service,
        answer.failed("SUPERSEDED", "Somebody deployed since; it was left alone."),
      );
    case "running":
      return stopOwn(job, service, own);
    default:
      return deployOrigin(job, service, primaryOf(service)?.id ?? "");
  }
}

async function stopOwn(job: Job, service: Service, own: OwnDeployment): Promise<Tick> {
  const { ecs, answer, details, steps } = job;
  const deployment = own.serviceDeployment;
  if (!deployment) return deployOrigin(job, service, primaryOf(service)?.id ?? "");
  const elapsed = await steps.secondsSince("revert-began");
  const note = progressNote(service, primaryOf(service));
  if (elapsed > details.deadlineSeconds) {
    const end = answer.failed("TOO_SLOW", `The deployment is still being put back: ${note}`);
    return endWith(job, service, end);
  }
  const stoppable = deployment.status === "PENDING" || deployment.status === "IN_PROGRESS";
  if (!stoppable || steps.has("revert-stop-requested")) return answer.working(`Going back: ${note}`);
  await steps.write("revert-stop-intended");
  try {
    await asked(
      `Stopping this rollback's own deployment of ${details.service}`,
      ecs.send(
        new StopServiceDeploymentCommand({
          serviceDeploymentArn: deployment.serviceDeploymentArn,
          stopType: "ROLLBACK",
        }),
      ),
    );
  } catch (error) {
    if (!isTooLate(error)) throw error;
    return answer.working("The deployment just ended; looking at what it left.");
  }
  await steps.write("revert-stop-requested");
  return answer.working("ECS was told to stop this rollback's own deployment.");
}

/** After a stop that went through, what was in flight before is deployed again; not while ECS is still going back. */
async function undoStop(job: Job, service: Service): Promise<Tick> {
  const { ecs, answer, details } = job;
  const arns = details.serviceDeployment ? [details.serviceDeployment] : [];
  const [deployment] = await describeServiceDeployments(ecs, arns);
  if (deployment && inFlight([deployment])) {
    return answer.working("Waiting for ECS to end its rollback.");
  }
  const running = primaryOf(service)?.taskDefinition;
  if (running !== details.taskDefinition && running !== details.seen.taskDefinition) {
    return answer.failed("SUPERSEDED", "Somebody deployed since; it was left alone.");
  }
  return deployOrigin(job, service, primaryOf(service)?.id ?? "");
}

/** Deploys what ran before the cut-over, unless ECS has put exactly that back already, and confirms it. */
async function deployOrigin(job: Job, service: Service, replaces: string): Promise<Tick> {
  const { ecs, move, steps } = job;
  const origin = move.from.id;
  const alreadyBack = !steps.has("revert-intended") && primaryOf(service)?.taskDefinition === origin;
  const stopped = isStopped(job, service);
  if (alreadyBack && stopped) return scaleUp(job, service);
  if (!alreadyBack) {
    const copy =
      !steps.has("revert-intended") &&
      (await describeTaskDefinition(ecs, origin))?.taskDefinition.status !== "ACTIVE";
    const source = { taskDefinition: origin, images: [], checkpoint: move.from.checkpoint };
    if (stopped) await moveWriters(job, "resuming");
    const desiredCount = stopped ? countOfBefore(job) : undefined;
    const tick = await redeploy(job, service, { phase: "revert", source, copy, replaces, desiredCount });
    if (tick.status !== "done") return tick;
    if (stopped) return scaleUp(job, service);
  }
  const clone = steps.text("revert-cloned", "taskDefinition");
  const expected = { taskDefinitions: [origin, ...(clone ? [clone] : [])], images: [] };
  const confirmed = await confirmRunning(job, "revert-confirm-began", expected);
  if (confirmed.status === "working") return confirmed;
  const end =
    confirmed.status === "done"
      ? { ...confirmed, note: `Put back ${nameOf(origin)}. ${confirmed.note}` }
      : confirmed;
  return endWith(job, service, end);
}
