import * as scaling from "@aws-sdk/client-application-auto-scaling";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as codedeploy from "@aws-sdk/client-codedeploy";
import * as ecs from "@aws-sdk/client-ecs";
import type { ReleaseBehaviour } from "../../../../lib/region/application/application.ts";
import { Identities } from "../../../../lib/region/iam/identities.ts";
import { Kernel } from "../../../../lib/region/kernel/kernel.ts";
import type { AwsEvent, RegionContext } from "../../../../lib/region/region-context.ts";
import type { PolicyStatement } from "../../../../lib/region/service-model.ts";
import { applicationAutoScalingService } from "../../../../lib/region/services/application-auto-scaling/application-auto-scaling-service.ts";
import { codeDeployService } from "../../../../lib/region/services/codedeploy/codedeploy-service.ts";
import { ecrService } from "../../../../lib/region/services/ecr/ecr-service.ts";
import type { EcsOptions } from "../../../../lib/region/services/ecs/ecs-options.ts";
import { ecsService } from "../../../../lib/region/services/ecs/ecs-service.ts";
import { logsService } from "../../../../lib/region/services/logs/logs-service.ts";
import { Endpoint } from "../../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../../lib/region/wire/in-process-handler.ts";

const where = { account: "123456789012", region: "eu-west-1" };
export const ARN = "arn:aws:ecs:eu-west-1:123456789012";
export const GROUPS = ["shop", "shop-alt"] as const;
export const groupArn = (name: string) =>
  `arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/${name}/6d0ecf831eec9f09`;
const awsvpcConfiguration = { subnets: ["subnet-1"], securityGroups: ["sg-1"] };
const GOOD: ReleaseBehaviour = {
  startSeconds: 10,
  healthySeconds: 3,
  errorRate: 0,
  latencySeconds: 0.1,
  memoryPercent: 40,
  cpuPercent: 20,
  stopSeconds: 4,
};

export type World = ReturnType<typeof makeWorld>;

/** A region with containers and what deploys and scales them, behind its endpoint, with the SDK's clients. */
export function makeWorld(options: Partial<EcsOptions> & { readonly seed?: number } = {}) {
  const kernel = new Kernel({ seed: options.seed ?? 7, start: Date.UTC(2026, 10, 21, 9) });
  const identities = new Identities({ kernel, ...where });
  const endpoint = new Endpoint({ kernel, identities, faults: new FaultPlan(kernel), ...where });
  const events: AwsEvent[] = [];
  const alarms = new Map<string, "OK" | "ALARM">();
  const releases = new Map<string, Partial<ReleaseBehaviour>>();
  const load = { percent: undefined as number | undefined };
  const context: RegionContext = {
    ...where,
    kernel,
    emit: (event) => events.push(event),
    publishMetric: () => undefined,
    call: (principal, service, operation, input) => endpoint.call(principal, service, operation, input),
  };
  const ecr = ecrService(context);
  const cloudWatchLogs = logsService(context);
  const containers = ecsService(
    context,
    { behaviour: ({ tag = "" }) => ({ ...GOOD, ...releases.get(tag) }) },
    {
      images: ecr.images,
      targetGroup: (arn) => (GROUPS.map(groupArn).includes(arn) ? targetGroup(arn) : undefined),
      alarmStateOf: (name) => alarms.get(name),
      appendLog: cloudWatchLogs.append,
      inactiveGraceSeconds: [0, 0],
      ...options,
    },
  );
  const deploy = codeDeployService(context, {
    ecs: containers.taskSets,
    targetGroupArn: (name) => (GROUPS.some((group) => group === name) ? groupArn(name) : undefined),
    alarmStateOf: (name) => alarms.get(name),
  });
  const autoScaling = applicationAutoScalingService(context, {
    services: containers.services,
    load: () => load.percent,
  });
  for (const { model } of [ecr, containers, cloudWatchLogs, deploy, autoScaling]) endpoint.add(model);

  const settings = (accessKeyId: string) => ({
    region: where.region,
    credentials: { accessKeyId, secretAccessKey: "any" },
    requestHandler: new InProcessHandler(endpoint),
    maxAttempts: 1,
  });
  const clients = (accessKeyId = "operator") => ({
    ecs: new ecs.ECSClient(settings(accessKeyId)),
    logs: new logs.CloudWatchLogsClient(settings(accessKeyId)),
    codedeploy: new codedeploy.CodeDeployClient(settings(accessKeyId)),
    scaling: new scaling.ApplicationAutoScalingClient(settings(accessKeyId)),
  });
  /** Lets the virtual clock run until the work is done. */
  const run = <T>(work: () => Promise<T>): Promise<T> => kernel.complete(kernel.activity("test", work));
  return {
    ...{ kernel, endpoint, events, alarms, releases, load, ecr, containers, run },
    ...clients(),
    call: (service: string, operation: string, input: object) =>
      run(() => endpoint.call(identities.principalOf("operator"), service, operation, input)),
    forSeconds: (seconds: number) => kernel.runUntil(kernel.now + seconds * 1000),
    /** Clients that sign as a role with these statements. */
    as: (...Statement: PolicyStatement[]) => {
      const assumeRolePolicy = {
        Statement: { Effect: "Allow" as const, Principal: "*" as const, Action: "sts:AssumeRole" },
      };
      const role = identities.createRole({
        name: "caller",
        assumeRolePolicy,
        inlinePolicies: { p: { Statement } },
      });
      return clients(identities.issueCredentials(role, "s").accessKeyId);
    },
  };
}

function targetGroup(arn: string) {
  return {
    arn,
    healthCheckIntervalSeconds: 10,
    healthyThresholdCount: 2,
    unhealthyThresholdCount: 2,
    deregistrationDelaySeconds: 30,
  };
}

/** Pushes an image and registers its task definition; answers the ARN. */
export async function register(
  world: World,
  tag: string,
  container: Partial<ecs.ContainerDefinition> = {},
  pushed = true,
): Promise<string> {
  if (pushed) world.ecr.push("shop", tag);
  const output = await world.run(() =>
    world.ecs.send(
      new ecs.RegisterTaskDefinitionCommand({
        family: "shop",
        networkMode: "awsvpc",
        containerDefinitions: [
          {
            name: "app",
            image: `${world.ecr.images.registry}/shop:${tag}`,
            portMappings: [{ containerPort: 8080 }],
            stopTimeout: 10,
            ...container,
          },
        ],
      }),
    ),
  );
  return output.taskDefinition?.taskDefinitionArn ?? "";
}

/** The cluster and the service `shop` with release `v1` and two tasks, running; answers its task definition. */
export async function installShop(
  world: World,
  overrides: Partial<ecs.CreateServiceRequest> = {},
): Promise<string> {
  await world.run(() => world.ecs.send(new ecs.CreateClusterCommand({ clusterName: "shop" })));
  const taskDefinition = await register(world, "v1");
  const request: ecs.CreateServiceRequest = {
    cluster: "shop",
    serviceName: "shop",
    taskDefinition,
    desiredCount: 2,
    launchType: "FARGATE",
    networkConfiguration: { awsvpcConfiguration },
    loadBalancers: [{ targetGroupArn: groupArn("shop"), containerName: "app", containerPort: 8080 }],
    ...overrides,
  };
  await world.run(() => world.ecs.send(new ecs.CreateServiceCommand(request)));
  await world.forSeconds(180);
  return taskDefinition;
}

export async function service(world: World): Promise<ecs.Service> {
  const command = new ecs.DescribeServicesCommand({ cluster: "shop", services: ["shop"] });
  return (await world.run(() => world.ecs.send(command))).services?.[0] ?? {};
}

export async function runTask(world: World, input: Partial<ecs.RunTaskRequest>): Promise<ecs.Task> {
  const command = new ecs.RunTaskCommand({ ...oneTask, taskDefinition: "shop", ...input });
  return (await world.run(() => world.ecs.send(command))).tasks?.[0] ?? {};
}

export const oneTask = {
  cluster: "shop",
  launchType: "FARGATE",
  networkConfiguration: { awsvpcConfiguration },
} as const;

/** The task, or undefined when ECS does not know it (any more). */
export async function task(world: World, { taskArn = "" }: ecs.Task): Promise<ecs.Task | undefined> {
  const command = new ecs.DescribeTasksCommand({ cluster: "shop", tasks: [taskArn] });
  return (await world.run(() => world.ecs.send(command))).tasks?.[0];
}
