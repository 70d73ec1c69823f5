import type { Announcer } from "./announcer.ts";
import type { Deployments } from "./deployments.ts";
import type { EcsWorld } from "./ecs-world.ts";
import { planRolling, rollingBounds } from "./rolling-plan.ts";
import type { Rollout } from "./rollout.ts";
import { aimOf, isTerminal, type ServiceDeployment } from "./service-deployment.ts";
import { keptTasks, requirePrimary, type ServiceRecord } from "./service-record.ts";
import type { TaskFleet } from "./task-fleet.ts";
import { isHealthy } from "./task-health.ts";

/**
 * The bake time that ECS computes when deployment alarms are on and none is configured: "< 5 min" [DG
 * deployment-alarm-failure]; the number is unverified.
 */
const ALARM_BAKE_SECONDS = 240;

/** Rolling deployments, and every service at rest: replace tasks within the minimum and maximum percentages. */
export class RollingStrategy {
  readonly #world: EcsWorld;
  readonly #announcer: Announcer;
  readonly #fleet: TaskFleet;
  readonly #deployments: Deployments;

  constructor(world: EcsWorld, announcer: Announcer, fleet: TaskFleet, deployments: Deployments) {
    this.#world = world;
    this.#announcer = announcer;
    this.#fleet = fleet;
    this.#deployments = deployments;
  }

  step(service: ServiceRecord, deployment: ServiceDeployment | undefined): void {
    const primary = requirePrimary(service);
    // While it waits for its first or its stop, nothing moves.
    if (deployment?.status === "PENDING") return;
    if (primary.state === "FAILED") this.#shrinkOnly(service);
    else this.#replace(service, primary);
    this.#countWanted(service, primary);
    if (deployment && !isTerminal(deployment) && deployment.status !== "STOP_REQUESTED") {
      this.#completeWhenDone(service, deployment);
    }
  }

  #replace(service: ServiceRecord, primary: Rollout): void {
    const { minimumHealthyPercent = 100, maximumPercent = 200 } = service.configuration;
    const bounds = rollingBounds(service.desiredCount, minimumHealthyPercent, maximumPercent);
    const views = keptTasks(service).map((task) => this.#fleet.view(task, primary));
    const plan = planRolling(service.desiredCount, bounds, views);
    for (const { task, current } of plan.stop) {
      const reason = current
        ? "Scaling activity initiated by service scheduler"
        : `Scaling activity initiated by (deployment ${primary.id})`;
      this.#fleet.retire(task, reason);
    }
    if (plan.stop.length > 0) {
      this.#announcer.serviceEvent(service, `has stopped ${plan.stop.length} running tasks.`);
    }
    this.#fleet.start(service, primary, plan.start);
    if (plan.stuck && !service.stuck) {
      this.#announcer.serviceEvent(
        service,
        "was unable to stop or start tasks during a deployment because of the service deployment configuration. " +
          "Update the minimumHealthyPercent or maximumPercent value and try again.",
      );
    }
    service.stuck = plan.stuck;
  }

  /**
   * "A deployment in FAILED state doesn't launch any new tasks" [dts Deployment.rolloutState]; that what runs then stays,
   * up to the maximum percentage, is unverified.
   */
  #shrinkOnly(service: ServiceRecord): void {
    const { minimumHealthyPercent = 100, maximumPercent = 200 } = service.configuration;
    const { ceiling } = rollingBounds(service.desiredCount, minimumHealthyPercent, maximumPercent);
    const kept = keptTasks(service);
    const surplus = kept
      .sort((a, b) => Number(isHealthy(a, this.#world.now)) - Number(isHealthy(b, this.#world.now)))
      .slice(0, Math.max(0, kept.length - ceiling));
    for (const task of surplus) this.#fleet.retire(task, "Scaling activity initiated by service scheduler");
  }

  #countWanted(service: ServiceRecord, primary: Rollout): void {
    for (const rollout of service.rollouts) {
      rollout.wanted = rollout === primary ? service.desiredCount : keptTasks(service, rollout).length;
    }
  }

  /** Target at its full count and healthy, sources gone, bake time over [DG service-deployment; facts §3.1]. */
  #completeWhenDone(service: ServiceRecord, deployment: ServiceDeployment): void {
    const rollout = aimOf(deployment);
    const target = [...service.tasks].filter((task) => task.rollout === rollout);
    const done =
      rollout.state === "IN_PROGRESS" &&
      service.tasks.size === target.length &&
      target.length === service.desiredCount &&
      target.every((task) => isHealthy(task, this.#world.now));
    if (!done) {
      deployment.bakingSince = undefined;
      return;
    }
    deployment.bakingSince ??= this.#world.now;
    const left = deployment.bakingSince + bakeSeconds(deployment) * 1000 - this.#world.now;
    if (left > 0) this.#world.wake(service, left);
    else this.#deployments.succeed(service, deployment);
  }
}

function bakeSeconds(deployment: ServiceDeployment): number {
  if (deployment.rollback) return 0;
  const { bakeTimeInMinutes } = deployment.configuration;
  if (bakeTimeInMinutes !== undefined) return bakeTimeInMinutes * 60;
  return deployment.alarms.status === "MONITORING" ? ALARM_BAKE_SECONDS : 0;
}
