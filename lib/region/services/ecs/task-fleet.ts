import type { Announcer } from "./announcer.ts";
import type { EcsWorld } from "./ecs-world.ts";
import type { FailureDetection } from "./failure-detection.ts";
import { planRolling, type RollingTask, rollingBounds } from "./rolling-plan.ts";
import type { Rollout } from "./rollout.ts";
import { keptTasks, latestDeployment, type ServiceRecord } from "./service-record.ts";
import { isHealthy } from "./task-health.ts";
import type { TaskLifecycle } from "./task-lifecycle.ts";
import type { ServiceTask } from "./task-record.ts";

const PLACEMENT_RETRY_MS = 60_000;
const SCALING = "Scaling activity initiated by service scheduler";

/** Starts and stops the tasks of a service, within the start throttle and the cluster's capacity. */
export class TaskFleet {
  readonly #world: EcsWorld;
  readonly #lifecycle: TaskLifecycle;
  readonly #announcer: Announcer;
  readonly #failures: FailureDetection;

  constructor(world: EcsWorld, lifecycle: TaskLifecycle, announcer: Announcer, failures: FailureDetection) {
    this.#world = world;
    this.#lifecycle = lifecycle;
    this.#announcer = announcer;
    this.#failures = failures;
  }

  start(service: ServiceRecord, rollout: Rollout, count: number): void {
    if (count <= 0) return;
    const wait = rollout.throttledUntil - this.#world.now;
    if (wait > 0) {
      this.#world.wake(service, wait);
      return;
    }
    let started = 0;
    while (started < count && this.#world.roomIn(service.cluster) > 0) {
      this.#lifecycle.start(service, rollout);
      started += 1;
    }
    if (started > 0) {
      this.#announcer.serviceEvent(service, `has started ${started} tasks.`);
    }
    if (started < count) this.#placementFailed(service, rollout);
  }

  /** Stops a task that the service no longer needs. */
  retire(task: ServiceTask, reason: string): void {
    this.#lifecycle.stop(task, "ServiceSchedulerInitiated", reason);
  }

  /** Holds one revision at a count; failing tasks are replaced, and a second revision beside it may overlap in full. */
  hold(service: ServiceRecord, rollout: Rollout, count: number): void {
    rollout.wanted = count;
    if (rollout.state === "FAILED") return;
    const views = keptTasks(service, rollout).map((task) => this.view(task, rollout));
    const plan = planRolling(count, rollingBounds(count, 100, 200), views);
    for (const { task } of plan.stop) this.retire(task, SCALING);
    this.start(service, rollout, plan.start);
  }

  retireAll(service: ServiceRecord, rollout: Rollout): void {
    rollout.wanted = 0;
    for (const task of keptTasks(service, rollout)) this.retire(task, SCALING);
  }

  /** A task as the rolling plan sees it. */
  view(task: ServiceTask, current: Rollout): RollingTask & { readonly task: ServiceTask } {
    return {
      task,
      current: task.rollout === current,
      healthy: isHealthy(task, this.#world.now),
      running: task.lastStatus === "RUNNING",
      needsReplacement: task.needsReplacement,
    };
  }

  #placementFailed(service: ServiceRecord, rollout: Rollout): void {
    rollout.throttledUntil = this.#world.now + PLACEMENT_RETRY_MS;
    this.#world.wake(service, PLACEMENT_RETRY_MS);
    this.#announcer.serviceEvent(
      service,
      "was unable to place a task. Reason: Capacity is unavailable at this time. " +
        "Please try again later or in a different availability zone.",
    );
    this.#announcer.serviceAction(service, "ERROR", "SERVICE_TASK_PLACEMENT_FAILURE", {
      reason: "RESOURCE:FARGATE",
    });
    const deployment = latestDeployment(service);
    if (deployment) this.#failures.placementFailed(service, deployment);
  }
}
