import * as ec2 from "@aws-sdk/client-ec2";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { permissionsOf } from "./ip-permission.ts";
import { refuseDryRun, toDescribe } from "./permissions.ts";
import type { GroupRule, SecurityGroup, SecurityGroups } from "./security-groups.ts";

export function addDescribeOperations(model: ServiceModel, groups: SecurityGroups): void {
  model
    .on(ec2.DescribeSecurityGroupsCommand, {
      accepts: ["GroupIds", "Filters", "MaxResults", "NextToken", "DryRun"],
      authorize: () => toDescribe("DescribeSecurityGroups"),
      handle: (input) => {
        refuseDryRun(input.DryRun);
        const asked = input.GroupIds?.map((id) => groups.group(id)) ?? [...groups.groups.values()];
        const matching = asked.filter((group) =>
          matchesFilters(input.Filters, groups.tagsOf(group.id), {
            "group-id": group.id,
            "group-name": group.name,
            "vpc-id": group.vpcId,
          }),
        );
        const { items, next } = page(matching, input);
        return { SecurityGroups: items.map((group) => describedGroup(groups, group)), ...next };
      },
    })
    .on(ec2.DescribeSecurityGroupRulesCommand, {
      accepts: ["SecurityGroupRuleIds", "Filters", "MaxResults", "NextToken", "DryRun"],
      authorize: () => toDescribe("DescribeSecurityGroupRules"),
      handle: (input) => {
        refuseDryRun(input.DryRun);
        const asked = input.SecurityGroupRuleIds?.map((id) => groups.rule(id)) ?? [...groups.rules.values()];
        const matching = asked.filter((rule) =>
          matchesFilters(input.Filters, groups.tagsOf(rule.id), {
            "group-id": rule.groupId,
            "security-group-rule-id": rule.id,
          }),
        );
        const { items, next } = page(matching, input);
        return { SecurityGroupRules: items.map((rule) => describedRule(groups, rule)), ...next };
      },
    });
}

export function describedRule(groups: SecurityGroups, rule: GroupRule): ec2.SecurityGroupRule {
  const { account } = groups.context;
  const { peer } = rule;
  return {
    SecurityGroupRuleId: rule.id,
    SecurityGroupRuleArn: groups.ruleArn(rule.id),
    GroupId: rule.groupId,
    GroupOwnerId: account,
    IsEgress: rule.egress,
    IpProtocol: rule.protocol,
    FromPort: rule.fromPort,
    ToPort: rule.toPort,
    ...(peer.kind === "ipv4" ? { CidrIpv4: peer.cidr } : {}),
    ...(peer.kind === "ipv6" ? { CidrIpv6: peer.cidr } : {}),
    ...(peer.kind === "group" ? { ReferencedGroupInfo: { GroupId: peer.groupId, UserId: account } } : {}),
    ...(rule.description === undefined ? {} : { Description: rule.description }),
    Tags: tagList(groups, rule.id),
  };
}

function describedGroup(groups: SecurityGroups, group: SecurityGroup): ec2.SecurityGroup {
  const { account } = groups.context;
  const rules = groups.rulesOf(group.id);
  const inbound = rules.filter(({ egress }) => !egress);
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    OwnerId: account,
    VpcId: group.vpcId,
    SecurityGroupArn: groups.groupArn(group.id),
    IpPermissions: permissionsOf(inbound, account),
    IpPermissionsEgress: permissionsOf(
      rules.filter(({ egress }) => egress),
      account,
    ),
    Tags: tagList(groups, group.id),
  };
}

function tagList(groups: SecurityGroups, id: string): ec2.Tag[] {
  return [...groups.tagsOf(id)].map(([Key, Value]) => ({ Key, Value }));
}

/** Every filter must match, with one of its values. */
function matchesFilters(
  filters: readonly ec2.Filter[] | undefined,
  tags: ReadonlyMap<string, string>,
  values: Readonly<Record<string, string>>,
): boolean {
  return (filters ?? []).every(({ Name = "", Values = [] }) => {
    if (Name === "tag-key") return Values.some((key) => tags.has(key));
    const value = Name.startsWith("tag:") ? tags.get(Name.slice(4)) : values[Name];
    if (value === undefined && !Name.startsWith("tag:")) {
      throw new AwsError("InvalidParameterValue", `The filter '${Name}' is invalid`);
    }
    return value !== undefined && Values.includes(value);
  });
}

/** "This value can be between 5 and 1000. If this parameter is not specified, then all items are returned" [SDK]. */
function page<Item>(
  items: readonly Item[],
  { MaxResults: size, NextToken: token }: Pick<ec2.DescribeSecurityGroupsRequest, "MaxResults" | "NextToken">,
): { readonly items: Item[]; readonly next: { NextToken?: string } } {
  if (size !== undefined && (size < 5 || size > 1000)) {
    throw new AwsError("InvalidParameterValue", `Value (${size}) for parameter maxResults is invalid.`);
  }
  const from = token === undefined ? 0 : Number.parseInt(token, 36);
  if (Number.isNaN(from)) throw new AwsError("InvalidParameterValue", "The nextToken is invalid.");
  const to = size === undefined ? items.length : from + size;
  return { items: items.slice(from, to), next: to < items.length ? { NextToken: to.toString(36) } : {} };
}
