import type {
  ApplicationInfo,
  DeploymentGroupInfo,
  DeploymentInfo,
  LastDeploymentInfo,
} from "@aws-sdk/client-codedeploy";
import { type ApplicationRecord, type DeploymentRecord, type GroupRecord, isOver } from "./records.ts";

const STYLE = { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" } as const;

/** A deployment as GetDeployment shows it. */
export function describeDeployment(deployment: DeploymentRecord): DeploymentInfo {
  const { group, revision, previous, error, rollbackInfo, overrideAlarms } = deployment;
  const autoRollback = deployment.autoRollback ?? group.autoRollback;
  return {
    deploymentId: deployment.id,
    applicationName: group.application,
    deploymentGroupName: group.name,
    deploymentConfigName: deployment.configName,
    ...(revision === undefined ? {} : { revision: revision.location }),
    ...(previous === undefined ? {} : { previousRevision: previous.location }),
    status: deployment.status,
    ...(error === undefined ? {} : { errorInformation: error }),
    createTime: new Date(deployment.createdAt),
    ...(deployment.startedAt === undefined ? {} : { startTime: new Date(deployment.startedAt) }),
    ...(deployment.completedAt === undefined ? {} : { completeTime: new Date(deployment.completedAt) }),
    deploymentOverview: overview(deployment),
    ...(deployment.description === undefined ? {} : { description: deployment.description }),
    creator: deployment.creator,
    ignoreApplicationStopFailures: false,
    updateOutdatedInstancesOnly: false,
    ...(autoRollback === undefined ? {} : { autoRollbackConfiguration: autoRollback }),
    ...(rollbackInfo === undefined ? {} : { rollbackInfo }),
    deploymentStyle: STYLE,
    // Stays false for ECS even while the wait runs (containers-roadmap#269, open): nothing may rely on it.
    instanceTerminationWaitTimeStarted: false,
    blueGreenDeploymentConfiguration: group.blueGreen,
    loadBalancerInfo: group.loadBalancerInfo,
    fileExistsBehavior: "DISALLOW",
    deploymentStatusMessages: [],
    computePlatform: "ECS",
    ...(overrideAlarms === undefined ? {} : { overrideAlarmConfiguration: overrideAlarms }),
  };
}

/** A deployment group as GetDeploymentGroup shows it. */
export function describeGroup(group: GroupRecord): DeploymentGroupInfo {
  const attempted = group.deployments.at(-1);
  const successful = group.deployments.findLast(({ status }) => status === "Succeeded");
  return {
    applicationName: group.application,
    deploymentGroupId: group.id,
    deploymentGroupName: group.name,
    deploymentConfigName: group.configName,
    ec2TagFilters: [],
    onPremisesInstanceTagFilters: [],
    autoScalingGroups: [],
    serviceRoleArn: group.serviceRoleArn,
    ...(successful?.revision === undefined ? {} : { targetRevision: successful.revision.location }),
    triggerConfigurations: [],
    ...(group.alarms === undefined ? {} : { alarmConfiguration: group.alarms }),
    ...(group.autoRollback === undefined ? {} : { autoRollbackConfiguration: group.autoRollback }),
    deploymentStyle: STYLE,
    blueGreenDeploymentConfiguration: group.blueGreen,
    loadBalancerInfo: group.loadBalancerInfo,
    ...(successful === undefined ? {} : { lastSuccessfulDeployment: lastDeployment(successful) }),
    ...(attempted === undefined ? {} : { lastAttemptedDeployment: lastDeployment(attempted) }),
    computePlatform: "ECS",
    ecsServices: [{ serviceName: group.service, clusterName: group.cluster }],
  };
}

export function describeApplication({ id, name, createdAt }: ApplicationRecord): ApplicationInfo {
  return {
    applicationId: id,
    applicationName: name,
    createTime: new Date(createdAt),
    linkedToGitHub: false,
    computePlatform: "ECS",
  };
}

/** The one target of an ECS deployment is its service. */
function overview({ status }: DeploymentRecord): NonNullable<DeploymentInfo["deploymentOverview"]> {
  const none = { Pending: 0, InProgress: 0, Succeeded: 0, Failed: 0, Skipped: 0, Ready: 0 };
  if (status === "Created" || status === "Queued") return { ...none, Pending: 1 };
  if (status === "Succeeded" || status === "Failed" || status === "Ready") return { ...none, [status]: 1 };
  return status === "Stopped" ? { ...none, Skipped: 1 } : { ...none, InProgress: 1 };
}

function lastDeployment(deployment: DeploymentRecord): LastDeploymentInfo {
  return {
    deploymentId: deployment.id,
    status: deployment.status,
    createTime: new Date(deployment.createdAt),
    ...(isOver(deployment) && deployment.completedAt !== undefined
      ? { endTime: new Date(deployment.completedAt) }
      : {}),
  };
}
