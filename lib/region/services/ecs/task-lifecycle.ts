import type { TaskDefinition, TaskStopCode } from "@aws-sdk/client-ecs";
import { arnOf } from "../../region-context.ts";
import type { Announcer } from "./announcer.ts";
import type { EcsWorld } from "./ecs-world.ts";
import { HealthProbe } from "./health-probe.ts";
import { resolveImages } from "./image-resolution.ts";
import type { Rollout } from "./rollout.ts";
import type { ServiceRecord } from "./service-record.ts";
import { mainContainer, type TaskRecord, type TaskStatus } from "./task-record.ts";

/** Seconds that Fargate takes around the container; with a start time of 15 s the floor of 20–40 s of facts A2. */
const PROVISIONING_SECONDS = [6, 12] as const;
const ACTIVATING_SECONDS = [1, 2] as const;
const DEPROVISIONING_SECONDS = [2, 6] as const;
const FAILED_PULL_SECONDS = [4, 10] as const;
/** "default 30 s, Fargate 2–120 s" [dts ContainerDefinition.stopTimeout]. */
const DEFAULT_STOP_TIMEOUT_SECONDS = 30;

/** Moves tasks through their life in virtual time. Decides nothing: the scheduler says start and stop. */
export class TaskLifecycle {
  readonly #world: EcsWorld;
  readonly #announcer: Announcer;
  readonly #ended: (task: TaskRecord) => void;

  /** @param ended called when a task ends that nobody asked to stop */
  constructor(world: EcsWorld, announcer: Announcer, ended: (task: TaskRecord) => void) {
    this.#world = world;
    this.#announcer = announcer;
    this.#ended = ended;
  }

  start(service: ServiceRecord, rollout: Rollout): TaskRecord {
    const task = makeTask(this.#world, service, rollout);
    this.#world.tasks.set(task.arn, task);
    service.tasks.add(task);
    this.#announcer.taskStateChange(task);
    this.#after(task, PROVISIONING_SECONDS, () => this.#pull(task));
    return task;
  }

  /** Stops a task in order: out of the load balancer, drained, SIGTERM, gone. A second call changes nothing. */
  stop(task: TaskRecord, stopCode: TaskStopCode, stoppedReason: string): void {
    if (task.desiredStatus === "STOPPED") return;
    const running = task.lastStatus === "RUNNING";
    this.#condemn(task, stopCode, stoppedReason);
    if (!running) {
      this.#deprovision(task);
      return;
    }
    const group = this.#world.options.targetGroup(task.rollout.targetGroupArn ?? "");
    if (!task.target || !group) {
      this.#terminate(task);
      return;
    }
    // "ECS waits until target is `unused`" before it sends SIGTERM [dts-elb; DG load-balancer-connection-draining].
    task.target.state = "draining";
    this.#move(task, "DEACTIVATING");
    const delay = group.deregistrationDelaySeconds;
    this.#after(task, [delay, delay], () => this.#terminate(task));
  }

  /** Ends a task whose container is already dead, or that never came to life. */
  fail(task: TaskRecord, stopCode: TaskStopCode, reason: string, exitCode?: number): void {
    if (task.desiredStatus === "STOPPED") return;
    this.#condemn(task, stopCode, reason);
    const container = mainContainer(task);
    container.exitCode = exitCode;
    if (stopCode === "TaskFailedToStart") container.reason = reason;
    task.executionStoppedAt = this.#world.now;
    if (task.target) task.target.state = "draining";
    this.#ended(task);
    this.#deprovision(task);
  }

  #pull(task: TaskRecord): void {
    task.pullStartedAt = this.#world.now;
    const { failure } = resolveImages(this.#world, task);
    this.#move(task, "PENDING");
    if (failure !== undefined) {
      this.#after(task, FAILED_PULL_SECONDS, () => this.fail(task, "TaskFailedToStart", failure));
      return;
    }
    const { startSeconds } = this.#world.behaviourOf(task);
    this.#after(task, [startSeconds, startSeconds], () => this.#boot(task));
  }

  #boot(task: TaskRecord): void {
    task.pullStoppedAt = this.#world.now;
    const { startFailure } = this.#world.behaviourOf(task);
    if (startFailure) {
      this.fail(task, startFailure.stopCode, startFailure.reason, startFailure.exitCode);
    } else if (task.target) {
      this.#move(task, "ACTIVATING");
      this.#after(task, ACTIVATING_SECONDS, () => this.#run(task));
    } else {
      this.#run(task);
    }
  }

  #run(task: TaskRecord): void {
    task.startedAt = this.#world.now;
    task.target?.begin(this.#world.now);
    task.check?.begin(this.#world.now);
    this.#move(task, "RUNNING");
  }

  #condemn(task: TaskRecord, stopCode: TaskStopCode, reason: string): void {
    task.timer?.cancel();
    task.desiredStatus = "STOPPED";
    task.stopCode = stopCode;
    task.stoppedReason = reason;
  }

  #terminate(task: TaskRecord): void {
    task.stoppingAt = this.#world.now;
    this.#move(task, "STOPPING");
    const container = mainContainer(task);
    const definition = task.definition.containerDefinitions?.find(({ name }) => name === container.name);
    const timeout = definition?.stopTimeout ?? DEFAULT_STOP_TIMEOUT_SECONDS;
    const wanted = this.#world.behaviourOf(task).stopSeconds ?? 2;
    const seconds = Math.min(wanted, timeout);
    this.#after(task, [seconds, seconds], () => {
      container.exitCode = wanted > timeout ? 137 : 0;
      task.executionStoppedAt = this.#world.now;
      this.#deprovision(task);
    });
  }

  #deprovision(task: TaskRecord): void {
    this.#move(task, "DEPROVISIONING");
    this.#after(task, DEPROVISIONING_SECONDS, () => {
      task.stoppedAt = this.#world.now;
      task.executionStoppedAt ??= task.startedAt === undefined ? undefined : this.#world.now;
      task.service.tasks.delete(task);
      this.#move(task, "STOPPED");
    });
  }

  #move(task: TaskRecord, status: TaskStatus): void {
    task.lastStatus = status;
    task.version += 1;
    this.#announcer.taskStateChange(task);
    this.#world.wake(task.service);
  }

  #after(task: TaskRecord, [least, most]: readonly [number, number], action: () => void): void {
    const seconds = least === most ? least : this.#world.random.between(least, most);
    task.timer = this.#world.context.kernel.schedule(seconds * 1000, action);
  }
}

function makeTask(world: EcsWorld, service: ServiceRecord, rollout: Rollout): TaskRecord {
  const id = world.random.hex(32);
  const { definition } = rollout.revision;
  return {
    id,
    arn: arnOf(world.context, "ecs", `task/${service.cluster.name}/${id}`),
    service,
    rollout,
    definition,
    containers: (definition.containerDefinitions ?? []).map((container) => ({
      name: container.name ?? "",
      arn: arnOf(world.context, "ecs", `container/${service.cluster.name}/${id}/${world.random.uuid()}`),
      image: container.image ?? "",
      essential: container.essential ?? true,
      runtimeId: `${id}-${world.digits().slice(0, 10)}`,
      digest: undefined,
      exitCode: undefined,
      reason: undefined,
    })),
    createdAt: world.now,
    lastStatus: "PROVISIONING",
    desiredStatus: "RUNNING",
    version: 1,
    pullStartedAt: undefined,
    pullStoppedAt: undefined,
    startedAt: undefined,
    stoppingAt: undefined,
    executionStoppedAt: undefined,
    stoppedAt: undefined,
    stopCode: undefined,
    stoppedReason: undefined,
    target: targetProbe(world, rollout),
    check: containerProbe(definition),
    wasHealthy: false,
    needsReplacement: false,
    timer: undefined,
  };
}

function targetProbe(world: EcsWorld, rollout: Rollout): HealthProbe | undefined {
  if (rollout.targetGroupArn === undefined) return undefined;
  const group = world.options.targetGroup(rollout.targetGroupArn);
  if (!group) throw new Error(`The target group ${rollout.targetGroupArn} has vanished from the region`);
  return new HealthProbe({
    intervalSeconds: group.healthCheckIntervalSeconds,
    healthyAfter: group.healthyThresholdCount,
    unhealthyAfter: group.unhealthyThresholdCount,
  });
}

/** The check of the first essential container that has one; defaults 30 s and 3 retries [dts HealthCheck]. */
function containerProbe(definition: TaskDefinition): HealthProbe | undefined {
  const checked = definition.containerDefinitions?.find(
    (container) => container.healthCheck !== undefined && container.essential !== false,
  );
  if (!checked?.healthCheck) return undefined;
  return new HealthProbe({
    intervalSeconds: checked.healthCheck.interval ?? 30,
    healthyAfter: 1,
    unhealthyAfter: checked.healthCheck.retries ?? 3,
  });
}
