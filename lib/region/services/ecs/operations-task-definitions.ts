import * as sdk from "@aws-sdk/client-ecs";
import { arnOf } from "../../region-context.ts";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import type { EcsWorld } from "./ecs-world.ts";
import { page } from "./page.ts";
import { type EcsPermissions, tagKeys } from "./permissions.ts";

/** RegisterTaskDefinition, DescribeTaskDefinition, ListTaskDefinitions and their families, DeregisterTaskDefinition. */
export function taskDefinitionOperations(
  model: ServiceModel,
  world: EcsWorld,
  permissions: EcsPermissions,
): void {
  registration(model, world, permissions);
  model
    .on(sdk.DescribeTaskDefinitionCommand, {
      accepts: ["taskDefinition", "include"],
      // No resource types in the reference (facts §7).
      authorize: () => [{ action: "ecs:DescribeTaskDefinition", resource: "*" }],
      handle: (input) => {
        const { definition, tags } = world.taskDefinitions.resolve(input.taskDefinition ?? "");
        return {
          taskDefinition: { ...definition },
          ...(input.include?.includes("TAGS") ? { tags: [...tags] } : {}),
        };
      },
    })
    .on(sdk.ListTaskDefinitionsCommand, {
      accepts: ["familyPrefix", "status", "sort", "nextToken", "maxResults"],
      authorize: () => [{ action: "ecs:ListTaskDefinitions", resource: "*" }],
      handle: (input) => {
        const found = world.taskDefinitions
          .all()
          .filter(({ definition }) => definition.status === (input.status ?? "ACTIVE"))
          // "The full family name" despite its name [dts ListTaskDefinitionsRequest].
          .filter(
            ({ definition }) => input.familyPrefix === undefined || definition.family === input.familyPrefix,
          )
          .map(({ definition }) => definition.taskDefinitionArn ?? "");
        if (input.sort === "DESC") found.reverse();
        const { items, next } = page(found, input, 100);
        return { taskDefinitionArns: items, ...next };
      },
    })
    .on(sdk.ListTaskDefinitionFamiliesCommand, {
      accepts: ["familyPrefix", "status", "nextToken", "maxResults"],
      authorize: () => [{ action: "ecs:ListTaskDefinitionFamilies", resource: "*" }],
      handle: (input) => {
        // INACTIVE: "families that do not have any ACTIVE task definition revisions"; the prefix is a true prefix here
        // [dts ListTaskDefinitionFamiliesRequest].
        const all = world.taskDefinitions.all().map(({ definition }) => definition);
        const isActive = (family: string) =>
          all.some((definition) => definition.family === family && definition.status === "ACTIVE");
        const families = [...new Set(all.map((definition) => definition.family ?? ""))]
          .filter((family) => family.startsWith(input.familyPrefix ?? ""))
          .filter(
            (family) => (input.status ?? "ALL") === "ALL" || isActive(family) === (input.status === "ACTIVE"),
          )
          .sort();
        const { items, next } = page(families, input, 100);
        return { families: items, ...next };
      },
    })
    .on(sdk.DeregisterTaskDefinitionCommand, {
      accepts: ["taskDefinition"],
      authorize: () => [{ action: "ecs:DeregisterTaskDefinition", resource: "*" }],
      handle: (input) => {
        const reference = input.taskDefinition ?? "";
        if (!/:\d+$/.test(reference)) {
          // "You must specify a revision" [dts DeregisterTaskDefinitionRequest]; the error's text is unverified.
          throw new AwsError("InvalidParameterException", "A task definition revision must be specified.");
        }
        return { taskDefinition: { ...world.taskDefinitions.deregister(reference).definition } };
      },
    });
}

function registration(model: ServiceModel, world: EcsWorld, permissions: EcsPermissions): void {
  model.on(sdk.RegisterTaskDefinitionCommand, {
    accepts: REGISTER_ACCEPTS,
    authorize: (input) => {
      const resource = arnOf(world.context, "ecs", `task-definition/${input.family ?? ""}:*`);
      return [
        {
          action: "ecs:RegisterTaskDefinition",
          resource,
          context: {
            "ecs:compute-compatibility": [...(input.requiresCompatibilities ?? [])],
            // Privileged containers are not among the accepted members.
            "ecs:privileged": "disabled",
            ...tagKeys("aws:RequestTag", input.tags ?? []),
          },
        },
        ...permissions.passRoles(input),
        ...permissions.tagOnCreate("RegisterTaskDefinition", resource, input.tags),
      ];
    },
    handle: (input, call) => {
      validate(input);
      const { definition, tags } = world.taskDefinitions.register(input, call.principal.arn);
      return { taskDefinition: { ...definition }, tags: [...tags] };
    },
  });
}

/** What a definition describes and the model keeps; everything in it comes back from DescribeTaskDefinition. */
const REGISTER_ACCEPTS = [
  "family",
  "taskRoleArn",
  "executionRoleArn",
  "networkMode",
  "cpu",
  "memory",
  "requiresCompatibilities",
  "runtimePlatform",
  "ephemeralStorage",
  "volumes",
  "placementConstraints",
  "tags",
  ...[
    "name",
    "image",
    "cpu",
    "memory",
    "memoryReservation",
    "portMappings",
    "essential",
    "entryPoint",
    "command",
    "environment",
    "environmentFiles",
    "secrets",
    "mountPoints",
    "volumesFrom",
    "systemControls",
    "ulimits",
    "user",
    "readonlyRootFilesystem",
    "dockerLabels",
    "stopTimeout",
    "healthCheck",
    "logConfiguration",
    "versionConsistency",
  ].map((member) => `containerDefinitions.${member}`),
];

function validate(input: sdk.RegisterTaskDefinitionRequest): void {
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(input.family ?? "")) {
    throw new AwsError("ClientException", "Family contains invalid characters.");
  }
  const containers = input.containerDefinitions ?? [];
  if (containers.length === 0) {
    throw new AwsError("ClientException", "Container list cannot be empty.");
  }
  if (containers.some(({ name, image }) => !name || !image)) {
    throw new AwsError("ClientException", "Container.name and Container.image should not be null or empty.");
  }
  if ((input.placementConstraints ?? []).length > 0) {
    throw new AwsError(
      "UnsupportedFeatureException",
      "The simulated region does not model placement constraints.",
    );
  }
  const reserved = (input.tags ?? []).find(({ key }) => key?.toLowerCase().startsWith("aws:"));
  if (reserved) {
    throw new AwsError(
      "InvalidParameterException",
      `aws: prefixed tag key names are not allowed: ${reserved.key}`,
    );
  }
  const stopTimeout = containers.find((container) => (container.stopTimeout ?? 0) > 120);
  if (stopTimeout && input.requiresCompatibilities?.includes("FARGATE")) {
    throw new AwsError("ClientException", "Fargate: stopTimeout must be between 2 and 120 seconds.");
  }
}
