import type { TaskStopCode } from "@aws-sdk/client-ecs";
import type { Random } from "../../kernel/random.ts";
import type { Announcer } from "./announcer.ts";
import type { EcsWorld } from "./ecs-world.ts";
import type { TaskRecord, TaskStatus } from "./task-record.ts";

/** Seconds that Fargate takes around the container; with a start time of 15 s the floor of 20–40 s of facts A2. */
export const PROVISIONING_SECONDS = [6, 12] as const;
export const FAILED_PULL_SECONDS = [4, 10] as const;
const DEPROVISIONING_SECONDS = [2, 6] as const;
/** "default 30 s, Fargate 2–120 s" [dts ContainerDefinition.stopTimeout]. */
const DEFAULT_STOP_TIMEOUT_SECONDS = 30;

/** The steps that the lives of all tasks have in common. */
export class TaskSteps {
  readonly #world: EcsWorld;
  readonly #announcer: Announcer;
  readonly #random: Random;

  constructor(world: EcsWorld, announcer: Announcer, random: Random) {
    this.#world = world;
    this.#announcer = announcer;
    this.#random = random;
  }

  move(task: TaskRecord, status: TaskStatus): void {
    task.lastStatus = status;
    task.version += 1;
    this.#announcer.taskStateChange(task);
    if (task.kind === "service") this.#world.wake(task.service);
  }

  /** Plans the task's next step; it has one at a time. */
  after(task: TaskRecord, [least, most]: readonly [number, number], action: () => void): void {
    const seconds = least === most ? least : this.#random.between(least, most);
    task.timer = this.#world.context.kernel.schedule(seconds * 1000, action);
  }

  /** From here on the task is to stop, for this reason; what was planned for it is not done any more. */
  condemn(task: TaskRecord, stopCode: TaskStopCode, reason: string): void {
    task.timer?.cancel();
    task.desiredStatus = "STOPPED";
    task.stopCode = stopCode;
    task.stoppedReason = reason;
  }

  /** The end of every life: DEPROVISIONING, then STOPPED. */
  deprovision(task: TaskRecord): void {
    this.move(task, "DEPROVISIONING");
    this.after(task, DEPROVISIONING_SECONDS, () => {
      task.stoppedAt = this.#world.now;
      task.executionStoppedAt ??= task.startedAt === undefined ? undefined : this.#world.now;
      if (task.kind === "service") task.service.tasks.delete(task);
      this.move(task, "STOPPED");
    });
  }

  /** Between SIGTERM and SIGKILL. */
  stopTimeoutSeconds({ definition, main }: TaskRecord): number {
    const container = definition.containerDefinitions?.find(({ name }) => name === main.name);
    return container?.stopTimeout ?? DEFAULT_STOP_TIMEOUT_SECONDS;
  }
}
