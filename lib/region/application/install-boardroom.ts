import type {
  ContainerDefinition,
  DeploymentConfiguration,
  DescribeServicesResponse,
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
  Service,
} from "@aws-sdk/client-ecs";
import type { Identities } from "../iam/identities.ts";
import type { RegionContext } from "../region-context.ts";
import { installScaling } from "../services/application-auto-scaling/install-scaling.ts";
import type { LambdaService } from "../services/lambda/lambda-service.ts";
import type { Boardroom } from "./boardroom.ts";
import { BOARDROOM, COMPONENTS, type Component, repositoryName, serviceName } from "./boardroom-names.ts";
import { deployByPipeline, installCodeDeploy } from "./code-deploy-pipeline.ts";
import { installNotice } from "./notice-function.ts";
import type { ServicesOptions } from "./service-options.ts";
import { serviceRequest } from "./service-request.ts";
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
  /** Where the application's own functions and roles are made; needed by what some services have. */
  readonly account?: OwnAccount;
  /** What some services have beside that. */
  readonly services?: ServicesOptions;
  /** Added to the containers of every release. */
  readonly containers?: Partial<Record<Component, Partial<ContainerDefinition>>>;
}

/** The region's own doors for what is there before a story. */
export interface OwnAccount {
  readonly identities: Pick<Identities, "createRole">;
  readonly lambda: Pick<LambdaService, "install">;
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
  for (const component of COMPONENTS) await installSurroundings(installation, component);
  boardroom.open(ecs.targets);
}

/** What stands around a service, by its options. */
async function installSurroundings(installation: Installation, component: Component): Promise<void> {
  const { codeDeploy, scaling, longConnections } = installation.services?.[component] ?? {};
  if (codeDeploy) await installCodeDeploy(installation, component, codeDeploy);
  if (scaling) {
    const { cpuPercent: cpuTarget, ...bounds } = scaling;
    const address = { cluster: BOARDROOM.cluster, service: serviceName(component) };
    await installScaling(installation.call, { ...address, ...bounds, cpuTarget });
  }
  if (longConnections) {
    installation.boardroom.drainsFor(component, longConnections.drainSeconds);
    await installNotice(installation);
  }
}

/** Registers a task definition for a tag and has the service deployed, as a pipeline would; answers its ARN. */
export async function deployRelease(
  installation: Installation,
  component: Component,
  tag: string,
): Promise<string> {
  const taskDefinition = await registerRelease(installation, component, tag);
  const { codeDeploy } = installation.services?.[component] ?? {};
  if (codeDeploy) {
    await deployByPipeline(installation, component, taskDefinition, codeDeploy);
  } else {
    await installation.call("ecs", "UpdateService", {
      cluster: BOARDROOM.cluster,
      service: serviceName(component),
      taskDefinition,
    });
  }
  return taskDefinition;
}

async function registerRelease(
  { context, call, ecr, containers, services }: Installation,
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
        stopTimeout: services?.[component]?.longConnections?.stopTimeoutSeconds ?? 10,
        ...containers?.[component],
      },
    ],
  };
  const response: RegisterTaskDefinitionResponse = await call("ecs", "RegisterTaskDefinition", request);
  return response.taskDefinition?.taskDefinitionArn ?? "";
}

/** Reads the services until both run what they were created with, as an operator would. */
async function waitUntilCompleted({ context, call }: Installation): Promise<void> {
  for (;;) {
    const response: DescribeServicesResponse = await call("ecs", "DescribeServices", {
      cluster: BOARDROOM.cluster,
      services: COMPONENTS.map(serviceName),
    });
    const { services = [] } = response;
    if (services.length === COMPONENTS.length && services.every(isSteady)) return;
    await context.kernel.sleep(5_000);
  }
}

/** A service that ECS deploys has a deployment, one that CodeDeploy deploys has task sets. */
function isSteady({ deployments, taskSets }: Service): boolean {
  const isStable = taskSets?.every(({ stabilityStatus }) => stabilityStatus === "STEADY_STATE");
  return isStable ?? deployments?.[0]?.rolloutState === "COMPLETED";
}
