import { describeTask } from "./describe-task.ts";
import type { EcsWorld } from "./ecs-world.ts";
import type { Rollout } from "./rollout.ts";
import type { ServiceRecord } from "./service-record.ts";
import type { TaskRecord } from "./task-record.ts";

/** DescribeServices gives the last 100 events [dts Service.events]. */
const SERVICE_EVENTS_KEPT = 100;

/** Tells the world what happens: a service's `events[]`, EventBridge, and the region's log. */
export class Announcer {
  readonly #world: EcsWorld;

  constructor(world: EcsWorld) {
    this.#world = world;
  }

  /** `text` comes after `(service <name>) `. */
  serviceEvent(service: ServiceRecord, text: string): void {
    const { kernel } = this.#world.context;
    service.events.unshift({
      id: this.#world.random.uuid(),
      createdAt: kernel.date(),
      message: `(service ${service.name}) ${text}`,
    });
    service.events.splice(SERVICE_EVENTS_KEPT);
    kernel.log.write("ecs", "service event", { service: service.name, text });
  }

  /** `ECS Deployment State Change` [DG ecs_service_deployment_events]. */
  deploymentStateChange(
    service: ServiceRecord,
    rollout: Rollout,
    eventName:
      | "SERVICE_DEPLOYMENT_IN_PROGRESS"
      | "SERVICE_DEPLOYMENT_COMPLETED"
      | "SERVICE_DEPLOYMENT_FAILED",
    reason: string,
  ): void {
    this.#world.context.emit({
      source: "aws.ecs",
      detailType: "ECS Deployment State Change",
      resources: [service.arn],
      detail: {
        eventType: eventName === "SERVICE_DEPLOYMENT_FAILED" ? "ERROR" : "INFO",
        eventName,
        deploymentId: rollout.id,
        updatedAt: this.#timestamp(),
        reason,
      },
    });
  }

  /** `ECS Service Action` [DG ecs_service_events]. */
  serviceAction(
    service: ServiceRecord,
    eventType: "INFO" | "WARN" | "ERROR",
    eventName: "SERVICE_STEADY_STATE" | "SERVICE_TASK_START_IMPAIRED" | "SERVICE_TASK_PLACEMENT_FAILURE",
    facts: Readonly<Record<string, unknown>> = {},
  ): void {
    this.#world.context.emit({
      source: "aws.ecs",
      detailType: "ECS Service Action",
      resources: [service.arn],
      detail: {
        eventType,
        eventName,
        clusterArn: service.cluster.arn,
        ...facts,
        createdAt: this.#timestamp(),
      },
    });
  }

  /** `ECS Task State Change`: the detail is the task as DescribeTasks gives it. */
  taskStateChange(task: TaskRecord): void {
    this.#world.context.emit({
      source: "aws.ecs",
      detailType: "ECS Task State Change",
      resources: [task.arn],
      detail: {
        ...withoutDates(describeTask(this.#world, task)),
        updatedAt: this.#timestamp(),
      },
    });
    const { log } = this.#world.context.kernel;
    const stopped = task.lastStatus === "STOPPED" ? { stopCode: task.stopCode } : {};
    const progress = { task: task.id.slice(0, 8), status: task.lastStatus };
    if (task.kind === "service") {
      const { service, rollout } = task;
      log.write("ecs", "task changed", {
        service: service.name,
        deployment: rollout.id,
        ...progress,
        desired: service.desiredCount,
        ...stopped,
      });
    } else {
      const exit = task.main.exitCode === undefined ? {} : { exitCode: task.main.exitCode };
      log.write("ecs", "standalone task changed", {
        family: task.definition.family,
        ...progress,
        ...stopped,
        ...exit,
      });
    }
  }

  #timestamp(): string {
    return this.#world.context.kernel.date().toISOString();
  }
}

/** EventBridge carries JSON: dates become text, and absent members stay absent. */
function withoutDates(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value));
}
