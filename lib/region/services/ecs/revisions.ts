import { isDeepStrictEqual } from "node:util";
import type { LoadBalancer, NetworkConfiguration, TaskDefinition } from "@aws-sdk/client-ecs";
import { arnOf } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import type { EcsWorld } from "./ecs-world.ts";
import type { ServiceRevisionRecord } from "./rollout.ts";
import type { ServiceRecord } from "./service-record.ts";

/** The part of a service that a deployment changes. */
export interface RevisionContent {
  readonly definition: TaskDefinition;
  readonly loadBalancers: readonly LoadBalancer[];
  readonly networkConfiguration: NetworkConfiguration | undefined;
  readonly platformVersion: string | undefined;
  readonly launchType: "FARGATE" | "EC2";
}

/** A new service revision; its digests come with the first task. */
export function makeRevision(
  world: EcsWorld,
  service: ServiceRecord,
  content: RevisionContent,
): ServiceRevisionRecord {
  return {
    ...content,
    arn: arnOf(
      world.context,
      "ecs",
      `service-revision/${service.cluster.name}/${service.name}/${world.digits()}`,
    ),
    createdAt: world.now,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    taskDefinition: content.definition.taskDefinitionArn ?? "",
    containerImages: (content.definition.containerDefinitions ?? []).map(({ name, image }) => ({
      containerName: name,
      image,
    })),
  };
}

/**
 * Whether an UpdateService that asks for `wanted` starts a deployment without being forced: "By default, deployments
 * aren't forced" [dts forceNewDeployment], so asking for what is there already starts none (inferred).
 */
export function differs(current: ServiceRevisionRecord, wanted: RevisionContent): boolean {
  return (
    current.taskDefinition !== wanted.definition.taskDefinitionArn ||
    current.platformVersion !== wanted.platformVersion ||
    !isDeepStrictEqual(current.loadBalancers, wanted.loadBalancers) ||
    !isDeepStrictEqual(current.networkConfiguration, wanted.networkConfiguration)
  );
}

/** The load balancer must exist, and name a container and port of the task definition [DG update-service-parameters]. */
export function checkLoadBalancers(world: EcsWorld, content: RevisionContent): void {
  if (content.loadBalancers.length > 1) {
    throw new AwsError(
      "UnsupportedFeatureException",
      "The simulated region does not model services with more than one target group.",
    );
  }
  for (const balancer of content.loadBalancers) {
    const { containerName, containerPort } = balancer;
    const arns = [balancer.targetGroupArn, balancer.advancedConfiguration?.alternateTargetGroupArn];
    for (const arn of arns) {
      if (arn !== undefined && !world.options.targetGroup(arn)) {
        throw new AwsError("InvalidParameterException", `The target group ${arn} does not exist.`);
      }
    }
    const container = content.definition.containerDefinitions?.find(({ name }) => name === containerName);
    if (!container) {
      throw new AwsError(
        "InvalidParameterException",
        `The container ${containerName} does not exist in the task definition.`,
      );
    }
    if (!container.portMappings?.some((mapping) => mapping.containerPort === containerPort)) {
      throw new AwsError(
        "InvalidParameterException",
        `The container ${containerName} did not have a container port ${containerPort} defined.`,
      );
    }
  }
}
