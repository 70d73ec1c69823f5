import type { Application, ReleaseBehaviour } from "../../application/application.ts";
import type { Random } from "../../kernel/random.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import type { EcsOptions } from "./ecs-options.ts";
import { runningImage } from "./running-image.ts";
import type { ServiceDeployment } from "./service-deployment.ts";
import type { ClusterRecord, ServiceRecord } from "./service-record.ts";
import { TaskDefinitions } from "./task-definitions.ts";
import type { ServiceTask, TaskRecord } from "./task-record.ts";

/** How soon the scheduler looks at a service after something changed. */
const REACTION_MS = 500;
/** "Stopped tasks stay visible at least 1 hour" [dts DescribeTasks]. */
const STOPPED_TASKS_KEPT_MS = 3_600_000;

/** All that ECS holds, and the way to find it. The behaviour is in the classes that are given this one. */
export class EcsWorld {
  readonly context: RegionContext;
  readonly application: Application;
  readonly options: EcsOptions;
  readonly random: Random;
  readonly taskDefinitions: TaskDefinitions;
  readonly clusters = new Map<string, ClusterRecord>();
  /** By ARN. A deleted service stays, INACTIVE, until another takes its name. */
  readonly services = new Map<string, ServiceRecord>();
  /** By ARN, stopped ones included. */
  readonly tasks = new Map<string, TaskRecord>();
  #look: (service: ServiceRecord) => void = () => undefined;

  constructor(context: RegionContext, application: Application, options: EcsOptions) {
    this.context = context;
    this.application = application;
    this.options = options;
    this.random = context.kernel.random.fork("ecs");
    const [least, most] = options.inactiveGraceSeconds ?? [0, 600];
    this.taskDefinitions = new TaskDefinitions(context, () => this.random.between(least, most) * 1000);
  }

  get now(): number {
    return this.context.kernel.now;
  }

  /** Says who looks at a service when it is woken. */
  lookWith(look: (service: ServiceRecord) => void): void {
    this.#look = look;
  }

  /** Has the scheduler look at the service soon, or after `delayMs`; an earlier look already planned stands. */
  wake(service: ServiceRecord, delayMs = REACTION_MS): void {
    const at = this.now + delayMs;
    if (service.wake && service.wake.at <= at) return;
    service.wake?.cancel();
    service.wake = this.context.kernel.schedule(delayMs, () => {
      service.wake = undefined;
      this.#look(service);
    });
  }

  /** The name of the cluster in a request: a short name or an ARN, `default` when omitted. */
  clusterName(reference: string | undefined): string {
    return reference?.slice(reference.lastIndexOf("/") + 1) ?? "default";
  }

  clusterArn(reference: string | undefined): string {
    return arnOf(this.context, "ecs", `cluster/${this.clusterName(reference)}`);
  }

  serviceArn(cluster: string | undefined, service: string | undefined): string {
    const name = service?.slice(service.lastIndexOf("/") + 1) ?? "";
    return arnOf(this.context, "ecs", `service/${this.clusterName(cluster)}/${name}`);
  }

  cluster(reference: string | undefined): ClusterRecord {
    const cluster = this.clusters.get(this.clusterName(reference));
    if (!cluster) throw new AwsError("ClusterNotFoundException", "Cluster not found.");
    return cluster;
  }

  service(cluster: string | undefined, reference: string | undefined): ServiceRecord {
    this.cluster(cluster);
    const service = this.services.get(this.serviceArn(cluster, reference));
    if (!service) throw new AwsError("ServiceNotFoundException", "Service not found.");
    return service;
  }

  deployment(arn: string): { service: ServiceRecord; deployment: ServiceDeployment } | undefined {
    for (const service of this.services.values()) {
      const deployment = service.deployments.find((candidate) => candidate.arn === arn);
      if (deployment) return { service, deployment };
    }
    return undefined;
  }

  /** What the task's main container does at this moment. Only for tasks whose image is resolved. */
  behaviourOf(task: ServiceTask): ReleaseBehaviour {
    return this.application.behaviour(runningImage(task.main));
  }

  /** How many more tasks fit in the cluster now. */
  roomIn(cluster: ClusterRecord): number {
    const capacity = this.options.capacity?.(cluster.name) ?? Number.POSITIVE_INFINITY;
    const used = [...this.tasks.values()].filter(
      (task) => task.cluster === cluster && task.lastStatus !== "STOPPED",
    );
    return Math.max(0, capacity - used.length);
  }

  /** Drops the tasks that stopped so long ago that AWS may have forgotten them. */
  forgetOldTasks(): void {
    for (const task of this.tasks.values()) {
      if (task.stoppedAt !== undefined && this.now - task.stoppedAt > STOPPED_TASKS_KEPT_MS) {
        this.tasks.delete(task.arn);
      }
    }
  }

  /** Nineteen digits, as in deployment ids and service revisions. */
  digits(): string {
    return Array.from({ length: 19 }, () => this.random.integer(1, 9)).join("");
  }
}
