import * as sdk from "@aws-sdk/client-ecs";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import type { EcsWorld } from "./ecs-world.ts";
import { tagKeys } from "./permissions.ts";

/** TagResource and ListTagsForResource, for clusters, services, tasks and task definitions. */
export function tagOperations(model: ServiceModel, world: EcsWorld): void {
  model
    .on(sdk.TagResourceCommand, {
      accepts: ["resourceArn", "tags"],
      authorize: (input) => [
        {
          action: "ecs:TagResource",
          resource: input.resourceArn ?? "",
          context: tagKeys("aws:RequestTag", input.tags ?? []),
        },
      ],
      handle: (input) => {
        const tags = tagsOf(world, input.resourceArn ?? "");
        for (const { key, value } of input.tags ?? []) {
          const at = tags.findIndex((tag) => tag.key === key);
          tags.splice(at < 0 ? tags.length : at, 1, { key, value });
        }
        return {};
      },
    })
    .on(sdk.ListTagsForResourceCommand, {
      accepts: ["resourceArn"],
      authorize: (input) => [{ action: "ecs:ListTagsForResource", resource: input.resourceArn ?? "" }],
      handle: (input) => ({ tags: [...tagsOf(world, input.resourceArn ?? "")] }),
    });
}

/** "Short service ARNs can't be tagged" [dts]: only the long form is found. */
function tagsOf(world: EcsWorld, arn: string): sdk.Tag[] {
  const cluster = [...world.clusters.values()].find((candidate) => candidate.arn === arn);
  const definition = arn.includes(":task-definition/") ? world.taskDefinitions.find(arn) : undefined;
  const tags =
    cluster?.tags ?? world.services.get(arn)?.tags ?? world.tasks.get(arn)?.tags ?? definition?.tags;
  if (!tags) throw new AwsError("InvalidParameterException", "The specified resource could not be found.");
  return tags;
}
