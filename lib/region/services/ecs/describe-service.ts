import type { Deployment, Service, TaskSet } from "@aws-sdk/client-ecs";
import { arnOf } from "../../region-context.ts";
import type { EcsWorld } from "./ecs-world.ts";
import type { Rollout } from "./rollout.ts";
import { isTerminal } from "./service-deployment.ts";
import { latestDeployment, primaryOf, type ServiceRecord } from "./service-record.ts";
import { isPending } from "./task-record.ts";
import { isStable, wantedCount } from "./task-sets.ts";

/** A service as DescribeServices shows it. */
export function describeService(
  world: EcsWorld,
  service: ServiceRecord,
  { withTags = false }: { readonly withTags?: boolean } = {},
): Service {
  const primary = primaryOf(service);
  const revision = primary?.revision;
  const latest = latestDeployment(service);
  const isEcs = service.controller === "ECS";
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    loadBalancers: [...(revision?.loadBalancers ?? [])],
    serviceRegistries: [],
    status: service.status,
    desiredCount: service.desiredCount,
    ...taskCounts(service),
    ...(revision === undefined
      ? {}
      : { launchType: revision.launchType, taskDefinition: revision.taskDefinition }),
    ...(revision?.platformVersion === undefined ? {} : { platformVersion: revision.platformVersion }),
    ...(revision?.networkConfiguration === undefined
      ? {}
      : { networkConfiguration: revision.networkConfiguration }),
    deploymentConfiguration: service.configuration,
    // Absent for the ECS controller [dts CreateServiceResponse].
    ...(isEcs ? {} : { deploymentController: { type: service.controller } }),
    deployments: isEcs ? service.rollouts.map((rollout) => describeRollout(service, rollout)) : [],
    ...(isEcs
      ? {}
      : { taskSets: service.rollouts.map((rollout) => describeTaskSet(world, service, rollout)) }),
    ...(isEcs && latest && latest.status !== "PENDING" && !isTerminal(latest)
      ? { currentServiceDeployment: latest.arn }
      : {}),
    ...(isEcs
      ? {
          currentServiceRevisions: service.rollouts.map((rollout) => ({
            arn: rollout.revision.arn,
            requestedTaskCount: rollout.wanted,
            runningTaskCount: taskCounts(service, rollout).runningCount,
            pendingTaskCount: taskCounts(service, rollout).pendingCount,
          })),
        }
      : {}),
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    events: service.events.map((event) => ({ ...event })),
    createdAt: new Date(service.createdAt),
    createdBy: service.createdBy,
    placementConstraints: [],
    placementStrategy: [],
    schedulingStrategy: service.schedulingStrategy,
    enableECSManagedTags: false,
    propagateTags: "NONE",
    enableExecuteCommand: false,
    availabilityZoneRebalancing: "DISABLED",
    resourceManagementType: "CUSTOMER",
    ...(withTags ? { tags: [...service.tags] } : {}),
  };
}

/** Running and pending tasks of a service, or of one of its rollouts; tasks that are stopping count as neither. */
export function taskCounts(
  service: ServiceRecord,
  rollout?: Rollout,
): { readonly runningCount: number; readonly pendingCount: number } {
  const tasks = [...service.tasks].filter(
    (task) => (rollout === undefined || task.rollout === rollout) && task.desiredStatus === "RUNNING",
  );
  return {
    runningCount: tasks.filter((task) => task.lastStatus === "RUNNING").length,
    pendingCount: tasks.filter(isPending).length,
  };
}

function describeRollout(service: ServiceRecord, rollout: Rollout): Deployment {
  const { revision } = rollout;
  return {
    id: rollout.id,
    status: rollout.status,
    taskDefinition: revision.taskDefinition,
    desiredCount: rollout.wanted,
    ...taskCounts(service, rollout),
    failedTasks: rollout.failedTasks,
    createdAt: new Date(rollout.createdAt),
    updatedAt: new Date(rollout.updatedAt),
    launchType: revision.launchType,
    ...(revision.platformVersion === undefined ? {} : { platformVersion: revision.platformVersion }),
    ...(revision.networkConfiguration === undefined
      ? {}
      : { networkConfiguration: revision.networkConfiguration }),
    rolloutState: rollout.state,
    rolloutStateReason: rollout.stateReason,
  };
}

/** A task set; its id and ARN look like those in the examples of `aws ecs create-task-set`. */
function describeTaskSet(world: EcsWorld, service: ServiceRecord, set: Rollout): TaskSet {
  const { revision } = set;
  return {
    id: set.id,
    taskSetArn: arnOf(world.context, "ecs", `task-set/${service.cluster.name}/${service.name}/${set.id}`),
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    startedBy: service.controller === "CODE_DEPLOY" ? "CODE_DEPLOY" : service.createdBy,
    ...(set.externalId === undefined ? {} : { externalId: set.externalId }),
    status: set.status,
    taskDefinition: revision.taskDefinition,
    computedDesiredCount: wantedCount(service, set),
    ...taskCounts(service, set),
    createdAt: new Date(set.createdAt),
    updatedAt: new Date(set.updatedAt),
    launchType: revision.launchType,
    ...(revision.platformVersion === undefined ? {} : { platformVersion: revision.platformVersion }),
    ...(revision.networkConfiguration === undefined
      ? {}
      : { networkConfiguration: revision.networkConfiguration }),
    loadBalancers: [...revision.loadBalancers],
    serviceRegistries: [],
    scale: { value: set.status === "DRAINING" ? 0 : 100, unit: "PERCENT" },
    stabilityStatus: isStable(world, service, set) ? "STEADY_STATE" : "STABILIZING",
    stabilityStatusAt: new Date(world.now),
  };
}
