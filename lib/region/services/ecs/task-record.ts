import type { TaskDefinition, TaskStopCode } from "@aws-sdk/client-ecs";
import type { Timer } from "../../kernel/timer-queue.ts";
import type { HealthProbe } from "./health-probe.ts";
import type { Rollout } from "./rollout.ts";
import type { ServiceRecord } from "./service-record.ts";

/** One task of a service, from PROVISIONING until it is forgotten, at least an hour after it stopped. */
export interface TaskRecord {
  readonly id: string;
  readonly arn: string;
  readonly service: ServiceRecord;
  readonly rollout: Rollout;
  readonly definition: TaskDefinition;
  readonly containers: readonly ContainerRecord[];
  readonly createdAt: number;
  lastStatus: TaskStatus;
  desiredStatus: "RUNNING" | "STOPPED";
  /** Counts the state changes; the EventBridge event carries the same number. */
  version: number;
  pullStartedAt: number | undefined;
  pullStoppedAt: number | undefined;
  startedAt: number | undefined;
  stoppingAt: number | undefined;
  executionStoppedAt: number | undefined;
  stoppedAt: number | undefined;
  stopCode: TaskStopCode | undefined;
  stoppedReason: string | undefined;
  /** The load balancer's view of the task; undefined without a load balancer. */
  readonly target: HealthProbe | undefined;
  /** The container health check of the task definition; undefined without one. */
  readonly check: HealthProbe | undefined;
  /** Whether it has ever counted as healthy: a task that has not is a failed start. */
  wasHealthy: boolean;
  /** Healthy once, now failing its health checks: ECS starts a replacement first, then stops it. */
  needsReplacement: boolean;
  timer: Timer | undefined;
}

/** In the order of a task's life [DG task-lifecycle-explanation]. */
export type TaskStatus =
  | "PROVISIONING"
  | "PENDING"
  | "ACTIVATING"
  | "RUNNING"
  | "DEACTIVATING"
  | "STOPPING"
  | "DEPROVISIONING"
  | "STOPPED";

export interface ContainerRecord {
  readonly name: string;
  readonly arn: string;
  readonly image: string;
  readonly essential: boolean;
  readonly runtimeId: string;
  digest: string | undefined;
  exitCode: number | undefined;
  reason: string | undefined;
}

/** The container that stands for the task: its image decides how the task behaves; sidecars only have to be pullable. */
export function mainContainer(task: TaskRecord): ContainerRecord {
  const balanced = task.rollout.revision.loadBalancers[0]?.containerName;
  const main =
    task.containers.find((container) => container.name === balanced) ??
    task.containers.find((container) => container.essential) ??
    task.containers[0];
  if (!main) throw new Error(`Task ${task.arn} has no container`);
  return main;
}

export function isPending(task: TaskRecord): boolean {
  return ["PROVISIONING", "PENDING", "ACTIVATING"].includes(task.lastStatus);
}
