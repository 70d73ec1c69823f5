import type { Random } from "../../kernel/random.ts";
import type { Announcer } from "./announcer.ts";
import { containerCommand, containerEnvironment } from "./container-settings.ts";
import type { EcsWorld } from "./ecs-world.ts";
import { resolveImages } from "./image-resolution.ts";
import { makeTaskState, type TaskOrder } from "./make-task-state.ts";
import { runningImage } from "./running-image.ts";
import type { TaskOutcome } from "./task-program.ts";
import type { StandaloneTask } from "./task-record.ts";
import { FAILED_PULL_SECONDS, PROVISIONING_SECONDS, TaskSteps } from "./task-steps.ts";

/** Between the image pull and the start of the process; unverified, small beside the pull. */
const PULL_SECONDS = [8, 20] as const;
/** "eventual consistency" of RunTask is documented (docs/facts/ecs.md §4), how long it takes is not. */
const VISIBLE_AFTER_SECONDS = [0, 2] as const;

/** Moves the tasks that RunTask started through their life; what their process does is the task program's affair. */
export class StandaloneLifecycle {
  readonly #world: EcsWorld;
  readonly #announcer: Announcer;
  readonly #random: Random;
  readonly #steps: TaskSteps;

  constructor(world: EcsWorld, announcer: Announcer) {
    this.#world = world;
    this.#announcer = announcer;
    // A stream of its own: running a task does not change the fate of the services beside it.
    this.#random = world.context.kernel.random.fork("ecs-standalone-tasks");
    this.#steps = new TaskSteps(world, announcer, this.#random);
  }

  start(order: TaskOrder): StandaloneTask {
    const task: StandaloneTask = {
      ...makeTaskState(this.#world, this.#random, order),
      kind: "standalone",
      visibleFrom: this.#world.now + this.#random.between(...VISIBLE_AFTER_SECONDS) * 1000,
      outcome: undefined,
    };
    this.#world.tasks.set(task.arn, task);
    this.#announcer.taskStateChange(task);
    this.#steps.after(task, PROVISIONING_SECONDS, () => this.#pull(task));
    return task;
  }

  /**
   * StopTask: SIGTERM, and SIGKILL after the stop timeout. The process does not listen to SIGTERM (the first process of
   * a container ignores it without a handler of its own), so one that is nearly done still ends by itself, with its
   * own exit code and its effect; another one is killed: 137 [dts StopTask].
   */
  stop(task: StandaloneTask, reason: string): void {
    if (task.desiredStatus === "STOPPED") return;
    const { outcome, startedAt } = task;
    this.#steps.condemn(task, "UserInitiated", reason);
    if (!outcome || startedAt === undefined) {
      this.#steps.deprovision(task);
      return;
    }
    task.stoppingAt = this.#world.now;
    this.#steps.move(task, "STOPPING");
    const leftSeconds = (startedAt + outcome.seconds * 1000 - this.#world.now) / 1000;
    const timeout = this.#steps.stopTimeoutSeconds(task);
    if (leftSeconds <= timeout) {
      this.#steps.after(task, [leftSeconds, leftSeconds], () => this.#exit(task, outcome));
    } else {
      this.#steps.after(task, [timeout, timeout], () => this.#die(task, 137));
    }
  }

  #pull(task: StandaloneTask): void {
    task.pullStartedAt = this.#world.now;
    const { failure } = resolveImages(this.#world, task);
    this.#steps.move(task, "PENDING");
    if (failure !== undefined) {
      this.#steps.after(task, FAILED_PULL_SECONDS, () => this.#neverStart(task, failure));
    } else {
      this.#steps.after(task, PULL_SECONDS, () => this.#run(task));
    }
  }

  #run(task: StandaloneTask): void {
    const { options, now } = this.#world;
    if (!options.tasks) throw new Error("RunTask was let through without a task program");
    task.pullStoppedAt = now;
    const outcome = options.tasks.run({
      taskArn: task.arn,
      taskDefinition: task.definition.taskDefinitionArn ?? "",
      family: task.definition.family ?? "",
      container: task.main.name,
      image: runningImage(task.main),
      command: containerCommand(task),
      environment: containerEnvironment(task),
      securityGroups: task.networkConfiguration?.awsvpcConfiguration?.securityGroups ?? [],
      startedAt: now,
    });
    if (outcome.failsToStart !== undefined) {
      this.#neverStart(task, outcome.failsToStart);
      return;
    }
    task.outcome = outcome;
    task.startedAt = now;
    this.#steps.move(task, "RUNNING");
    this.#log(task, outcome);
    this.#steps.after(task, [outcome.seconds, outcome.seconds], () => {
      this.#steps.condemn(task, "EssentialContainerExited", "Essential container in task exited");
      this.#exit(task, outcome);
    });
  }

  /** The process ends by itself. */
  #exit(task: StandaloneTask, outcome: TaskOutcome): void {
    this.#die(task, outcome.exitCode);
    outcome.exited?.();
  }

  #die(task: StandaloneTask, exitCode: number): void {
    task.main.exitCode = exitCode;
    task.executionStoppedAt = this.#world.now;
    task.outcome?.ended?.();
    this.#steps.deprovision(task);
  }

  /** No process, so no exit code (docs/facts/ecs.md §6.1: "`exitCode` undefined ⇒ never started"). */
  #neverStart(task: StandaloneTask, reason: string): void {
    this.#steps.condemn(task, "TaskFailedToStart", reason);
    task.main.reason = reason;
    this.#steps.deprovision(task);
  }

  /**
   * The awslogs driver: stream `prefix/container/task-id` (docs/facts/ecs.md §6.1). Without a prefix the stream is
   * the container's id [DG using_awslogs]. Another driver, or none, and nobody sees the lines.
   */
  #log(task: StandaloneTask, { seconds, logLines }: TaskOutcome): void {
    const { definition, main, id } = task;
    const container = definition.containerDefinitions?.find(({ name }) => name === main.name);
    const { logDriver, options } = container?.logConfiguration ?? {};
    const group = options?.["awslogs-group"];
    if (logDriver !== "awslogs" || group === undefined) return;
    const prefix = options?.["awslogs-stream-prefix"];
    const stream = prefix === undefined ? main.runtimeId : `${prefix}/${main.name}/${id}`;
    logLines.forEach((line, index) => {
      const dueMs = (seconds * 1000 * (index + 1)) / logLines.length;
      this.#world.context.kernel.schedule(dueMs, () => {
        const killed = task.executionStoppedAt !== undefined && task.executionStoppedAt < this.#world.now;
        if (!killed) this.#world.options.appendLog?.(group, stream, line);
      });
    });
  }
}
