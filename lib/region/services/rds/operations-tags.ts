import * as sdk from "@aws-sdk/client-rds";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { checkTags } from "./identifier.ts";
import { type RdsPermissions, requestTags, taggable } from "./permissions.ts";
import type { RdsWorld } from "./rds-world.ts";

/** Tags, by ARN: after a rename the same ARN is another instance (docs/facts/database.md §0.5). */
export function tagOperations(model: ServiceModel, world: RdsWorld, permissions: RdsPermissions): void {
  const at = (arn: string | undefined) => {
    const found = arn === undefined ? undefined : taggable(world, arn);
    if (!found) throw notFound(arn);
    return found;
  };
  model
    .on(sdk.ListTagsForResourceCommand, {
      accepts: ["ResourceName"],
      authorize: ({ ResourceName = "*" }) => [permissions.onArn("ListTagsForResource", ResourceName)],
      handle: ({ ResourceName }) => ({ TagList: [...at(ResourceName).tags] }),
    })
    .on(sdk.AddTagsToResourceCommand, {
      accepts: ["ResourceName", "Tags"],
      authorize: ({ ResourceName = "*", Tags }) => {
        const keys = { ...requestTags(Tags), "rds:TagsFromRequest": "true" };
        return [permissions.onArn("AddTagsToResource", ResourceName, keys)];
      },
      handle: ({ ResourceName, Tags = [] }) => {
        checkTags(Tags);
        const resource = at(ResourceName);
        const given = new Set(Tags.map(({ Key }) => Key));
        resource.tags = [...resource.tags.filter(({ Key }) => !given.has(Key)), ...Tags];
        return {};
      },
    })
    .on(sdk.RemoveTagsFromResourceCommand, {
      accepts: ["ResourceName", "TagKeys"],
      authorize: ({ ResourceName = "*", TagKeys = [] }) => [
        permissions.onArn("RemoveTagsFromResource", ResourceName, { "aws:TagKeys": TagKeys }),
      ],
      handle: ({ ResourceName, TagKeys = [] }) => {
        const resource = at(ResourceName);
        resource.tags = resource.tags.filter(({ Key = "" }) => !TagKeys.includes(Key));
        return {};
      },
    });
}

const FAULTS: Readonly<Record<string, string>> = {
  cluster: "DBClusterNotFoundFault",
  snapshot: "DBSnapshotNotFoundFault",
  "cluster-snapshot": "DBClusterSnapshotNotFoundFault",
};

function notFound(arn: string | undefined): AwsError {
  const fault = FAULTS[arn?.split(":")[5] ?? ""] ?? "DBInstanceNotFoundFault";
  return new AwsError(fault, `${arn} not found.`);
}
