import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import type { Alarm } from "./alarm.ts";
import type { AlarmBook } from "./alarm-book.ts";

/** Declares the operations on the tags of alarms. Other resources of CloudWatch have no tags here. */
export function addTagOperations(model: ServiceModel, book: AlarmBook): void {
  const found = (arn = ""): Alarm => {
    const alarm = book.all().find((candidate) => candidate.arn === arn);
    if (alarm) return alarm;
    throw new AwsError("ResourceNotFoundException", `Unknown alarm ${arn}`, undefined, {
      ResourceType: "alarm",
      ResourceId: arn,
    });
  };
  const onResource = (action: string, arn: string | undefined) => [
    { action: `cloudwatch:${action}`, resource: arn ?? "*" },
  ];
  model
    .on(cloudwatch.ListTagsForResourceCommand, {
      accepts: ["ResourceARN"],
      authorize: ({ ResourceARN }) => onResource("ListTagsForResource", ResourceARN),
      handle: ({ ResourceARN }) => ({
        Tags: [...found(ResourceARN).tags].map(([Key, Value]) => ({ Key, Value })),
      }),
    })
    .on(cloudwatch.TagResourceCommand, {
      accepts: ["ResourceARN", "Tags"],
      authorize: ({ ResourceARN }) => onResource("TagResource", ResourceARN),
      handle: ({ ResourceARN, Tags = [] }) => {
        const { tags } = found(ResourceARN);
        for (const { Key = "", Value = "" } of Tags) tags.set(Key, Value);
        return {};
      },
    })
    .on(cloudwatch.UntagResourceCommand, {
      accepts: ["ResourceARN", "TagKeys"],
      authorize: ({ ResourceARN }) => onResource("UntagResource", ResourceARN),
      handle: ({ ResourceARN, TagKeys = [] }) => {
        const { tags } = found(ResourceARN);
        for (const key of TagKeys) tags.delete(key);
        return {};
      },
    });
}
