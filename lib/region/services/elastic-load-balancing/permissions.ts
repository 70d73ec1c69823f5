import type { Tag } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Permission } from "../../service-model.ts";
import type { LoadBalancers } from "./load-balancers.ts";

/** Reading is granted on everything or not at all: Describe actions have no resources (docs/facts/ecs.md §7). */
export function toDescribe(action: string): readonly Permission[] {
  return [{ action: `elasticloadbalancing:${action}`, resource: "*" }];
}

/**
 * An action on one resource with the tags that it has. That both the global and the service's own tag key are filled
 * is from the Service Authorization Reference by memory: unverified.
 */
export function onResource(
  balancers: LoadBalancers,
  action: string,
  arn: string | undefined,
  extra: Permission["context"] = {},
): Permission {
  const tags = [...balancers.tagsOf(arn ?? "")];
  const keys = tags.flatMap(([key, value]) => [
    [`aws:ResourceTag/${key}`, value],
    [`elasticloadbalancing:ResourceTag/${key}`, value],
  ]);
  const context = { ...Object.fromEntries(keys), ...extra };
  return { action: `elasticloadbalancing:${action}`, resource: arn ?? "*", context };
}

/** Tagging while creating is a permission of its own, on ids that are not known yet. */
export function tagOnCreate(
  action: string,
  resource: string,
  tags: readonly Tag[] | undefined,
): readonly Permission[] {
  if (!tags || tags.length === 0) return [];
  const context = { "elasticloadbalancing:CreateAction": action, ...requestTags(tags) };
  return [{ action: "elasticloadbalancing:AddTags", resource, context }];
}

export function requestTags(tags: readonly Tag[] | undefined): NonNullable<Permission["context"]> {
  if (!tags || tags.length === 0) return {};
  const values = tags.map(({ Key, Value = "" }) => [`aws:RequestTag/${Key}`, Value]);
  return { ...Object.fromEntries(values), "aws:TagKeys": tags.map(({ Key = "" }) => Key) };
}

export function tagRecord(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}
