import type {
  LaunchType,
  NetworkConfiguration,
  Tag,
  TaskDefinition,
  TaskOverride,
  TaskStopCode,
} from "@aws-sdk/client-ecs";
import type { Timer } from "../../kernel/timer-queue.ts";
import type { HealthProbe } from "./health-probe.ts";
import type { Rollout } from "./rollout.ts";
import type { ClusterRecord, ServiceRecord } from "./service-record.ts";
import type { TaskOutcome } from "./task-program.ts";

/** One task, whoever started it: a service, for one of its rollouts, or a RunTask call. */
export type TaskRecord = ServiceTask | StandaloneTask;

export interface ServiceTask extends TaskState {
  readonly kind: "service";
  readonly service: ServiceRecord;
  readonly rollout: Rollout;
  /** The load balancer's view of the task; undefined without a load balancer. */
  readonly target: HealthProbe | undefined;
  /** Whether it has ever counted as healthy: a task that has not is a failed start. */
  wasHealthy: boolean;
  /** Healthy once, now failing its health checks: ECS starts a replacement first, then stops it. */
  needsReplacement: boolean;
}

export interface StandaloneTask extends TaskState {
  readonly kind: "standalone";
  /** DescribeTasks and ListTasks know the task from this moment (epoch milliseconds). */
  readonly visibleFrom: number;
  /** What the container does; known once it has started. */
  outcome: TaskOutcome | undefined;
}

/** What every task has, from PROVISIONING until it is forgotten, at least an hour after it stopped. */
export interface TaskState {
  readonly id: string;
  readonly arn: string;
  readonly cluster: ClusterRecord;
  readonly definition: TaskDefinition;
  readonly containers: readonly ContainerRecord[];
  /** The container that stands for the task: what it does decides what the task does; sidecars only have to be pullable. */
  readonly main: ContainerRecord;
  /** `service:<name>`, or what RunTask was told; `family:<name>` unless told. */
  readonly group: string;
  /** The deployment's id for a task of a service. */
  readonly startedBy: string | undefined;
  readonly launchType: LaunchType | undefined;
  readonly capacityProviderName: string | undefined;
  readonly platformVersion: string | undefined;
  readonly networkConfiguration: NetworkConfiguration | undefined;
  readonly overrides: TaskOverride;
  readonly tags: Tag[];
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
  /** The container health check of the task definition; undefined without one. */
  readonly check: HealthProbe | undefined;
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

export function isPending(task: TaskState): boolean {
  return ["PROVISIONING", "PENDING", "ACTIVATING"].includes(task.lastStatus);
}

/** Whether the container's process is alive: draining and stopping tasks go on working until they have exited. */
export function isExecuting(task: TaskState): boolean {
  return task.startedAt !== undefined && task.executionStoppedAt === undefined;
}
