import * as sdk from "@aws-sdk/client-codedeploy";
import { arnOf } from "../../region-context.ts";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import type { CodeDeployOptions } from "./codedeploy-options.ts";
import { checkAlarms, checkAutoRollback } from "./configuration-checks.ts";
import { DEFAULT_CONFIG, deploymentConfig } from "./deployment-configs.ts";
import type { DeploymentStore } from "./deployment-store.ts";
import { describeApplication, describeGroup } from "./describe.ts";
import type { GroupRecord } from "./records.ts";

/** CreateApplication, GetApplication, CreateDeploymentGroup, GetDeploymentGroup, GetDeploymentConfig: ECS platform only. */
export function groupOperations(
  model: ServiceModel,
  store: DeploymentStore,
  options: CodeDeployOptions,
): void {
  applicationOperations(model, store);
  model
    .on(sdk.CreateDeploymentGroupCommand, {
      accepts: [
        "applicationName",
        "deploymentGroupName",
        "deploymentConfigName",
        "serviceRoleArn",
        "ecsServices",
        "deploymentStyle",
        "alarmConfiguration",
        "autoRollbackConfiguration",
        "loadBalancerInfo.targetGroupPairInfoList",
        "blueGreenDeploymentConfiguration.terminateBlueInstancesOnDeploymentSuccess",
        "blueGreenDeploymentConfiguration.deploymentReadyOption",
      ],
      authorize: (input) => [
        {
          action: "codedeploy:CreateDeploymentGroup",
          resource: store.groupArn(input.applicationName, input.deploymentGroupName),
        },
        {
          action: "iam:PassRole",
          resource: input.serviceRoleArn ?? "",
          context: { "iam:PassedToService": "codedeploy.amazonaws.com" },
        },
      ],
      handle: (input) => {
        const group = makeGroup(store, options, input);
        store.application(group.application).groups.set(group.name, group);
        return { deploymentGroupId: group.id };
      },
    })
    .on(sdk.GetDeploymentGroupCommand, {
      accepts: ["applicationName", "deploymentGroupName"],
      authorize: (input) => [
        {
          action: "codedeploy:GetDeploymentGroup",
          resource: store.groupArn(input.applicationName, input.deploymentGroupName),
        },
      ],
      handle: (input) => ({
        deploymentGroupInfo: describeGroup(store.group(input.applicationName, input.deploymentGroupName)),
      }),
    })
    .on(sdk.GetDeploymentConfigCommand, {
      accepts: ["deploymentConfigName"],
      authorize: (input) => [
        {
          action: "codedeploy:GetDeploymentConfig",
          resource: arnOf(
            store.context,
            "codedeploy",
            `deploymentconfig:${input.deploymentConfigName ?? ""}`,
          ),
        },
      ],
      handle: (input) => ({ deploymentConfigInfo: deploymentConfig(input.deploymentConfigName ?? "") }),
    });
}

function applicationOperations(model: ServiceModel, store: DeploymentStore): void {
  model
    .on(sdk.CreateApplicationCommand, {
      accepts: ["applicationName", "computePlatform"],
      authorize: (input) => [
        { action: "codedeploy:CreateApplication", resource: store.applicationArn(input.applicationName) },
      ],
      handle: ({ applicationName: name = "", computePlatform }) => {
        if (computePlatform !== "ECS") {
          const text = "The simulated region models CodeDeploy for the compute platform ECS only.";
          throw new AwsError("InvalidComputePlatformException", text);
        }
        if (store.applications.has(name)) {
          throw new AwsError(
            "ApplicationAlreadyExistsException",
            `Application already exists for name: ${name}`,
          );
        }
        const createdAt = store.context.kernel.now;
        const application = {
          id: store.random.uuid(),
          name,
          createdAt,
          groups: new Map<string, GroupRecord>(),
        };
        store.applications.set(name, application);
        return { applicationId: application.id };
      },
    })
    .on(sdk.GetApplicationCommand, {
      accepts: ["applicationName"],
      authorize: (input) => [
        { action: "codedeploy:GetApplication", resource: store.applicationArn(input.applicationName) },
      ],
      handle: (input) => ({ application: describeApplication(store.application(input.applicationName)) }),
    });
}

function makeGroup(
  store: DeploymentStore,
  options: CodeDeployOptions,
  input: sdk.CreateDeploymentGroupInput,
): GroupRecord {
  const application = store.application(input.applicationName);
  const name = input.deploymentGroupName ?? "";
  if (application.groups.has(name)) {
    throw new AwsError(
      "DeploymentGroupAlreadyExistsException",
      `Deployment group name already exists: ${name}`,
    );
  }
  const configName = input.deploymentConfigName ?? DEFAULT_CONFIG;
  deploymentConfig(configName);
  checkAlarms(input.alarmConfiguration);
  checkAutoRollback(input.autoRollbackConfiguration);
  const { deploymentType, deploymentOption } = input.deploymentStyle ?? {};
  if (deploymentType !== "BLUE_GREEN" || deploymentOption !== "WITH_TRAFFIC_CONTROL") {
    throw new AwsError(
      "InvalidDeploymentStyleException",
      "For ECS deployment group, deployment type must be BLUE_GREEN and deployment option WITH_TRAFFIC_CONTROL",
    );
  }
  const action = input.blueGreenDeploymentConfiguration?.terminateBlueInstancesOnDeploymentSuccess?.action;
  if (action === "KEEP_ALIVE") {
    // Only TERMINATE is accepted for ECS (terraform-provider-aws#23995).
    throw new AwsError(
      "InvalidBlueGreenDeploymentConfigurationException",
      "KEEP_ALIVE is not supported for ECS.",
    );
  }
  return {
    id: store.random.uuid(),
    name,
    application: application.name,
    configName,
    serviceRoleArn: input.serviceRoleArn ?? "",
    ...serviceOf(options, input),
    targetGroups: targetGroupsOf(options, input),
    loadBalancerInfo: input.loadBalancerInfo ?? {},
    alarms: input.alarmConfiguration,
    autoRollback: input.autoRollbackConfiguration,
    blueGreen: input.blueGreenDeploymentConfiguration ?? {},
    deployments: [],
  };
}

function serviceOf(
  { ecs }: CodeDeployOptions,
  { ecsServices = [] }: sdk.CreateDeploymentGroupInput,
): { readonly cluster: string; readonly service: string } {
  const [only, ...more] = ecsServices;
  const { clusterName: cluster = "default", serviceName: service = "" } = only ?? {};
  const target = more.length === 0 ? ecs.target(cluster, service) : undefined;
  if (target?.controller === "CODE_DEPLOY") return { cluster, service };
  throw new AwsError(
    "InvalidECSServiceException",
    target
      ? "Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller."
      : "The ECS service cannot be found for the deployment group.",
  );
}

function targetGroupsOf(
  { targetGroupArn }: CodeDeployOptions,
  { loadBalancerInfo }: sdk.CreateDeploymentGroupInput,
): readonly [string, string] {
  const pair = loadBalancerInfo?.targetGroupPairInfoList?.[0];
  const [first, second] = (pair?.targetGroups ?? []).map(({ name = "" }) => targetGroupArn(name));
  if (first !== undefined && second !== undefined && pair?.prodTrafficRoute?.listenerArns?.length === 1) {
    return [first, second];
  }
  throw new AwsError(
    "InvalidTargetGroupPairException",
    "A target group pair needs two target groups that exist and one production listener.",
  );
}
