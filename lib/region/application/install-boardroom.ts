import type {
  AdvancedConfiguration,
  ContainerDefinition,
  CreateServiceRequest,
  DeploymentConfiguration,
  DescribeServicesResponse,
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
} from "@aws-sdk/client-ecs";
import { arnOf, type RegionContext } from "../region-context.ts";
import type { Boardroom } from "./boardroom.ts";
import {
  BOARDROOM,
  COMPONENTS,
  type Component,
  repositoryName,
  serviceName,
  targetGroupArn,
} from "./boardroom-names.ts";
import type { TargetsOf } from "./traffic.ts";

/** Calls an operation as the operator: the region's own call, bound to a principal. */
export type OperatorCall = (
  service: string,
  operation: string,
  input: object,
) => Promise<Record<string, unknown>>;

export interface Installation {
  readonly context: RegionContext;
  readonly call: OperatorCall;
  readonly boardroom: Boardroom;
  readonly ecs: { readonly targets: TargetsOf };
  readonly ecr: {
    readonly images: { readonly registry: string };
    push(repository: string, tag: string): string;
  };
  /** Added to minimum 100 %, maximum 200 %: circuit breaker, alarms, strategy … */
  readonly deploymentConfiguration?: DeploymentConfiguration;
  readonly desiredCount?: Readonly<Record<Component, number>>;
  /** Added to the containers of every release. */
  readonly containers?: Partial<Record<Component, Partial<ContainerDefinition>>>;
}

/**
 * Creates the cluster, the repositories with both releases, the task definitions and the services through the
 * operations of the region, waits until release 2.9.5 runs, and lets the users in.
 */
export async function installBoardroom(installation: Installation): Promise<void> {
  const { call, boardroom, ecr, ecs } = installation;
  await call("ecs", "CreateCluster", {
    clusterName: BOARDROOM.cluster,
    settings: [{ name: "containerInsights", value: "enabled" }],
  });
  for (const component of COMPONENTS) {
    await call("ecr", "CreateRepository", { repositoryName: repositoryName(component) });
    for (const release of [BOARDROOM.goodRelease, BOARDROOM.badRelease]) {
      boardroom.publish(ecr.push, component, release);
    }
    const taskDefinition = await registerRelease(installation, component, BOARDROOM.goodRelease);
    await call("ecs", "CreateService", serviceRequest(installation, component, taskDefinition));
  }
  await waitUntilCompleted(installation);
  boardroom.open(ecs.targets);
}

/** Registers a task definition for a tag and updates the service to it, as a pipeline would; answers its ARN. */
export async function deployRelease(
  installation: Installation,
  component: Component,
  tag: string,
): Promise<string> {
  const taskDefinition = await registerRelease(installation, component, tag);
  await installation.call("ecs", "UpdateService", {
    cluster: BOARDROOM.cluster,
    service: serviceName(component),
    taskDefinition,
  });
  return taskDefinition;
}

async function registerRelease(
  { context, call, ecr, containers }: Installation,
  component: Component,
  tag: string,
): Promise<string> {
  const request: RegisterTaskDefinitionRequest = {
    family: serviceName(component),
    taskRoleArn: `arn:aws:iam::${context.account}:role/boardroom-task`,
    executionRoleArn: `arn:aws:iam::${context.account}:role/boardroom-execution`,
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: "512",
    memory: "1024",
    containerDefinitions: [
      {
        name: BOARDROOM.container,
        image: `${ecr.images.registry}/${repositoryName(component)}:${tag}`,
        portMappings: [{ containerPort: BOARDROOM.port, protocol: "tcp" }],
        stopTimeout: 10,
        ...containers?.[component],
      },
    ],
  };
  const response: RegisterTaskDefinitionResponse = await call("ecs", "RegisterTaskDefinition", request);
  return response.taskDefinition?.taskDefinitionArn ?? "";
}

function serviceRequest(
  { context, deploymentConfiguration, desiredCount = { api: 3, web: 2 } }: Installation,
  component: Component,
  taskDefinition: string,
): CreateServiceRequest {
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
    deploymentConfiguration: {
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      ...deploymentConfiguration,
    },
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
      `listener-rule/${BOARDROOM.loadBalancer}/f2f7dc8efc522ab2/${serviceName(component)}`,
    ),
    roleArn: `arn:aws:iam::${context.account}:role/boardroom-load-balancing`,
  };
}

/** Reads the services until both first deployments are completed, as an operator would. */
async function waitUntilCompleted({ context, call }: Installation): Promise<void> {
  for (;;) {
    const response: DescribeServicesResponse = await call("ecs", "DescribeServices", {
      cluster: BOARDROOM.cluster,
      services: COMPONENTS.map(serviceName),
    });
    const states = (response.services ?? []).map((service) => service.deployments?.[0]?.rolloutState);
    if (states.length === COMPONENTS.length && states.every((state) => state === "COMPLETED")) return;
    await context.kernel.sleep(5_000);
  }
}
