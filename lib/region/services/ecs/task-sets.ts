import type { LoadBalancer, NetworkConfiguration } from "@aws-sdk/client-ecs";
import { AwsError } from "../../service-model.ts";
import type { EcsWorld } from "./ecs-world.ts";
import { makeRollout } from "./make-rollout.ts";
import { checkLoadBalancers, makeRevision } from "./revisions.ts";
import type { Rollout } from "./rollout.ts";
import { keptTasks, requirePrimary, type ServiceRecord } from "./service-record.ts";
import { isHealthy } from "./task-health.ts";

/** What CodeDeploy does to a service whose deployments it controls; it gets these functions, not the model. */
export interface TaskSetControl {
  /** Undefined when there is no such service, or it is not ACTIVE. */
  target(cluster: string, service: string): TaskSetTarget | undefined;
  /** CreateTaskSet: ACTIVE, without traffic; answers its id. Throws what ECS answers to a content it cannot run. */
  create(cluster: string, service: string, content: TaskSetContent): string;
  /** Whether the set has its full count, healthy. */
  isStable(cluster: string, service: string, id: string): boolean;
  /** Sends this share of the new requests to one set and the rest to the other, as the listener rule would. */
  shift(cluster: string, service: string, percent: number, to: string, from: string): void;
  /** UpdateServicePrimaryTaskSet: the other sets become ACTIVE. */
  makePrimary(cluster: string, service: string, id: string): void;
  /** DeleteTaskSet: DRAINING, gone when its last task has stopped. */
  drain(cluster: string, service: string, id: string): void;
}

export interface TaskSetTarget {
  readonly controller: "ECS" | "CODE_DEPLOY" | "EXTERNAL";
  readonly arn: string;
  readonly desiredCount: number;
  readonly sets: readonly TaskSetView[];
}

export interface TaskSetView {
  readonly id: string;
  readonly status: "PRIMARY" | "ACTIVE" | "DRAINING";
  /** The CodeDeploy deployment that made it. */
  readonly externalId: string | undefined;
  readonly taskDefinition: string;
  readonly targetGroupArn: string | undefined;
  readonly trafficPercent: number;
  readonly runningCount: number;
}

export interface TaskSetContent {
  readonly externalId: string;
  readonly taskDefinition: string;
  readonly loadBalancer: LoadBalancer;
  /** That of the PRIMARY task set unless told. */
  readonly platformVersion?: string | undefined;
  readonly networkConfiguration?: NetworkConfiguration | undefined;
}

/** The task sets of services that CodeDeploy controls; a set is a rollout without a service deployment. */
export function taskSetControl(world: EcsWorld): TaskSetControl {
  const find = (cluster: string, name: string) => world.services.get(world.serviceArn(cluster, name));
  const setOf = (cluster: string, name: string, id: string) => {
    const service = find(cluster, name);
    return { service, set: service?.rollouts.find((rollout) => rollout.id === id) };
  };
  const change = (
    cluster: string,
    name: string,
    id: string,
    action: (set: Rollout, of: ServiceRecord) => void,
  ) => {
    const { service, set } = setOf(cluster, name, id);
    if (!service || !set)
      throw new AwsError("TaskSetNotFoundException", "The specified task set was not found.");
    action(set, service);
    set.updatedAt = world.now;
    world.context.kernel.log.write("ecs", "task set changed", {
      service: name,
      taskSet: id,
      status: set.status,
      traffic: set.productionWeight,
    });
    world.wake(service);
  };
  return {
    target: (cluster, name) => {
      const service = find(cluster, name);
      return service?.status === "ACTIVE" ? viewOf(service) : undefined;
    },
    create: (cluster, name, content) => createSet(world, world.service(cluster, name), content),
    isStable: (cluster, name, id) => {
      const { service, set } = setOf(cluster, name, id);
      return service !== undefined && set !== undefined && isStable(world, service, set);
    },
    shift: (cluster, name, percent, to, from) => {
      change(cluster, name, to, (set) => {
        set.productionWeight = percent;
      });
      change(cluster, name, from, (set) => {
        set.productionWeight = 100 - percent;
      });
    },
    makePrimary: (cluster, name, id) =>
      change(cluster, name, id, (set, service) => {
        for (const other of service.rollouts) if (other.status === "PRIMARY") other.status = "ACTIVE";
        set.status = "PRIMARY";
      }),
    drain: (cluster, name, id) =>
      change(cluster, name, id, (set) => {
        set.status = "DRAINING";
      }),
  };
}

/** STEADY_STATE: running equals the computed count, nothing pending, every health check passes [dts TaskSet]. */
export function isStable(world: EcsWorld, service: ServiceRecord, set: Rollout): boolean {
  const tasks = [...service.tasks].filter((task) => task.rollout === set);
  return tasks.length === wantedCount(service, set) && tasks.every((task) => isHealthy(task, world.now));
}

/** A set that CodeDeploy made is always scaled to 100 %; a draining one to nothing. */
export function wantedCount(service: ServiceRecord, set: Rollout): number {
  return set.status === "DRAINING" ? 0 : service.desiredCount;
}

function createSet(world: EcsWorld, service: ServiceRecord, content: TaskSetContent): string {
  const primary = requirePrimary(service).revision;
  const wanted = {
    definition: world.taskDefinitions.resolveUsable(content.taskDefinition).definition,
    loadBalancers: [content.loadBalancer],
    networkConfiguration: content.networkConfiguration ?? primary.networkConfiguration,
    platformVersion: content.platformVersion ?? primary.platformVersion,
    launchType: primary.launchType,
  };
  checkLoadBalancers(world, wanted);
  const rollout = makeRollout(world, service, makeRevision(world, service, wanted), undefined);
  service.rollouts.push({
    ...rollout,
    externalId: content.externalId,
    status: "ACTIVE",
    state: "COMPLETED",
    productionWeight: 0,
  });
  world.context.kernel.log.write("ecs", "task set created", { service: service.name, taskSet: rollout.id });
  world.wake(service);
  return rollout.id;
}

function viewOf(service: ServiceRecord): TaskSetTarget {
  return {
    controller: service.controller,
    arn: service.arn,
    desiredCount: service.desiredCount,
    sets: service.rollouts.map((rollout) => ({
      id: rollout.id,
      status: rollout.status,
      externalId: rollout.externalId,
      taskDefinition: rollout.revision.taskDefinition,
      targetGroupArn: rollout.targetGroupArn,
      trafficPercent: rollout.productionWeight,
      runningCount: keptTasks(service, rollout).filter(({ lastStatus }) => lastStatus === "RUNNING").length,
    })),
  };
}
