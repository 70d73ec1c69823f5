import { targetGroupDimension } from "../../application/target-group.ts";
import type { Announcer } from "./announcer.ts";
import type { EcsWorld } from "./ecs-world.ts";
import type { HealthProbe } from "./health-probe.ts";
import type { ServiceRecord } from "./service-record.ts";
import type { TaskLifecycle } from "./task-lifecycle.ts";
import type { ServiceTask } from "./task-record.ts";

/** How often a service's tasks are looked at when it has no load balancer. */
const DEFAULT_PULSE_MS = 10_000;
/** "will wait for 40 seconds after a task reaches RUNNING" when it has no health check [dts DeploymentConfiguration]. */
const UNCHECKED_TASK_HEALTHY_AFTER_MS = 40_000;

/** Who is told that a task became healthy for the first time, or was stopped for failing its health checks. */
export interface HealthListener {
  becameHealthy(task: ServiceTask): void;
  failedHealthChecks(task: ServiceTask): void;
}

/** Whether the task counts towards the minimum healthy percentage. */
export function isHealthy(task: ServiceTask, now: number): boolean {
  if (task.lastStatus !== "RUNNING" || task.desiredStatus !== "RUNNING") return false;
  if (task.check && task.check.state !== "healthy") return false;
  if (task.target) return task.target.state === "healthy";
  return task.check !== undefined || now - (task.startedAt ?? now) >= UNCHECKED_TASK_HEALTHY_AFTER_MS;
}

/** Probes the tasks of each service, notices containers that crash, and stops what never became healthy. */
export class TaskHealth {
  readonly #world: EcsWorld;
  readonly #lifecycle: TaskLifecycle;
  readonly #announcer: Announcer;
  readonly #listener: HealthListener;

  constructor(world: EcsWorld, lifecycle: TaskLifecycle, announcer: Announcer, listener: HealthListener) {
    this.#world = world;
    this.#lifecycle = lifecycle;
    this.#announcer = announcer;
    this.#listener = listener;
  }

  /** Watches a service until it is INACTIVE. */
  watch(service: ServiceRecord): void {
    this.#world.context.kernel.schedule(this.#pulseMs(service), () => {
      if (service.status === "INACTIVE") return;
      for (const task of [...service.tasks]) this.#examine(task);
      this.watch(service);
    });
  }

  #examine(task: ServiceTask): void {
    if (task.lastStatus !== "RUNNING" || task.desiredStatus !== "RUNNING") return;
    const { now } = this.#world;
    const age = (now - (task.startedAt ?? now)) / 1000;
    const behaviour = this.#world.behaviourOf(task);
    if (behaviour.crashAfterSeconds !== undefined && age >= behaviour.crashAfterSeconds) {
      this.#lifecycle.fail(task, "EssentialContainerExited", "Essential container in task exited", 1);
      return;
    }
    const passes = age >= behaviour.healthySeconds && !behaviour.failsHealthChecks;
    for (const probe of [task.target, task.check]) {
      if (probe?.isDue(now) && probe.observe(passes, now)) this.#world.wake(task.service);
    }
    this.#judge(task, age);
  }

  #judge(task: ServiceTask, age: number): void {
    if (isHealthy(task, this.#world.now)) {
      task.needsReplacement = false;
      if (task.wasHealthy) return;
      task.wasHealthy = true;
      this.#listener.becameHealthy(task);
      this.#world.wake(task.service);
      return;
    }
    const failing = [task.target, task.check].find((probe) => probe?.state === "unhealthy");
    if (!failing || age < task.service.healthCheckGracePeriodSeconds || task.needsReplacement) return;
    this.#announceUnhealthy(task, failing);
    this.#world.wake(task.service);
    if (task.wasHealthy) {
      task.needsReplacement = true;
      return;
    }
    this.#lifecycle.stop(task, "ServiceSchedulerInitiated", stoppedReason(task, failing));
    this.#listener.failedHealthChecks(task);
  }

  /** The Fargate wording [DG service-unhealthy-event-messages]. */
  #announceUnhealthy(task: ServiceTask, failing: HealthProbe): void {
    if (failing !== task.target) {
      this.#announcer.serviceEvent(task.service, `(task ${task.id}) failed container health checks.`);
      return;
    }
    const port = task.rollout.revision.loadBalancers[0]?.containerPort;
    this.#announcer.serviceEvent(
      task.service,
      `(task ${task.id}) (port ${port}) is unhealthy in (target-group ` +
        `${targetGroupDimension(task.rollout.targetGroupArn ?? "")}) due to (reason Health checks failed)`,
    );
  }

  #pulseMs(service: ServiceRecord): number {
    const group = this.#world.options.targetGroup(service.rollouts[0]?.targetGroupArn ?? "");
    return group ? group.healthCheckIntervalSeconds * 1000 : DEFAULT_PULSE_MS;
  }
}

/** The text of the first is AWS's (copilot prints it from DescribeTasks); of the second, unverified. */
function stoppedReason(task: ServiceTask, failing: HealthProbe): string {
  return failing === task.target
    ? `Task failed ELB health checks in (target-group ${task.rollout.targetGroupArn})`
    : "Task failed container health checks";
}
