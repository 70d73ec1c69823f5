import type { Service, Task } from "@aws-sdk/client-ecs";
import type { Tick } from "../../contracts/tick.ts";
import { nameOf, type RunningImage } from "./content.ts";
import type { Job, Step } from "./job.ts";
import { countOfBefore } from "./pausing/writers.ts";
import { describeService, primaryOf, tasksOf } from "./reads.ts";

/** What every running task must be. */
export interface Expected {
  /** The target and its copy, by full ARN. */
  readonly taskDefinitions: readonly string[];
  readonly images: readonly RunningImage[];
  /** The deployment that must have started every task: after a restart nothing else tells old tasks from new ones. */
  readonly startedBy?: string | undefined;
}

/**
 * Tasks of the old version that ECS has not yet told to stop, or new ones not yet running, are waited for this long: as
 * long as a load balancer drains at its defaults [docs/facts/ecs.md §5.3].
 */
const GRACE_SECONDS = 300;

/** Checks that the target is what really runs. A deployment that says SUCCESSFUL is no proof [docs/facts/ecs.md §3.1, §3.2]. */
export async function confirm(job: Job): Promise<Tick> {
  const { details, steps } = job;
  const clone = steps.text("cut-over-cloned", "taskDefinition");
  const taskDefinitions = [details.taskDefinition, ...(clone ? [clone] : [])];
  const deployment = steps.text("cut-over-started", "deployment");
  const fresh = details.way === "restart" && !details.codeDeploy && deployment?.startsWith("ecs-svc/");
  const startedBy = fresh ? { startedBy: deployment } : {};
  return confirmRunning(job, "confirm-began", { taskDefinitions, images: details.images, ...startedBy });
}

/** Answers whether the service runs what is expected and nothing else; `began` marks the start of the grace time. */
export async function confirmRunning(job: Job, began: Step, expected: Expected): Promise<Tick> {
  const { ecs, answer, details, steps } = job;
  const service = await describeService(ecs, details);
  if (service?.status !== "ACTIVE") {
    return answer.failed("NOT_ACTIVE", `The service ${details.service} is being deleted or is gone.`);
  }
  const running = (await tasksOf(ecs, details, "RUNNING")).filter((task) => task.lastStatus === "RUNNING");
  const offDuty = running.filter((task) => isOffDuty(service, task));
  const tasks = running.filter((task) => !offDuty.includes(task));
  const wrong = tasks.filter((task) => !isExpected(task, expected));
  const right = tasks.length - wrong.length;
  const desired = service.desiredCount ?? 0;
  const name = nameOf(expected.taskDefinitions.at(-1) ?? "");
  const deploysIt = expected.taskDefinitions.includes(primaryOf(service)?.taskDefinition ?? "");

  if (desired === 0 && countOfBefore(job) > 0) {
    const note = `The service is scaled to 0, though it had ${countOfBefore(job)} tasks before it was paused.`;
    return answer.failed("SUPERSEDED", note);
  }
  if (wrong.length === 0 && right >= desired && (right > 0 || deploysIt)) {
    if (right === 0) return answer.done(`${name} is set, not proven: the service is scaled to 0.`);
    return answer.done(
      `${right} of ${desired} tasks run ${name}${uncheckedNote(expected)}, and nothing else ${offDutyNote(offDuty)}.`,
    );
  }
  if (!deploysIt) return answer.failed("SUPERSEDED", supersededNote(service));
  const seconds = await steps.secondsSince(began);
  const counts = `${right} of ${desired} tasks run ${name}`;
  if (seconds <= GRACE_SECONDS) {
    return answer.working(
      wrong.length > 0 ? `${counts}; still there: ${leftovers(wrong, expected)}.` : `${counts}.`,
    );
  }
  return wrong.length > 0
    ? answer.failed(
        "WRONG_VERSION",
        `${counts}, but there is also ${leftovers(wrong, expected)}; stop those tasks.`,
      )
    : answer.failed("TOO_SLOW", `Only ${counts} after ${GRACE_SECONDS / 60} minutes.`);
}

/**
 * The right task definition and, where both sides are known, the right digests. Whether a task reports a multi-arch
 * image's index or its platform manifest is unverified [docs/facts/ecs.md §1.5]; both sides of this comparison come from ECS.
 */
function isExpected(task: Task, { taskDefinitions, images, startedBy }: Expected): boolean {
  if (!taskDefinitions.includes(task.taskDefinitionArn ?? "")) return false;
  if (startedBy !== undefined && task.startedBy !== startedBy) return false;
  return images.every(({ container, digest }) => {
    const running = task.containers?.find((candidate) => candidate.name === container)?.imageDigest;
    return !digest || !running || running === digest;
  });
}

/**
 * Tasks of a task set that CodeDeploy keeps for a while after it moved the traffic away: nobody reaches them. Those of
 * the PRIMARY set's own task definition are never counted out.
 */
function isOffDuty({ taskSets }: Service, { taskDefinitionArn }: Task): boolean {
  const set = taskSets?.find(({ taskDefinition }) => taskDefinition === taskDefinitionArn);
  const serving = taskSets?.find(({ status }) => status === "PRIMARY");
  return set !== undefined && serving !== undefined && serving.taskDefinition !== taskDefinitionArn;
}

/** `3 of shop:2`, or `3 of shop:1 with another image`. */
function leftovers(tasks: readonly Task[], { taskDefinitions, startedBy }: Expected): string {
  const same = startedBy === undefined ? "with another image" : "from before the restart";
  const names = tasks.map(({ taskDefinitionArn: arn = "something else" }) =>
    taskDefinitions.includes(arn) ? `${nameOf(arn)} ${same}` : nameOf(arn),
  );
  return `${tasks.length} of ${[...new Set(names)].join(", ")}`;
}

/** Tasks that nobody reaches can still do what they do by themselves: whoever reads the end must know of them. */
function offDutyNote(tasks: readonly Task[]): string {
  if (tasks.length === 0) return "runs";
  const names = [...new Set(tasks.map(({ taskDefinitionArn }) => nameOf(taskDefinitionArn ?? "")))];
  return `serves; CodeDeploy keeps ${tasks.length} of ${names.join(", ")} for a while, which nobody reaches`;
}

function uncheckedNote({ images }: Expected): string {
  const unchecked = images.filter((image) => !image.digest).map((image) => image.container);
  return unchecked.length > 0 ? ` (the image of ${unchecked.join(", ")} is not pinned)` : "";
}

function supersededNote(service: Service): string {
  const primary = primaryOf(service);
  const what = nameOf(primary?.taskDefinition ?? "something else");
  return `Somebody deployed ${what} at ${primary?.createdAt?.toISOString()}; it was left alone.`;
}
