import { createHash } from "node:crypto";
import type { CreateDeploymentInput, RevisionLocation } from "@aws-sdk/client-codedeploy";
import { arnOf } from "../../region-context.ts";
import { AwsError, type Permission } from "../../service-model.ts";
import { readAppSpec } from "./app-spec.ts";
import { checkAlarms, checkAutoRollback } from "./configuration-checks.ts";
import { deploymentConfig } from "./deployment-configs.ts";
import type { DeploymentRunner } from "./deployment-runner.ts";
import type { DeploymentStore } from "./deployment-store.ts";
import { newDeployment } from "./new-deployment.ts";
import { type DeploymentRecord, isOver, type Revision } from "./records.ts";

/** CreateDeployment: checks what can be checked, and begins. What ECS does not like fails the deployment later. */
export function createDeployment(
  store: DeploymentStore,
  runner: DeploymentRunner,
  input: CreateDeploymentInput,
): DeploymentRecord {
  const group = store.group(input.applicationName, input.deploymentGroupName);
  const configName = input.deploymentConfigName ?? group.configName;
  deploymentConfig(configName);
  checkAlarms(input.overrideAlarmConfiguration);
  checkAutoRollback(input.autoRollbackConfiguration);
  const revision = readRevision(input.revision);
  const active = group.deployments.find((deployment) => !isOver(deployment));
  if (active) {
    // AWS's words (CircleCI-Public/aws-ecs-orb#181).
    const text = `The Deployment Group '${group.name}' already has an active Deployment '${active.id}'`;
    throw new AwsError("DeploymentLimitExceededException", text);
  }
  const deployment = newDeployment(store, group, {
    revision,
    configName,
    description: input.description,
    creator: "user",
    overrideAlarms: input.overrideAlarmConfiguration,
    autoRollback: input.autoRollbackConfiguration,
    undoes: undefined,
  });
  runner.begin(deployment);
  return deployment;
}

/**
 * Besides CreateDeployment itself [CodeDeploy auth-and-access-control-permissions-reference]: reading the deployment
 * configuration, registering the revision, and for an alarm override UpdateDeploymentGroup (docs/facts/ecs.md §2.5, §7).
 * That GetApplicationRevision is checked on every call is unverified: the stricter reading.
 */
export function createDeploymentPermissions(
  store: DeploymentStore,
  input: CreateDeploymentInput,
): readonly Permission[] {
  const { applicationName, deploymentGroupName } = input;
  const group = store.groupArn(applicationName, deploymentGroupName);
  const application = store.applicationArn(applicationName);
  const known = store.applications.get(applicationName ?? "")?.groups.get(deploymentGroupName ?? "");
  const configName = input.deploymentConfigName ?? known?.configName ?? "*";
  return [
    { action: "codedeploy:CreateDeployment", resource: group },
    {
      action: "codedeploy:GetDeploymentConfig",
      resource: arnOf(store.context, "codedeploy", `deploymentconfig:${configName}`),
    },
    { action: "codedeploy:GetApplicationRevision", resource: application },
    { action: "codedeploy:RegisterApplicationRevision", resource: application },
    ...(input.overrideAlarmConfiguration
      ? [{ action: "codedeploy:UpdateDeploymentGroup", resource: group }]
      : []),
  ];
}

function readRevision(location: RevisionLocation | undefined): Revision {
  const content = location?.appSpecContent?.content;
  if (location === undefined) {
    throw new AwsError("RevisionRequiredException", "Revision is missing");
  }
  if (location.revisionType !== "AppSpecContent" || content === undefined) {
    throw new AwsError(
      "InvalidRevisionException",
      "The revision must be an AppSpecContent with its content.",
    );
  }
  const sha256 = createHash("sha256").update(content).digest("hex");
  const claimed = location.appSpecContent?.sha256;
  if (claimed !== undefined && claimed !== sha256) {
    throw new AwsError(
      "InvalidRevisionException",
      "The SHA256 hash value does not match the revision content.",
    );
  }
  return {
    location: { revisionType: "AppSpecContent", appSpecContent: { content, sha256 } },
    appSpec: readAppSpec(content),
  };
}
