import type { TaskStopCode } from "@aws-sdk/client-ecs";
import type { Announcer } from "./announcer.ts";
import type { EcsWorld } from "./ecs-world.ts";
import { HealthProbe } from "./health-probe.ts";
import { resolveServiceImages } from "./image-resolution.ts";
import { makeTaskState } from "./make-task-state.ts";
import type { Rollout } from "./rollout.ts";
import { runningImage } from "./running-image.ts";
import type { ServiceRecord } from "./service-record.ts";
import type { ServiceTask } from "./task-record.ts";
import { FAILED_PULL_SECONDS, PROVISIONING_SECONDS, TaskSteps } from "./task-steps.ts";

const ACTIVATING_SECONDS = [1, 2] as const;

/** Moves the tasks of services through their life in virtual time. Decides nothing: the scheduler says start and stop. */
export class TaskLifecycle {
  readonly #world: EcsWorld;
  readonly #announcer: Announcer;
  readonly #steps: TaskSteps;
  readonly #ended: (task: ServiceTask) => void;

  /** @param ended called when a task ends that nobody asked to stop */
  constructor(world: EcsWorld, announcer: Announcer, ended: (task: ServiceTask) => void) {
    this.#world = world;
    this.#announcer = announcer;
    this.#steps = new TaskSteps(world, announcer, world.random);
    this.#ended = ended;
  }

  start(service: ServiceRecord, rollout: Rollout): ServiceTask {
    const task = makeTask(this.#world, service, rollout);
    this.#world.tasks.set(task.arn, task);
    service.tasks.add(task);
    this.#announcer.taskStateChange(task);
    this.#steps.after(task, PROVISIONING_SECONDS, () => this.#pull(task));
    return task;
  }

  /** Stops a task in order: out of the load balancer, drained, SIGTERM, gone. A second call changes nothing. */
  stop(task: ServiceTask, stopCode: TaskStopCode, stoppedReason: string): void {
    if (task.desiredStatus === "STOPPED") return;
    const running = task.lastStatus === "RUNNING";
    this.#steps.condemn(task, stopCode, stoppedReason);
    if (!running) {
      this.#steps.deprovision(task);
      return;
    }
    const group = this.#world.options.targetGroup(task.rollout.targetGroupArn ?? "");
    if (!task.target || !group) {
      this.#terminate(task);
      return;
    }
    // "ECS waits until target is `unused`" before it sends SIGTERM [dts-elb; DG load-balancer-connection-draining].
    task.target.state = "draining";
    this.#steps.move(task, "DEACTIVATING");
    const delay = group.deregistrationDelaySeconds;
    this.#steps.after(task, [delay, delay], () => this.#terminate(task));
  }

  /** Ends a task whose container is already dead, or that never came to life. */
  fail(task: ServiceTask, stopCode: TaskStopCode, reason: string, exitCode?: number): void {
    if (task.desiredStatus === "STOPPED") return;
    this.#steps.condemn(task, stopCode, reason);
    task.main.exitCode = exitCode;
    if (stopCode === "TaskFailedToStart") task.main.reason = reason;
    this.#processEnded(task);
    if (task.target) task.target.state = "draining";
    this.#ended(task);
    this.#steps.deprovision(task);
  }

  #pull(task: ServiceTask): void {
    task.pullStartedAt = this.#world.now;
    const { failure } = resolveServiceImages(this.#world, task);
    this.#steps.move(task, "PENDING");
    if (failure !== undefined) {
      this.#steps.after(task, FAILED_PULL_SECONDS, () => this.fail(task, "TaskFailedToStart", failure));
      return;
    }
    const { startSeconds } = this.#world.behaviourOf(task);
    this.#steps.after(task, [startSeconds, startSeconds], () => this.#boot(task));
  }

  #boot(task: ServiceTask): void {
    task.pullStoppedAt = this.#world.now;
    const { startFailure } = this.#world.behaviourOf(task);
    if (startFailure) {
      this.fail(task, startFailure.stopCode, startFailure.reason, startFailure.exitCode);
    } else if (task.target) {
      this.#steps.move(task, "ACTIVATING");
      this.#steps.after(task, ACTIVATING_SECONDS, () => this.#run(task));
    } else {
      this.#run(task);
    }
  }

  #run(task: ServiceTask): void {
    task.startedAt = this.#world.now;
    task.target?.begin(this.#world.now);
    task.check?.begin(this.#world.now);
    this.#world.application.started?.({
      taskArn: task.arn,
      service: task.service.name,
      image: runningImage(task.main),
    });
    this.#steps.move(task, "RUNNING");
  }

  #terminate(task: ServiceTask): void {
    task.stoppingAt = this.#world.now;
    this.#steps.move(task, "STOPPING");
    const timeout = this.#steps.stopTimeoutSeconds(task);
    const wanted = this.#world.behaviourOf(task).stopSeconds ?? 2;
    const seconds = Math.min(wanted, timeout);
    this.#steps.after(task, [seconds, seconds], () => {
      task.main.exitCode = wanted > timeout ? 137 : 0;
      this.#processEnded(task);
      this.#steps.deprovision(task);
    });
  }

  #processEnded(task: ServiceTask): void {
    task.executionStoppedAt = this.#world.now;
    this.#world.application.stopped?.(task.arn);
  }
}

function makeTask(world: EcsWorld, service: ServiceRecord, rollout: Rollout): ServiceTask {
  const { definition, launchType, platformVersion, networkConfiguration, loadBalancers } = rollout.revision;
  const state = makeTaskState(world, world.random, {
    cluster: service.cluster,
    definition,
    mainContainer: loadBalancers[0]?.containerName,
    group: `service:${service.name}`,
    startedBy: rollout.id,
    launchType,
    capacityProviderName: undefined,
    platformVersion,
    networkConfiguration,
    overrides: {},
    tags: [],
  });
  return {
    ...state,
    kind: "service",
    service,
    rollout,
    target: targetProbe(world, rollout),
    wasHealthy: false,
    needsReplacement: false,
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
