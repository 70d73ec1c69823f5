import type { Announcer } from "./announcer.ts";
import type { EcsWorld } from "./ecs-world.ts";
import { makeRollout } from "./make-rollout.ts";
import { makeServiceDeployment } from "./make-service-deployment.ts";
import type { Rollout, ServiceRevisionRecord } from "./rollout.ts";
import { aimOf, isTerminal, type ServiceDeployment } from "./service-deployment.ts";
import { keptTasks, latestDeployment, type ServiceRecord } from "./service-record.ts";

/** PENDING lasts a fraction of a second, and so does STOP_REQUESTED (timestamps in kayac/ecspresso#899). */
const PENDING_SECONDS = [0.1, 1] as const;
const STOPPING_SECONDS = [0.2, 2] as const;
/** ROLLBACK_REQUESTED until ROLLBACK_IN_PROGRESS; unverified. The deployment may still succeed in between. */
const ROLLBACK_REQUESTED_SECONDS = [1, 5] as const;

/** Moves service deployments through their statuses [DG service-deployment], and tells who needs to know. */
export class Deployments {
  readonly #world: EcsWorld;
  readonly #announcer: Announcer;
  /** Called when a deployment has become IN_PROGRESS. */
  readonly #started: (service: ServiceRecord, deployment: ServiceDeployment) => void;

  constructor(
    world: EcsWorld,
    announcer: Announcer,
    started: (service: ServiceRecord, deployment: ServiceDeployment) => void,
  ) {
    this.#world = world;
    this.#announcer = announcer;
    this.#started = started;
  }

  /** Starts a deployment of the revision; one that is still running is superseded. */
  begin(service: ServiceRecord, revision: ServiceRevisionRecord): ServiceDeployment {
    const previous = latestDeployment(service);
    const sources = service.rollouts.filter((rollout) => keptTasks(service, rollout).length > 0);
    const blue = [...sources].sort((a, b) => b.productionWeight - a.productionWeight)[0];
    if (previous && !isTerminal(previous)) this.#supersede(service, previous);
    const target = makeRollout(this.#world, service, revision, blue);
    for (const rollout of service.rollouts) rollout.status = "ACTIVE";
    service.rollouts.unshift(target);
    const deployment = makeServiceDeployment(this.#world, service, target, sources, blue);
    service.deployments.push(deployment);
    service.steady = false;
    this.#announcer.deploymentStateChange(
      service,
      target,
      "SERVICE_DEPLOYMENT_IN_PROGRESS",
      target.stateReason,
    );
    this.#world.context.kernel.log.write("ecs", "deployment started", {
      service: service.name,
      deployment: target.id,
      taskDefinition: revision.taskDefinition.slice(revision.taskDefinition.lastIndexOf("/") + 1),
    });
    this.#after(PENDING_SECONDS, () => {
      if (deployment.status !== "PENDING") return;
      deployment.startedAt = this.#world.now;
      this.#set(service, deployment, "IN_PROGRESS");
      this.#started(service, deployment);
    });
    return deployment;
  }

  /** The target runs, alone and healthy, and nothing was found wrong. */
  succeed(service: ServiceRecord, deployment: ServiceDeployment): void {
    const rollout = aimOf(deployment);
    rollout.state = "COMPLETED";
    rollout.stateReason = `ECS deployment ${rollout.id} completed.`;
    rollout.updatedAt = this.#world.now;
    service.completed = rollout;
    service.lastSuccessful = rollout;
    this.#finish(service, deployment, deployment.rollback ? "ROLLBACK_SUCCESSFUL" : "SUCCESSFUL");
    this.#announcer.serviceEvent(service, `(deployment ${rollout.id}) deployment completed.`);
    this.#announcer.deploymentStateChange(
      service,
      rollout,
      "SERVICE_DEPLOYMENT_COMPLETED",
      rollout.stateReason,
    );
  }

  /**
   * The circuit breaker or an alarm has found the deployment bad: it launches nothing more, and goes back to the
   * last completed deployment when asked to. Without a completed deployment it is stalled
   * [DG deployment-circuit-breaker]; that its status is then ROLLBACK_FAILED is unverified.
   */
  fail(service: ServiceRecord, deployment: ServiceDeployment, verdict: FailureVerdict): void {
    const rollout = aimOf(deployment);
    rollout.state = "FAILED";
    rollout.stateReason = verdict.stateReason;
    rollout.updatedAt = this.#world.now;
    this.#announcer.serviceEvent(service, `(deployment ${rollout.id}) ${verdict.serviceEvent}`);
    this.#announcer.deploymentStateChange(service, rollout, "SERVICE_DEPLOYMENT_FAILED", verdict.eventReason);
    if (deployment.rollback) {
      this.#finish(service, deployment, "ROLLBACK_FAILED", verdict.stateReason);
    } else if (!verdict.rollback) {
      this.#stop(service, deployment, verdict.stateReason);
    } else if (service.completed) {
      this.#rollBack(service, deployment, service.completed, verdict.source, verdict.stateReason);
    } else {
      this.#finish(service, deployment, "ROLLBACK_FAILED", "No completed deployment to roll back to.");
    }
    this.#world.wake(service);
  }

  /** StopServiceDeployment: back to the last successful revision, soon. Asking again changes nothing. */
  requestRollback(service: ServiceRecord, deployment: ServiceDeployment): void {
    if (deployment.status !== "PENDING" && deployment.status !== "IN_PROGRESS") return;
    this.#set(service, deployment, "ROLLBACK_REQUESTED");
    this.#after(ROLLBACK_REQUESTED_SECONDS, () => {
      if (deployment.status !== "ROLLBACK_REQUESTED") return;
      const reason = "Service deployment was stopped by a user request.";
      const { target } = deployment;
      target.state = "FAILED";
      target.stateReason = `ECS deployment ${target.id} was stopped.`;
      if (service.lastSuccessful) {
        this.#rollBack(service, deployment, service.lastSuccessful, "ECS deployment stop request", reason);
      } else {
        this.#finish(
          service,
          deployment,
          "ROLLBACK_FAILED",
          "No successful service revision to roll back to.",
        );
      }
    });
  }

  /** Makes an earlier rollout PRIMARY again, with the tasks it still has. */
  #rollBack(
    service: ServiceRecord,
    deployment: ServiceDeployment,
    rollout: Rollout,
    source: string,
    reason: string,
  ): void {
    const record = this.#world.taskDefinitions.find(rollout.revision.taskDefinition);
    if (this.#world.options.rollbackNeedsActiveTaskDefinition && record?.definition.status !== "ACTIVE") {
      this.#finish(service, deployment, "ROLLBACK_FAILED", "TaskDefinition is inactive");
      return;
    }
    for (const other of service.rollouts) other.status = "ACTIVE";
    service.rollouts = [rollout, ...service.rollouts.filter((other) => other !== rollout)];
    rollout.status = "PRIMARY";
    rollout.state = "IN_PROGRESS";
    rollout.stateReason = `${source}: rolling back to deploymentId ${rollout.id}.`;
    rollout.updatedAt = this.#world.now;
    rollout.failedTasks = 0;
    rollout.startFailures = 0;
    rollout.throttledUntil = 0;
    // From here on nothing is COMPLETED: a second failure before this one is done has nowhere to go back to.
    service.completed = undefined;
    service.steady = false;
    deployment.rollback = { reason, startedAt: this.#world.now, rollout };
    deployment.bakingSince = undefined;
    deployment.statusReason = reason;
    this.#set(service, deployment, "ROLLBACK_IN_PROGRESS");
    this.#announcer.serviceEvent(service, `rolling back to deployment ${rollout.id}.`);
    this.#announcer.deploymentStateChange(
      service,
      rollout,
      "SERVICE_DEPLOYMENT_IN_PROGRESS",
      rollout.stateReason,
    );
    this.#world.wake(service);
  }

  /** A superseded rollback ends ROLLBACK_FAILED: its only other way out is success; that AWS does so is unverified. */
  #supersede(service: ServiceRecord, deployment: ServiceDeployment): void {
    const reason = "Service deployment stopped because a newer service deployment started.";
    if (deployment.status === "ROLLBACK_IN_PROGRESS") {
      this.#finish(service, deployment, "ROLLBACK_FAILED", reason);
    } else {
      this.#stop(service, deployment, reason);
    }
  }

  #stop(service: ServiceRecord, deployment: ServiceDeployment, reason: string): void {
    deployment.statusReason = reason;
    this.#set(service, deployment, "STOP_REQUESTED");
    this.#after(STOPPING_SECONDS, () => {
      deployment.stoppedAt = this.#world.now;
      this.#finish(service, deployment, "STOPPED", reason);
    });
  }

  #finish(
    service: ServiceRecord,
    deployment: ServiceDeployment,
    status: "SUCCESSFUL" | "STOPPED" | "ROLLBACK_SUCCESSFUL" | "ROLLBACK_FAILED",
    reason?: string,
  ): void {
    deployment.finishedAt = this.#world.now;
    if (reason !== undefined) deployment.statusReason = reason;
    if (deployment.breaker === "MONITORING") deployment.breaker = "MONITORING_COMPLETE";
    if (deployment.alarms.status === "MONITORING") deployment.alarms.status = "MONITORING_COMPLETE";
    this.#set(service, deployment, status);
  }

  #set(
    service: ServiceRecord,
    deployment: ServiceDeployment,
    status: NonNullable<ServiceDeployment["status"]>,
  ): void {
    deployment.status = status;
    deployment.updatedAt = this.#world.now;
    this.#world.context.kernel.log.write("ecs", "service deployment changed", {
      service: service.name,
      deployment: deployment.target.id,
      status,
    });
    this.#world.wake(service);
  }

  #after([least, most]: readonly [number, number], action: () => void): void {
    this.#world.context.kernel.schedule(this.#world.random.between(least, most) * 1000, action);
  }
}

/** Why a deployment is bad, in the words that each place uses. */
export interface FailureVerdict {
  readonly rollback: boolean;
  /** `ECS deployment circuit breaker` */
  readonly source: string;
  readonly stateReason: string;
  readonly eventReason: string;
  readonly serviceEvent: string;
}
