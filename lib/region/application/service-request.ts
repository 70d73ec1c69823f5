import type {
  AdvancedConfiguration,
  CreateServiceRequest,
  DeploymentConfiguration,
} from "@aws-sdk/client-ecs";
import { arnOf, type RegionContext } from "../region-context.ts";
import { BOARDROOM, type Component, LISTENER, serviceName, targetGroupArn } from "./boardroom-names.ts";
import type { Installation } from "./install-boardroom.ts";

/** The CreateService of one service. What CodeDeploy deploys has no deployment configuration of ECS's. */
export function serviceRequest(
  installation: Installation,
  component: Component,
  taskDefinition: string,
): CreateServiceRequest {
  const { context, desiredCount = { api: 3, web: 2 } } = installation;
  const codeDeploy = installation.services?.[component]?.codeDeploy;
  const deploymentConfiguration = codeDeploy ? undefined : installation.deploymentConfiguration;
  return {
    cluster: BOARDROOM.cluster,
    serviceName: serviceName(component),
    taskDefinition,
    desiredCount: desiredCount[component],
    launchType: "FARGATE",
    healthCheckGracePeriodSeconds: 30,
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: ["subnet-0a1b2c3d", "subnet-4e5f6071"],
        securityGroups: ["sg-0f9e8d7c"],
      },
    },
    loadBalancers: [
      {
        targetGroupArn: targetGroupArn(context, component),
        containerName: BOARDROOM.container,
        containerPort: BOARDROOM.port,
        ...(shiftsTraffic(deploymentConfiguration)
          ? { advancedConfiguration: shiftSettings(context, component) }
          : {}),
      },
    ],
    ...(codeDeploy
      ? { deploymentController: { type: "CODE_DEPLOY" } }
      : {
          deploymentConfiguration: {
            minimumHealthyPercent: 100,
            maximumPercent: 200,
            ...deploymentConfiguration,
          },
        }),
  };
}

function shiftsTraffic(configuration: DeploymentConfiguration | undefined): boolean {
  return configuration?.strategy !== undefined && configuration.strategy !== "ROLLING";
}

/** What a traffic-shifting service needs besides: the second target group, the listener rule, and a role for ECS. */
function shiftSettings(context: RegionContext, component: Component): AdvancedConfiguration {
  return {
    alternateTargetGroupArn: targetGroupArn(context, component, true),
    productionListenerRule: arnOf(
      context,
      "elasticloadbalancing",
      `listener-rule/${BOARDROOM.loadBalancer}/${LISTENER}/${serviceName(component)}`,
    ),
    roleArn: `arn:aws:iam::${context.account}:role/boardroom-load-balancing`,
  };
}
