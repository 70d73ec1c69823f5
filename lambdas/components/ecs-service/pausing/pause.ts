import { type Service, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import type { Tick } from "../../../contracts/tick.ts";
import { asked } from "../../aws-call.ts";
import { nameOf } from "../content.ts";
import { foundThere } from "../found-there.ts";
import { isRollingBack } from "../history.ts";
import { type Job, TOUCHING } from "../job.ts";
import { describeService, describeServiceDeployments, primaryOf } from "../reads.ts";
import { disableSchedules, secondsUntilQuiet } from "../schedules/disable-schedules.ts";
import { disableRules, stopConnectedTasks, writersAlive } from "./connected-tasks.ts";
import { tellClients } from "./notice.ts";
import { suspendScaling } from "./scaling.ts";
import { countOfBefore, moveWriters, writersOf } from "./writers.ts";

/**
 * How long after suspending the count is left alone: the call that suspends also puts the count inside its bounds, some
 * time later [SDK, RegisterScalableTarget; how much later is unverified].
 */
const SCALING_SETTLES_SECONDS = 10;
/** A count that was just set to 0 may still be read as it was: how long is undocumented [docs/facts/ecs.md §4]. */
const READ_LAG_SECONDS = 15;

/**
 * Stops everything that writes to data which is about to be changed: schedules and rules that start tasks are
 * disabled, clients are told, standalone tasks are stopped, the service is scaled to 0. Done only when no task is left that could still
 * write [docs/facts/ecs.md §6.3]. Asked again after a resume, it pauses again.
 */
export async function pause(job: Job): Promise<Tick> {
  const { ecs, answer, details } = job;
  const service = await describeService(ecs, details);
  if (service?.status !== "ACTIVE") {
    return answer.failed("NOT_ACTIVE", `The service ${details.service} is being deleted or is gone.`);
  }
  if (service.schedulingStrategy === "DAEMON") {
    const note = `${details.service} is a DAEMON service, which AWS does not scale to 0; stop what it writes yourself.`;
    return answer.failed("REFUSED_BY_AWS", note);
  }
  return (
    (await begin(job, service)) ??
    (await stopSchedules(job)) ??
    (await quietScaling(job)) ??
    (await tellClients(job)) ??
    (await disableRules(job)) ??
    (await stopTasks(job)) ??
    (await scaleToZero(job, service)) ??
    untilSilent(job)
  );
}

/** Writes down what to come back to, before anything is touched; undefined once that is done. */
async function begin(job: Job, service: Service): Promise<Tick | undefined> {
  const { ecs, answer, details, steps } = job;
  const state = writersOf(job)?.state;
  if (state === "pausing" || state === "stopping" || state === "stopped") return undefined;
  const current = service.currentServiceDeployment;
  const [deployment] = current ? await describeServiceDeployments(ecs, [current]) : [];
  if (deployment && isRollingBack(deployment))
    return answer.working("Waiting for ECS to end its own rollback.");

  const primary = primaryOf(service);
  const isThere = async () => (await foundThere(job, service))?.rolloutState === "COMPLETED";
  if (!state && !isExpected(job, service) && !(await isThere())) {
    const what = nameOf(primary?.taskDefinition ?? "something else");
    const note = `Somebody deployed ${what} at ${primary?.createdAt?.toISOString()}; it was not paused.`;
    return answer.failed(steps.hasAny(TOUCHING) ? "SUPERSEDED" : "CHANGED_SINCE_PLAN", note);
  }
  // Only the first time: later there may be nothing of what was before.
  await steps.once("pause-began", { desiredCount: service.desiredCount ?? details.seen.desiredCount });
  await moveWriters(job, "pausing", primary?.id ?? "");
  return undefined;
}

/** What the plan saw, or what this rollback itself has put in its place. */
function isExpected({ details, steps }: Job, service: Service): boolean {
  const primary = primaryOf(service);
  if (primary?.id === details.seen.primaryDeployment) return true;
  const ours = [details.taskDefinition, steps.text("cut-over-cloned", "taskDefinition")];
  // A deployment that ECS or CodeDeploy rolls back makes what it goes back to PRIMARY.
  return details.way === "follow" || (steps.hasAny(TOUCHING) && ours.includes(primary?.taskDefinition));
}

/** First, as it may fail the pause, and takes a minute to be believed. */
async function stopSchedules(job: Job): Promise<Tick | undefined> {
  const disabling = await disableSchedules(job);
  return disabling?.status === "working" ? (overdue(job, disabling.note) ?? disabling) : disabling;
}

async function quietScaling(job: Job): Promise<Tick | undefined> {
  const suspending = await suspendScaling(job);
  if (suspending) return suspending;
  const { steps, clock, answer } = job;
  if (writersOf(job)?.state !== "pausing" || steps.text("scaling", "state") !== "suspended") return undefined;
  const suspendedAt = steps.timeOf("scaling")?.getTime() ?? 0;
  const left = SCALING_SETTLES_SECONDS - (clock().getTime() - suspendedAt) / 1_000;
  return left > 0 ? answer.working("Waiting for the suspended scaling to settle.", left) : undefined;
}

async function stopTasks(job: Job): Promise<Tick | undefined> {
  const stopping = await stopConnectedTasks(job);
  return stopping && (overdue(job) ?? stopping);
}

async function scaleToZero(job: Job, service: Service): Promise<Tick | undefined> {
  const { ecs, answer, details, steps, clock } = job;
  const writers = writersOf(job);
  if (service.desiredCount === 0) {
    if (countOfBefore(job) > 0) await steps.once("writers-stopped");
    await moveWriters(job, "stopped");
    return undefined;
  }
  if (writers?.state === "stopped") {
    const seconds = (clock().getTime() - writers.at.getTime()) / 1_000;
    if (seconds <= READ_LAG_SECONDS) return answer.working("The desired count is not yet shown as 0.");
    const note = `Somebody, or its scaling, set the desired count to ${service.desiredCount} while it was paused; it was left alone.`;
    return answer.failed("SUPERSEDED", note);
  }
  await moveWriters(job, "stopping");
  await asked(
    `Scaling ${details.service} to 0`,
    ecs.send(
      new UpdateServiceCommand({ cluster: details.cluster, service: details.service, desiredCount: 0 }),
    ),
  );
  await steps.once("writers-stopped");
  await moveWriters(job, "stopped");
  return answer.working("The service is scaled to 0; its tasks drain and stop.");
}

async function untilSilent(job: Job): Promise<Tick> {
  const { answer, details, steps } = job;
  const alive = await writersAlive(job);
  const seconds = secondsUntilQuiet(job);
  if (alive.length === 0 && seconds > 0) {
    return answer.working("What schedules had just begun to start may still come.", seconds);
  }
  if (alive.length === 0) {
    const before = steps.number("pause-began", "desiredCount") ?? details.seen.desiredCount;
    return answer.done(`Writers are stopped: no task of ${details.service} runs, where ${before} should.`);
  }
  const note = `${alive.length} ${alive.length === 1 ? "task has" : "tasks have"} not stopped yet.`;
  return overdue(job, note) ?? answer.working(note);
}

function overdue(job: Job, note = "Tasks are started again and again."): Tick | undefined {
  const { answer, details, clock } = job;
  const since = writersOf(job)?.since.getTime() ?? 0;
  if (clock().getTime() - since <= details.deadlineSeconds * 1_000) return undefined;
  const minutes = Math.round(details.deadlineSeconds / 60);
  return answer.failed(
    "TOO_SLOW",
    `Writers still run ${minutes} minutes after they were told to stop: ${note}`,
  );
}
