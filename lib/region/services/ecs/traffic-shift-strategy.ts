import type { Deployments } from "./deployments.ts";
import type { EcsWorld } from "./ecs-world.ts";
import type { Rollout } from "./rollout.ts";
import type { LifecycleStage, ServiceDeployment } from "./service-deployment.ts";
import { keptTasks, type ServiceRecord } from "./service-record.ts";
import type { TaskFleet } from "./task-fleet.ts";
import { isHealthy } from "./task-health.ts";

/** A listener change takes seconds (docs/facts/performance-reliability.md A2, inferred); also the other brief stages. */
const BRIEF_STAGE_MS = 5_000;

/**
 * BLUE_GREEN, LINEAR and CANARY of the ECS controller [DG blue-green-deployment-how-it-works]: green scales up beside
 * blue, production traffic shifts at once or in steps, both run until the bake time is over, then blue goes.
 *
 * Lifecycle hooks are not modelled. Test traffic passes through its stages without effect.
 */
export class TrafficShiftStrategy {
  readonly #world: EcsWorld;
  readonly #fleet: TaskFleet;
  readonly #deployments: Deployments;

  constructor(world: EcsWorld, fleet: TaskFleet, deployments: Deployments) {
    this.#world = world;
    this.#fleet = fleet;
    this.#deployments = deployments;
  }

  step(service: ServiceRecord, deployment: ServiceDeployment): void {
    if (deployment.status === "PENDING" || deployment.status === "STOP_REQUESTED") return;
    if (deployment.rollback) this.#goBack(service, deployment, deployment.rollback.rollout);
    else this.#advance(service, deployment);
  }

  #advance(service: ServiceRecord, deployment: ServiceDeployment): void {
    const { target: green, blue } = deployment;
    const stage = deployment.stage ?? this.#firstStage(service, deployment);
    if (green.state === "FAILED") return;
    if (blue) this.#fleet.hold(service, blue, stage === "CLEAN_UP" ? 0 : service.desiredCount);
    if (stage === "RECONCILE_SERVICE") {
      const others = service.rollouts.filter((rollout) => rollout !== green && rollout !== blue);
      for (const other of others) this.#fleet.retireAll(service, other);
      if (![...service.tasks].some((task) => others.includes(task.rollout)))
        this.#enter(deployment, "PRE_SCALE_UP");
      this.#world.wake(service);
      return;
    }
    if (stage !== "PRE_SCALE_UP") this.#fleet.hold(service, green, service.desiredCount);
    this.#advanceFrom(stage, service, deployment);
  }

  #advanceFrom(stage: LifecycleStage, service: ServiceRecord, deployment: ServiceDeployment): void {
    const { target: green, blue, configuration } = deployment;
    switch (stage) {
      case "SCALE_UP":
        if (this.#isFull(service, green)) this.#enter(deployment, "POST_SCALE_UP");
        break;
      case "PRODUCTION_TRAFFIC_SHIFT":
        this.#shift(service, deployment);
        return;
      case "BAKE_TIME":
        this.#afterMs(service, deployment, (configuration.bakeTimeInMinutes ?? 0) * 60_000, "CLEAN_UP");
        return;
      case "CLEAN_UP":
        if (blue) this.#fleet.retireAll(service, blue);
        if ([...service.tasks].every((task) => task.rollout === green) && this.#isFull(service, green)) {
          this.#deployments.succeed(service, deployment);
        }
        return;
      default:
        this.#afterMs(service, deployment, BRIEF_STAGE_MS, NEXT_STAGE[stage]);
        return;
    }
    this.#world.wake(service);
  }

  /** One step of the shift: everything at once, or the share that is due by now. */
  #shift(service: ServiceRecord, deployment: ServiceDeployment): void {
    const { target: green, blue, configuration } = deployment;
    const step = shiftStep(configuration, green.productionWeight);
    const waited = this.#world.now - deployment.stageSince;
    if (green.productionWeight > 0 && waited < step.bakeMs) {
      this.#world.wake(service, step.bakeMs - waited);
      return;
    }
    green.productionWeight = Math.min(100, green.productionWeight + step.percent);
    if (blue) blue.productionWeight = 100 - green.productionWeight;
    this.#world.context.kernel.log.write("ecs", "production traffic shifted", {
      service: service.name,
      green: green.productionWeight,
    });
    if (green.productionWeight >= 100) this.#enter(deployment, "POST_PRODUCTION_TRAFFIC_SHIFT");
    else this.#enter(deployment, "PRODUCTION_TRAFFIC_SHIFT");
    this.#world.wake(service);
  }

  /** A rollback: all traffic to blue as soon as blue stands at its full count, then green goes. */
  #goBack(service: ServiceRecord, deployment: ServiceDeployment, blue: Rollout): void {
    if (blue.state === "FAILED") return;
    this.#fleet.hold(service, blue, service.desiredCount);
    if (!this.#isFull(service, blue)) return;
    if (blue.productionWeight < 100) {
      const waited = this.#world.now - (deployment.rollback?.startedAt ?? 0);
      if (waited < BRIEF_STAGE_MS) {
        this.#world.wake(service, BRIEF_STAGE_MS - waited);
        return;
      }
      for (const rollout of service.rollouts) rollout.productionWeight = rollout === blue ? 100 : 0;
      this.#world.context.kernel.log.write("ecs", "production traffic shifted back", {
        service: service.name,
      });
    }
    if (deployment.stage !== "CLEAN_UP") this.#enter(deployment, "CLEAN_UP");
    for (const rollout of service.rollouts) if (rollout !== blue) this.#fleet.retireAll(service, rollout);
    if ([...service.tasks].every((task) => task.rollout === blue)) {
      this.#deployments.succeed(service, deployment);
    }
  }

  #firstStage(service: ServiceRecord, deployment: ServiceDeployment): LifecycleStage {
    const others = service.rollouts.some(
      (rollout) => rollout !== deployment.target && rollout !== deployment.blue,
    );
    return this.#enter(deployment, others ? "RECONCILE_SERVICE" : "PRE_SCALE_UP");
  }

  #enter(deployment: ServiceDeployment, stage: LifecycleStage): LifecycleStage {
    deployment.stage = stage;
    deployment.stageSince = this.#world.now;
    deployment.updatedAt = this.#world.now;
    return stage;
  }

  #afterMs(service: ServiceRecord, deployment: ServiceDeployment, ms: number, next: LifecycleStage): void {
    const left = deployment.stageSince + ms - this.#world.now;
    if (left <= 0) this.#enter(deployment, next);
    this.#world.wake(service, left > 0 ? left : undefined);
  }

  #isFull(service: ServiceRecord, rollout: Rollout): boolean {
    const healthy = keptTasks(service, rollout).filter((task) => isHealthy(task, this.#world.now));
    return healthy.length >= service.desiredCount;
  }
}

type BriefStage = Exclude<LifecycleStage, "SCALE_UP" | "PRODUCTION_TRAFFIC_SHIFT" | "BAKE_TIME" | "CLEAN_UP">;

const NEXT_STAGE: Readonly<Record<BriefStage, LifecycleStage>> = {
  RECONCILE_SERVICE: "PRE_SCALE_UP",
  PRE_SCALE_UP: "SCALE_UP",
  POST_SCALE_UP: "TEST_TRAFFIC_SHIFT",
  TEST_TRAFFIC_SHIFT: "POST_TEST_TRAFFIC_SHIFT",
  POST_TEST_TRAFFIC_SHIFT: "PRODUCTION_TRAFFIC_SHIFT",
  POST_PRODUCTION_TRAFFIC_SHIFT: "BAKE_TIME",
};

/** How much shifts next and how long the step before it bakes; defaults [dts LinearConfiguration, CanaryConfiguration]. */
function shiftStep(
  configuration: ServiceDeployment["configuration"],
  shifted: number,
): { readonly percent: number; readonly bakeMs: number } {
  if (configuration.strategy === "LINEAR") {
    const { stepPercent = 10, stepBakeTimeInMinutes = 6 } = configuration.linearConfiguration ?? {};
    return { percent: stepPercent, bakeMs: stepBakeTimeInMinutes * 60_000 };
  }
  if (configuration.strategy === "CANARY") {
    const { canaryPercent = 5, canaryBakeTimeInMinutes = 10 } = configuration.canaryConfiguration ?? {};
    return { percent: shifted === 0 ? canaryPercent : 100, bakeMs: canaryBakeTimeInMinutes * 60_000 };
  }
  return { percent: 100, bakeMs: 0 };
}
