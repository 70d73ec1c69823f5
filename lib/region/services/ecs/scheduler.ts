import type { Announcer } from "./announcer.ts";
import { shiftsTraffic } from "./deployment-configuration.ts";
import type { EcsWorld } from "./ecs-world.ts";
import type { RollingStrategy } from "./rolling-strategy.ts";
import type { Rollout } from "./rollout.ts";
import { isTerminal } from "./service-deployment.ts";
import { keptTasks, latestDeployment, primaryOf, type ServiceRecord } from "./service-record.ts";
import type { TaskFleet } from "./task-fleet.ts";
import { isHealthy } from "./task-health.ts";
import type { TaskSetStrategy } from "./task-set-strategy.ts";
import type { TrafficShiftStrategy } from "./traffic-shift-strategy.ts";

/** Looks at a service whenever something about it changed, and moves it one step towards what it should be. */
export class Scheduler {
  readonly #world: EcsWorld;
  readonly #announcer: Announcer;
  readonly #fleet: TaskFleet;
  readonly #rolling: RollingStrategy;
  readonly #shifting: TrafficShiftStrategy;
  readonly #taskSets: TaskSetStrategy;

  constructor(
    world: EcsWorld,
    announcer: Announcer,
    fleet: TaskFleet,
    strategies: {
      readonly rolling: RollingStrategy;
      readonly shifting: TrafficShiftStrategy;
      readonly taskSets: TaskSetStrategy;
    },
  ) {
    this.#world = world;
    this.#announcer = announcer;
    this.#fleet = fleet;
    this.#rolling = strategies.rolling;
    this.#shifting = strategies.shifting;
    this.#taskSets = strategies.taskSets;
  }

  look(service: ServiceRecord): void {
    if (service.status === "DRAINING") this.#drain(service);
    if (service.status !== "ACTIVE" || !primaryOf(service)) return;
    const deployment = latestDeployment(service);
    if (service.controller !== "ECS") this.#taskSets.step(service);
    else if (deployment && !isTerminal(deployment) && shiftsTraffic(deployment.configuration)) {
      this.#shifting.step(service, deployment);
    } else {
      this.#rolling.step(service, deployment);
    }
    forgetEmptyRollouts(service);
    this.#announceSteadyState(service);
  }

  /** DeleteService: tasks go, then the service is INACTIVE [dts DeleteService]. */
  #drain(service: ServiceRecord): void {
    for (const task of keptTasks(service)) this.#fleet.retire(task, "The service is being deleted");
    if (service.tasks.size > 0) return;
    service.status = "INACTIVE";
    service.rollouts = [];
  }

  /** "A service … is healthy and at the desired number of tasks, thus reaching a steady state" [DG23]. */
  #announceSteadyState(service: ServiceRecord): void {
    const primary = primaryOf(service);
    const kept = keptTasks(service);
    const steady =
      kept.length === service.tasks.size &&
      kept.length === service.desiredCount &&
      primary?.state === "COMPLETED" &&
      kept.every((task) => task.rollout === primary && isHealthy(task, this.#world.now));
    if (steady && !service.steady) {
      this.#announcer.serviceEvent(service, "has reached a steady state.");
      this.#announcer.serviceAction(service, "INFO", "SERVICE_STEADY_STATE");
    }
    service.steady = steady;
  }
}

function forgetEmptyRollouts(service: ServiceRecord): void {
  const inUse = new Set([...service.tasks].map((task) => task.rollout));
  // A task set stays until it is deleted, with or without tasks.
  const isKept = ({ status }: Rollout) =>
    status === "PRIMARY" || (service.controller !== "ECS" && status === "ACTIVE");
  service.rollouts = service.rollouts.filter((rollout) => isKept(rollout) || inUse.has(rollout));
}
