import type { Tag } from "@aws-sdk/client-s3";
import { AwsError } from "../../service-model.ts";
import type { Tags } from "./stored-object.ts";

/** Ten tags at most, keys unique (user guide, "Categorizing your objects using tags"). */
export function tagsFromSet(set: readonly Tag[]): Tags {
  const tags = Object.fromEntries(set.map(({ Key: key = "", Value: value = "" }) => [key, value]));
  if (Object.keys(tags).length < set.length) {
    throw invalidTag("Cannot provide multiple Tags with the same key");
  }
  if (set.length > 10) throw invalidTag("Object tags cannot be greater than 10");
  return tags;
}

/** The `x-amz-tagging` header: URL query encoding. */
export function tagsFromHeader(header: string | undefined): Tags {
  const pairs = [...new URLSearchParams(header ?? "")];
  return tagsFromSet(pairs.map(([key, value]) => ({ Key: key, Value: value })));
}

export function tagSet(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ Key: key, Value: value }));
}

function invalidTag(message: string): AwsError {
  return new AwsError("InvalidTag", message, 400);
}
