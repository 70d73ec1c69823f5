import type { Service, UpdateServiceRequest } from "@aws-sdk/client-ecs";
import { AwsError } from "../../service-model.ts";
import { refuseDaemonCount } from "./create-service.ts";
import { completeConfiguration } from "./deployment-configuration.ts";
import { describeService } from "./describe-service.ts";
import type { EcsParts } from "./ecs-service.ts";
import { checkLoadBalancers, differs, makeRevision, type RevisionContent } from "./revisions.ts";
import { requirePrimary, type ServiceRecord } from "./service-record.ts";

/**
 * UpdateService. A new task definition, network, platform version or load balancer starts a deployment, and so does
 * `forceNewDeployment`; the desired count, the deployment configuration and the grace period do not [dts].
 */
export function updateService(parts: EcsParts, input: UpdateServiceRequest): Service {
  const { world } = parts;
  const service = world.service(input.cluster, input.service);
  if (service.status !== "ACTIVE") {
    throw new AwsError("ServiceNotActiveException", "Service was not ACTIVE.");
  }
  refuseForeignController(service, input);
  if (service.schedulingStrategy === "DAEMON") refuseDaemonCount(input.desiredCount);
  const content = service.controller === "ECS" ? wantedContent(parts, service, input) : undefined;
  const configuration =
    input.deploymentConfiguration === undefined
      ? service.configuration
      : completeConfiguration(input.deploymentConfiguration, service.schedulingStrategy === "DAEMON");

  service.configuration = configuration;
  service.healthCheckGracePeriodSeconds =
    input.healthCheckGracePeriodSeconds ?? service.healthCheckGracePeriodSeconds;
  service.desiredCount = input.desiredCount ?? service.desiredCount;
  if (content && (input.forceNewDeployment || differs(requirePrimary(service).revision, content))) {
    parts.deployments.begin(service, makeRevision(world, service, content));
  }
  world.wake(service);
  return describeService(world, service);
}

/** What the service would be after the request; members left out stay as they are (partly unverified, facts §2.3). */
function wantedContent(
  { world }: EcsParts,
  service: ServiceRecord,
  input: UpdateServiceRequest,
): RevisionContent {
  const current = requirePrimary(service).revision;
  const content: RevisionContent = {
    definition:
      input.taskDefinition === undefined
        ? current.definition
        : world.taskDefinitions.resolveUsable(input.taskDefinition).definition,
    loadBalancers: input.loadBalancers ?? current.loadBalancers,
    networkConfiguration: input.networkConfiguration ?? current.networkConfiguration,
    platformVersion: input.platformVersion ?? current.platformVersion,
    launchType: current.launchType,
  };
  checkLoadBalancers(world, content);
  return content;
}

/** The first text is AWS's [DG update-service-parameters]; the others follow its pattern, unverified. */
function refuseForeignController(service: ServiceRecord, input: UpdateServiceRequest): void {
  if (service.controller === "ECS") return;
  const refused = Object.entries({
    "task definition": input.taskDefinition,
    "network parameters": input.networkConfiguration,
    "platform version": input.platformVersion,
    "load balancers": input.loadBalancers,
    deployment: input.forceNewDeployment || undefined,
  }).find(([, value]) => value !== undefined)?.[0];
  if (refused === undefined) return;
  const remedy =
    service.controller === "CODE_DEPLOY"
      ? "Use AWS CodeDeploy to trigger a new deployment."
      : "Use a task set to trigger a new deployment.";
  throw new AwsError(
    "InvalidParameterException",
    `Unable to update ${refused} on services with ${service.controller === "EXTERNAL" ? "an" : "a"} ` +
      `${service.controller} deployment controller. ${remedy}`,
  );
}
