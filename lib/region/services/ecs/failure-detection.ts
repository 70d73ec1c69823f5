import type { Announcer } from "./announcer.ts";
import { breakerThreshold, startThrottleSeconds } from "./circuit-breaker.ts";
import type { Deployments } from "./deployments.ts";
import type { EcsWorld } from "./ecs-world.ts";
import { aimOf, isTerminal, type ServiceDeployment } from "./service-deployment.ts";
import { keptTasks, latestDeployment, type ServiceRecord } from "./service-record.ts";
import type { ServiceTask } from "./task-record.ts";

/** "ECS polls DescribeAlarms" [DG deployment-alarm-failure]; how often is unverified. */
const ALARM_POLL_MS = 15_000;
const IMPAIRED_AFTER_FAILURES = 3;

/** The two things that can fail a deployment: tasks that do not start, and alarms. Without them it never fails. */
export class FailureDetection {
  readonly #world: EcsWorld;
  readonly #announcer: Announcer;
  readonly #deployments: Deployments;

  constructor(world: EcsWorld, announcer: Announcer, deployments: Deployments) {
    this.#world = world;
    this.#announcer = announcer;
    this.#deployments = deployments;
  }

  /**
   * A task ended that nobody asked to stop, or failed its health checks. It counts against the deployment unless it
   * had been healthy. That a container exiting between RUNNING and its first passing check counts is unverified:
   * the documentation names tasks that do not reach RUNNING and tasks that fail health checks.
   */
  taskEnded(task: ServiceTask): void {
    if (task.wasHealthy) return;
    const { rollout, service } = task;
    rollout.startFailures += 1;
    rollout.throttledUntil = this.#world.now + startThrottleSeconds(rollout.startFailures) * 1000;
    if (rollout.startFailures >= IMPAIRED_AFTER_FAILURES && !service.impaired) {
      service.impaired = true;
      this.#announcer.serviceEvent(service, "is unable to consistently start tasks successfully.");
      this.#announcer.serviceAction(service, "WARN", "SERVICE_TASK_START_IMPAIRED");
    }
    this.#countFailure(service, task);
  }

  /** "a task that reaches a healthy state resets the failure count to 0", unless told otherwise [dts]. */
  becameHealthy(task: ServiceTask): void {
    const { rollout, service } = task;
    rollout.startFailures = 0;
    rollout.throttledUntil = 0;
    service.impaired = false;
    if (rollout.state !== "IN_PROGRESS") return;
    const { deploymentCircuitBreaker } = service.configuration;
    if (deploymentCircuitBreaker?.resetOnHealthyTask !== false) rollout.failedTasks = 0;
  }

  /** The scheduler could not place a task: that counts like a failed start [dts Deployment.failedTasks]. */
  placementFailed(service: ServiceRecord, deployment: ServiceDeployment): void {
    if (isTerminal(deployment)) return;
    aimOf(deployment).failedTasks += 1;
    this.#trip(service, deployment);
  }

  /** Reads the alarms at the start of a deployment and watches them until its end. */
  watchAlarms(service: ServiceRecord, deployment: ServiceDeployment): void {
    const { alarms } = deployment.configuration;
    const names = alarms?.enable ? (alarms.alarmNames ?? []) : [];
    // "If an alarm is in the ALARM state at the beginning of a deployment, Amazon ECS will not monitor alarms for
    // the duration of that deployment" [DG deployment-alarm-failure]. The status it then shows is unverified.
    if (names.length === 0 || names.some((name) => this.#isAlarming(name))) return;
    deployment.alarms.status = "MONITORING";
    this.#pollAlarms(service, deployment, names);
  }

  #pollAlarms(service: ServiceRecord, deployment: ServiceDeployment, names: readonly string[]): void {
    this.#world.context.kernel.schedule(ALARM_POLL_MS, () => {
      // Whether ECS heeds alarms during its own rollback is unverified; here it does not.
      if (isTerminal(deployment) || deployment.status !== "IN_PROGRESS") return;
      const triggered = names.filter((name) => this.#isAlarming(name));
      if (triggered.length === 0 || !hasRunningTask(service, deployment)) {
        this.#pollAlarms(service, deployment, names);
        return;
      }
      deployment.alarms = { status: "TRIGGERED", triggered };
      this.#deployments.fail(service, deployment, {
        rollback: deployment.configuration.alarms?.rollback ?? false,
        source: "ECS deployment alarm",
        // The wording for alarms is unverified; the circuit breaker's is AWS's.
        stateReason: "ECS deployment failed: alarm detected.",
        eventReason: "ECS deployment failed: alarm detected.",
        serviceEvent: "deployment failed: alarm detected.",
      });
    });
  }

  #countFailure(service: ServiceRecord, task: ServiceTask): void {
    const deployment = latestDeployment(service);
    if (!deployment || isTerminal(deployment) || task.rollout !== aimOf(deployment)) return;
    if (task.rollout.state !== "IN_PROGRESS") return;
    task.rollout.failedTasks += 1;
    this.#trip(service, deployment);
  }

  #trip(service: ServiceRecord, deployment: ServiceDeployment): void {
    const breaker = deployment.configuration.deploymentCircuitBreaker;
    const rollout = aimOf(deployment);
    if (!breaker?.enable || rollout.state !== "IN_PROGRESS") return;
    if (rollout.failedTasks < breakerThreshold(deployment.configuration, service.desiredCount)) return;
    deployment.breaker = "TRIGGERED";
    this.#deployments.fail(service, deployment, {
      rollback: breaker.rollback ?? false,
      source: "ECS deployment circuit breaker",
      stateReason: "ECS deployment circuit breaker: tasks failed to start.",
      eventReason: "ECS deployment circuit breaker: task failed to start.",
      serviceEvent: "deployment failed: tasks failed to start.",
    });
  }

  #isAlarming(name: string): boolean {
    return this.#world.options.alarmStateOf(name) === "ALARM";
  }
}

/** Monitoring starts when at least one new task runs [CDK README, facts §5.1]. */
function hasRunningTask(service: ServiceRecord, deployment: ServiceDeployment): boolean {
  return keptTasks(service, deployment.target).some((task) => task.lastStatus === "RUNNING");
}
