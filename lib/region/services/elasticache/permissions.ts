import type { Tag } from "@aws-sdk/client-elasticache";
import type { Permission } from "../../service-model.ts";
import type { CacheKind, Caches } from "./caches.ts";

/**
 * An action on one resource, or on all of its kind, with the tags that it has and those that the request gives. Which
 * resources an action names is from the Service Authorization Reference by memory: unverified.
 */
export function onCache(
  caches: Caches,
  action: string,
  kind: CacheKind,
  name: string | undefined,
  tags?: readonly Tag[],
): Permission {
  const kept = kind === "snapshot" || kind === "parametergroup" ? name : name?.toLowerCase();
  return onArn(caches, action, caches.arn(kind, kept), tags);
}

export function onArn(caches: Caches, action: string, arn: string, tags?: readonly Tag[]): Permission {
  const own = [...caches.tagsOf(arn)].map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
  const context = { ...Object.fromEntries(own), ...requestTags(tags) };
  return { action: `elasticache:${action}`, resource: arn, context };
}

/** Tagging while creating needs AddTagsToResource as well. */
export function tagOnCreate(
  caches: Caches,
  arn: string,
  tags: readonly Tag[] | undefined,
): readonly Permission[] {
  return tags && tags.length > 0 ? [onArn(caches, "AddTagsToResource", arn, tags)] : [];
}

export function tagRecord(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

function requestTags(tags: readonly Tag[] | undefined): NonNullable<Permission["context"]> {
  if (!tags || tags.length === 0) return {};
  const values = Object.entries(tagRecord(tags)).map(([key, value]) => [`aws:RequestTag/${key}`, value]);
  return { ...Object.fromEntries(values), "aws:TagKeys": tags.map(({ Key = "" }) => Key) };
}
