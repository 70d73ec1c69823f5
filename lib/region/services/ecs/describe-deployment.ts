import type {
  ServiceDeployment as DescribedDeployment,
  ServiceDeploymentBrief,
  ServiceRevision,
  ServiceRevisionSummary,
} from "@aws-sdk/client-ecs";
import { breakerThreshold } from "./circuit-breaker.ts";
import { shiftsTraffic } from "./deployment-configuration.ts";
import { taskCounts } from "./describe-service.ts";
import type { Rollout, ServiceRevisionRecord } from "./rollout.ts";
import type { ServiceDeployment } from "./service-deployment.ts";
import type { ServiceRecord } from "./service-record.ts";

/** A service deployment as DescribeServiceDeployments shows it. */
export function describeDeployment(
  service: ServiceRecord,
  deployment: ServiceDeployment,
): DescribedDeployment {
  const { configuration, rollback, target } = deployment;
  return {
    serviceDeploymentArn: deployment.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: new Date(deployment.createdAt),
    ...moments(deployment),
    updatedAt: new Date(deployment.updatedAt),
    sourceServiceRevisions: deployment.sources.map((revision) => summary(service, deployment, revision)),
    targetServiceRevision: summary(service, deployment, target.revision),
    status: deployment.status,
    ...(deployment.statusReason === undefined ? {} : { statusReason: deployment.statusReason }),
    ...(deployment.stage === undefined ? {} : { lifecycleStage: deployment.stage }),
    deploymentConfiguration: configuration,
    ...(rollback === undefined
      ? {}
      : {
          rollback: {
            reason: rollback.reason,
            startedAt: new Date(rollback.startedAt),
            serviceRevisionArn: rollback.rollout.revision.arn,
          },
        }),
    deploymentCircuitBreaker: {
      status: deployment.breaker,
      failureCount: target.failedTasks,
      threshold: breakerThreshold(configuration, service.desiredCount),
    },
    alarms: {
      status: deployment.alarms.status,
      alarmNames: configuration.alarms?.alarmNames ?? [],
      triggeredAlarmNames: [...deployment.alarms.triggered],
    },
  };
}

/** The same, as ListServiceDeployments shows it. */
export function briefDeployment(
  service: ServiceRecord,
  deployment: ServiceDeployment,
): ServiceDeploymentBrief {
  return {
    serviceDeploymentArn: deployment.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: new Date(deployment.createdAt),
    ...(deployment.startedAt === undefined ? {} : { startedAt: new Date(deployment.startedAt) }),
    ...(deployment.finishedAt === undefined ? {} : { finishedAt: new Date(deployment.finishedAt) }),
    targetServiceRevisionArn: deployment.target.revision.arn,
    status: deployment.status,
    ...(deployment.statusReason === undefined ? {} : { statusReason: deployment.statusReason }),
  };
}

/** A service revision as DescribeServiceRevisions shows it. */
export function describeRevision(revision: ServiceRevisionRecord): ServiceRevision {
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: revision.serviceArn,
    clusterArn: revision.clusterArn,
    taskDefinition: revision.taskDefinition,
    launchType: revision.launchType,
    ...(revision.platformVersion === undefined ? {} : { platformVersion: revision.platformVersion }),
    platformFamily: "Linux",
    loadBalancers: [...revision.loadBalancers],
    ...(revision.networkConfiguration === undefined
      ? {}
      : { networkConfiguration: revision.networkConfiguration }),
    containerImages: revision.containerImages.map((image) => ({ ...image })),
    guardDutyEnabled: false,
    createdAt: new Date(revision.createdAt),
  };
}

function moments(
  deployment: ServiceDeployment,
): Pick<DescribedDeployment, "startedAt" | "finishedAt" | "stoppedAt"> {
  return {
    ...(deployment.startedAt === undefined ? {} : { startedAt: new Date(deployment.startedAt) }),
    ...(deployment.finishedAt === undefined ? {} : { finishedAt: new Date(deployment.finishedAt) }),
    ...(deployment.stoppedAt === undefined ? {} : { stoppedAt: new Date(deployment.stoppedAt) }),
  };
}

function summary(
  service: ServiceRecord,
  deployment: ServiceDeployment,
  revision: ServiceRevisionRecord,
): ServiceRevisionSummary {
  const rollout = service.rollouts.find((candidate) => candidate.revision === revision);
  const { runningCount, pendingCount } = rollout
    ? taskCounts(service, rollout)
    : { runningCount: 0, pendingCount: 0 };
  return {
    arn: revision.arn,
    requestedTaskCount: rollout?.wanted ?? 0,
    runningTaskCount: runningCount,
    pendingTaskCount: pendingCount,
    ...(shiftsTraffic(deployment.configuration) ? weights(rollout) : {}),
  };
}

function weights(rollout: Rollout | undefined): ServiceRevisionSummary {
  return {
    requestedTestTrafficWeight: 0,
    requestedProductionTrafficWeight: rollout?.productionWeight ?? 0,
  };
}
