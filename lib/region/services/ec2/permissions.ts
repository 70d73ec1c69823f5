import type { Tag, TagSpecification } from "@aws-sdk/client-ec2";
import { arnOf } from "../../region-context.ts";
import { AwsError, type Permission } from "../../service-model.ts";
import type { SecurityGroups } from "./security-groups.ts";

/** EC2's Describe actions are granted on everything or not at all. */
export function toDescribe(action: string): readonly Permission[] {
  return [{ action: `ec2:${action}`, resource: "*" }];
}

/** An action on a group, with EC2's condition keys: the Service Authorization Reference by memory, unverified. */
export function onGroup(groups: SecurityGroups, action: string, id: string | undefined): Permission {
  const group = groups.groups.get(id ?? "");
  const context = {
    ...resourceTags(groups, id),
    ...(id === undefined ? {} : { "ec2:SecurityGroupID": id }),
    ...(group ? { "ec2:Vpc": arnOf(groups.context, "ec2", `vpc/${group.vpcId}`) } : {}),
  };
  return { action: `ec2:${action}`, resource: groups.groupArn(id), context };
}

/** CreateTags on a group or on a rule, which their ids tell apart. */
export function onTagged(groups: SecurityGroups, id: string, tags: readonly Tag[] | undefined): Permission {
  const resource = id.startsWith("sgr-") ? groups.ruleArn(id) : groups.groupArn(id);
  return {
    action: "ec2:CreateTags",
    resource,
    context: { ...resourceTags(groups, id), ...requestTags(tags) },
  };
}

/** Tagging rules while creating them is a permission of its own, on ids that are not known yet. */
export function tagOnCreate(
  groups: SecurityGroups,
  action: string,
  specifications: readonly TagSpecification[] | undefined,
): readonly Permission[] {
  const tags = (specifications ?? []).flatMap((specification) => specification.Tags ?? []);
  if (tags.length === 0) return [];
  const context = { "ec2:CreateAction": action, ...requestTags(tags) };
  return [{ action: "ec2:CreateTags", resource: groups.ruleArn("*"), context }];
}

/** With `DryRun` EC2 answers an error either way; who is not allowed has been refused before. Text and status: unverified. */
export function refuseDryRun(dryRun: boolean | undefined): void {
  if (!dryRun) return;
  const message = "Request would have succeeded, but DryRun flag is set.";
  throw new AwsError("DryRunOperation", message, 412);
}

export function tagRecord(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

function resourceTags(groups: SecurityGroups, id: string | undefined): Record<string, string> {
  const tags = [...groups.tagsOf(id ?? "")];
  const keys = tags.flatMap(([key, value]) => [
    [`aws:ResourceTag/${key}`, value],
    [`ec2:ResourceTag/${key}`, value],
  ]);
  return Object.fromEntries(keys);
}

function requestTags(tags: readonly Tag[] | undefined): NonNullable<Permission["context"]> {
  if (!tags || tags.length === 0) return {};
  const values = Object.entries(tagRecord(tags)).map(([key, value]) => [`aws:RequestTag/${key}`, value]);
  return { ...Object.fromEntries(values), "aws:TagKeys": tags.map(({ Key = "" }) => Key) };
}
