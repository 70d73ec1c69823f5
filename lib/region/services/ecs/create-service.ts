import type { CreateServiceRequest, Service } from "@aws-sdk/client-ecs";
import { AwsError } from "../../service-model.ts";
import { completeConfiguration } from "./deployment-configuration.ts";
import { describeService } from "./describe-service.ts";
import type { EcsParts } from "./ecs-service.ts";
import { makeRollout } from "./make-rollout.ts";
import { checkLoadBalancers, makeRevision, type RevisionContent } from "./revisions.ts";
import type { ServiceRecord } from "./service-record.ts";

/** CreateService: an ECS-controlled service starts its first deployment, any other just runs its tasks. */
export function createService(parts: EcsParts, input: CreateServiceRequest, createdBy: string): Service {
  const { world } = parts;
  const service = makeService(parts, input, createdBy);
  const content = service.controller === "EXTERNAL" ? undefined : contentOf(parts, input);
  world.services.set(service.arn, service);
  if (content && service.controller === "ECS") {
    parts.deployments.begin(service, makeRevision(world, service, content));
  } else if (content) {
    runWithoutDeployment(parts, service, content);
  }
  parts.health.watch(service);
  parts.metrics.run();
  world.wake(service);
  return describeService(world, service);
}

function makeService({ world }: EcsParts, input: CreateServiceRequest, createdBy: string): ServiceRecord {
  const name = input.serviceName ?? "";
  const cluster = world.cluster(input.cluster);
  const existing = world.services.get(world.serviceArn(input.cluster, name));
  if (existing?.status === "ACTIVE") {
    throw new AwsError("InvalidParameterException", "Creation of service was not idempotent.");
  }
  if (existing?.status === "DRAINING") {
    throw new AwsError("InvalidParameterException", "Unable to Start a service that is still Draining.");
  }
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
    throw new AwsError("InvalidParameterException", "Invalid service name.");
  }
  const isDaemon = input.schedulingStrategy === "DAEMON";
  if (isDaemon) checkDaemon(input);
  return {
    name,
    arn: world.serviceArn(input.cluster, name),
    cluster,
    controller: input.deploymentController?.type ?? "ECS",
    createdAt: world.now,
    createdBy,
    tags: [...(input.tags ?? [])],
    status: "ACTIVE",
    schedulingStrategy: isDaemon ? "DAEMON" : "REPLICA",
    // "You don't need to specify a desired number of tasks": one on each container instance [dts SchedulingStrategy].
    desiredCount: isDaemon
      ? (world.options.containerInstances?.(cluster.name) ?? 1)
      : (input.desiredCount ?? 0),
    configuration: completeConfiguration(input.deploymentConfiguration, isDaemon),
    healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds ?? 0,
    rollouts: [],
    completed: undefined,
    lastSuccessful: undefined,
    deployments: [],
    events: [],
    tasks: new Set(),
    steady: false,
    stuck: false,
    impaired: false,
    wake: undefined,
  };
}

/** "Tasks using the Fargate launch type or the CODE_DEPLOY … don't support the DAEMON scheduling strategy" [dts]. */
function checkDaemon(input: CreateServiceRequest): void {
  refuseDaemonCount(input.desiredCount);
  if (input.launchType === "FARGATE" || (input.deploymentController?.type ?? "ECS") !== "ECS") {
    throw new AwsError(
      "InvalidParameterException",
      "The daemon scheduling strategy is not supported for this launch type or deployment controller.",
    );
  }
}

/** AWS's words, of CreateService and UpdateService alike (kayac/ecspresso#20, fabfuel/ecs-deploy#59). */
export function refuseDaemonCount(desiredCount: number | undefined): void {
  if (desiredCount === undefined) return;
  throw new AwsError(
    "InvalidParameterException",
    "The daemon scheduling strategy does not support a desired count for services. " +
      "Remove the desired count value and try again",
  );
}

function contentOf({ world }: EcsParts, input: CreateServiceRequest): RevisionContent {
  if (input.taskDefinition === undefined) {
    throw new AwsError("InvalidParameterException", "TaskDefinition cannot be null or empty.");
  }
  if (input.launchType === "EXTERNAL") {
    throw new AwsError(
      "UnsupportedFeatureException",
      "The simulated region does not model the launch type EXTERNAL.",
    );
  }
  const content: RevisionContent = {
    definition: world.taskDefinitions.resolveUsable(input.taskDefinition).definition,
    loadBalancers: [...(input.loadBalancers ?? [])],
    networkConfiguration: input.networkConfiguration,
    platformVersion: input.platformVersion ?? (input.launchType === "FARGATE" ? "LATEST" : undefined),
    launchType: input.launchType === "FARGATE" ? "FARGATE" : "EC2",
  };
  checkLoadBalancers(world, content);
  return content;
}

/** CODE_DEPLOY: the first task set is ECS's own; that it has no external id is unverified. */
function runWithoutDeployment(parts: EcsParts, service: ServiceRecord, content: RevisionContent): void {
  const { world } = parts;
  const revision = makeRevision(world, service, content);
  const rollout = makeRollout(world, service, revision, undefined);
  service.rollouts.push({ ...rollout, state: "COMPLETED", productionWeight: 100 });
}
