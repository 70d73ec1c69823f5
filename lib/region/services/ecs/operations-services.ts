import * as sdk from "@aws-sdk/client-ecs";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { createService } from "./create-service.ts";
import { CONFIGURATION_ACCEPTS } from "./deployment-configuration.ts";
import { describeService } from "./describe-service.ts";
import type { EcsParts } from "./ecs-service.ts";
import { page } from "./page.ts";
import { tagKeys } from "./permissions.ts";
import { updateService } from "./update-service.ts";

/** CreateService, DescribeServices, ListServices, UpdateService, DeleteService. */
export function serviceOperations(model: ServiceModel, parts: EcsParts): void {
  creation(model, parts);
  changingOperations(model, parts);
  readingOperations(model, parts);
}

const LOAD_BALANCER_ACCEPTS = [
  "targetGroupArn",
  "containerName",
  "containerPort",
  "advancedConfiguration.alternateTargetGroupArn",
  "advancedConfiguration.productionListenerRule",
  "advancedConfiguration.roleArn",
].map((member) => `loadBalancers.${member}`);

function creation(model: ServiceModel, parts: EcsParts): void {
  const { world, permissions } = parts;
  model.on(sdk.CreateServiceCommand, {
    accepts: [
      "cluster",
      "serviceName",
      "taskDefinition",
      "desiredCount",
      "launchType",
      "platformVersion",
      ...LOAD_BALANCER_ACCEPTS,
      "networkConfiguration",
      "healthCheckGracePeriodSeconds",
      "deploymentController",
      "schedulingStrategy",
      "tags",
      ...CONFIGURATION_ACCEPTS,
    ],
    authorize: (input) => [
      permissions.onService("ecs:CreateService", input.cluster, input.serviceName, {
        ...tagKeys("aws:RequestTag", input.tags ?? []),
        ...taskDefinitionKey(parts, input.taskDefinition),
      }),
      ...permissions.passRoles(definitionOf(parts, input.taskDefinition)),
      ...permissions.tagOnCreate(
        "CreateService",
        world.serviceArn(input.cluster, input.serviceName),
        input.tags,
      ),
    ],
    handle: (input, call) => ({ service: createService(parts, input, call.principal.arn) }),
  });
}

function changingOperations(model: ServiceModel, parts: EcsParts): void {
  const { world, permissions } = parts;
  model
    .on(sdk.UpdateServiceCommand, {
      accepts: [
        "cluster",
        "service",
        "desiredCount",
        "taskDefinition",
        "platformVersion",
        ...LOAD_BALANCER_ACCEPTS,
        "networkConfiguration",
        "forceNewDeployment",
        "healthCheckGracePeriodSeconds",
        ...CONFIGURATION_ACCEPTS,
      ],
      authorize: (input) => [
        permissions.onService(
          "ecs:UpdateService",
          input.cluster,
          input.service,
          taskDefinitionKey(parts, input.taskDefinition),
        ),
        ...permissions.passRoles(definitionOf(parts, input.taskDefinition)),
      ],
      handle: (input) => ({ service: updateService(parts, input) }),
    })
    .on(sdk.DeleteServiceCommand, {
      accepts: ["cluster", "service", "force"],
      authorize: (input) => [permissions.onService("ecs:DeleteService", input.cluster, input.service)],
      handle: (input) => {
        const service = world.service(input.cluster, input.service);
        if (service.status === "ACTIVE" && service.desiredCount > 0 && !input.force) {
          throw new AwsError(
            "InvalidParameterException",
            "The service cannot be stopped while it is scaled above 0.",
          );
        }
        if (service.status === "ACTIVE") {
          service.status = "DRAINING";
          service.desiredCount = 0;
          world.wake(service);
        }
        return { service: describeService(world, service) };
      },
    });
}

function readingOperations(model: ServiceModel, { world, permissions }: EcsParts): void {
  model
    .on(sdk.DescribeServicesCommand, {
      accepts: ["cluster", "services", "include"],
      authorize: (input) =>
        (input.services ?? []).map((service) =>
          permissions.onService("ecs:DescribeServices", input.cluster, service),
        ),
      handle: (input) => {
        world.cluster(input.cluster);
        const references = input.services ?? [];
        if (references.length === 0) {
          throw new AwsError("InvalidParameterException", "Services cannot be empty.");
        }
        if (references.length > 10) {
          throw new AwsError("InvalidParameterException", "Services cannot have more than 10 elements.");
        }
        const found = references.map((reference) => {
          const arn = world.serviceArn(input.cluster, reference);
          return { arn, service: world.services.get(arn) };
        });
        return {
          services: found.flatMap(({ service }) =>
            service
              ? [describeService(world, service, { withTags: input.include?.includes("TAGS") ?? false })]
              : [],
          ),
          failures: found.filter(({ service }) => !service).map(({ arn }) => ({ arn, reason: "MISSING" })),
        };
      },
    })
    .on(sdk.ListServicesCommand, {
      accepts: ["cluster", "maxResults", "nextToken"],
      authorize: (input) => [
        {
          action: "ecs:ListServices",
          resource: "*",
          context: { "ecs:cluster": world.clusterArn(input.cluster) },
        },
      ],
      handle: (input) => {
        const cluster = world.cluster(input.cluster);
        const arns = [...world.services.values()]
          .filter((service) => service.cluster === cluster && service.status !== "INACTIVE")
          .map(({ arn }) => arn);
        // "returns up to 10 results" [dts ListServicesRequest].
        const { items, next } = page(arns, input, 10);
        return { serviceArns: items, ...next };
      },
    });
}

/** "A revision-less task definition is resolved before authorization" since 2024-03-21 (facts §7). */
function taskDefinitionKey({ world }: EcsParts, reference: string | undefined): Record<string, string> {
  if (reference === undefined) return {};
  const arn = world.taskDefinitions.find(reference)?.definition.taskDefinitionArn ?? reference;
  return { "ecs:task-definition": arn };
}

function definitionOf({ world }: EcsParts, reference: string | undefined): sdk.TaskDefinition | undefined {
  return reference === undefined ? undefined : world.taskDefinitions.find(reference)?.definition;
}
