import * as ec2 from "@aws-sdk/client-ec2";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { describedRule } from "./describe-operations.ts";
import { rulesNamed } from "./ip-permission.ts";
import { onGroup, onTagged, refuseDryRun, tagOnCreate, tagRecord } from "./permissions.ts";
import { type GroupRule, type SecurityGroups, sameRule } from "./security-groups.ts";

/** A permission's peers that the region knows: CIDR blocks and groups of the account. */
const NAMED_RULES = [
  "GroupId",
  "CidrIp",
  "IpProtocol",
  "FromPort",
  "ToPort",
  "IpPermissions.IpProtocol",
  "IpPermissions.FromPort",
  "IpPermissions.ToPort",
  "IpPermissions.IpRanges",
  "IpPermissions.Ipv6Ranges",
  "IpPermissions.UserIdGroupPairs.GroupId",
  "IpPermissions.UserIdGroupPairs.UserId",
  "IpPermissions.UserIdGroupPairs.Description",
];

/** Opening and closing a group for new connections; both answer the ids of rules, for the undo. */
export function addIngressOperations(model: ServiceModel, groups: SecurityGroups): void {
  model
    .on(ec2.AuthorizeSecurityGroupIngressCommand, {
      accepts: [...NAMED_RULES, "TagSpecifications", "DryRun"],
      authorize: ({ GroupId, TagSpecifications }) => [
        onGroup(groups, "AuthorizeSecurityGroupIngress", GroupId),
        ...tagOnCreate(groups, "AuthorizeSecurityGroupIngress", TagSpecifications),
      ],
      handle: (input) => {
        refuseDryRun(input.DryRun);
        const added = newIngress(groups, input);
        const tags = (input.TagSpecifications ?? []).flatMap((specification) => specification.Tags ?? []);
        for (const { id } of added) groups.tag(id, tagRecord(tags));
        groups.change(groups.group(input.GroupId).id, "ingress authorized", (rules) => {
          for (const rule of added) rules.set(rule.id, rule);
        });
        return { Return: true, SecurityGroupRules: added.map((rule) => describedRule(groups, rule)) };
      },
    })
    .on(ec2.RevokeSecurityGroupIngressCommand, {
      accepts: [...NAMED_RULES, "SecurityGroupRuleIds", "DryRun"],
      authorize: ({ GroupId }) => [onGroup(groups, "RevokeSecurityGroupIngress", GroupId)],
      handle: (input) => {
        refuseDryRun(input.DryRun);
        const revoked = rulesToRevoke(groups, input);
        groups.change(groups.group(input.GroupId).id, "ingress revoked", (rules) => {
          for (const { id } of revoked) rules.delete(id);
        });
        for (const { id } of revoked) groups.untag(id);
        return { Return: true, RevokedSecurityGroupRules: revoked.map(describedRevoked) };
      },
    })
    .on(ec2.CreateTagsCommand, {
      accepts: ["Resources", "Tags", "DryRun"],
      authorize: ({ Resources, Tags }) => (Resources ?? []).map((id) => onTagged(groups, id, Tags)),
      handle: ({ Resources = [], Tags, DryRun }) => {
        refuseDryRun(DryRun);
        const ids = Resources.map((id) => taggable(groups, id));
        for (const id of ids) groups.tag(id, tagRecord(Tags));
        return {};
      },
    });
}

/** The rules that a request adds, all or none: one that exists already refuses them all. They are not in force yet. */
export function newIngress(
  groups: SecurityGroups,
  input: ec2.AuthorizeSecurityGroupIngressRequest,
): readonly GroupRule[] {
  const group = groups.group(input.GroupId);
  const rules = rulesNamed(groups, group, input);
  for (const [index, rule] of rules.entries()) {
    const rivals = [...groups.rulesOf(group.id), ...rules.slice(0, index)];
    if (rivals.some((rival) => sameRule(rival, rule))) throw duplicate(rule);
  }
  return rules.map((rule) => groups.newRule(rule));
}

/** "An InvalidPermission.NotFound client error is returned, and no rules are revoked" in a VPC that is not the default one [SDK]. */
function rulesToRevoke(
  groups: SecurityGroups,
  input: ec2.RevokeSecurityGroupIngressRequest,
): readonly GroupRule[] {
  const group = groups.group(input.GroupId);
  const inbound = groups.rulesOf(group.id).filter(({ egress }) => !egress);
  if (input.SecurityGroupRuleIds) {
    if (input.IpPermissions || input.CidrIp !== undefined) {
      throw new AwsError("InvalidParameterCombination", "Rules are named by their ids or by permissions");
    }
    return input.SecurityGroupRuleIds.map((id) => inbound.find((rule) => rule.id === id) ?? unknownRule(id));
  }
  return rulesNamed(groups, group, input).map((named) => {
    const rule = inbound.find((existing) => sameRule(existing, named));
    if (rule) return rule;
    const message = "The specified rule does not exist in this security group.";
    throw new AwsError("InvalidPermission.NotFound", message);
  });
}

function unknownRule(id: string): never {
  throw new AwsError(
    "InvalidSecurityGroupRuleId.NotFound",
    `The security group rule ID '${id}' does not exist`,
  );
}

function duplicate({ peer, protocol, fromPort, toPort }: Omit<GroupRule, "id">): AwsError {
  const who = peer.kind === "group" ? peer.groupId : peer.cidr;
  const ports =
    protocol === "-1" ? "ALL" : `${protocol.toUpperCase()}, from port: ${fromPort}, to port: ${toPort}`;
  const message = `the specified rule "peer: ${who}, ${ports}, ALLOW" already exists`;
  return new AwsError("InvalidPermission.Duplicate", message);
}

function taggable(groups: SecurityGroups, id: string): string {
  if (id.startsWith("sgr-")) return groups.rule(id).id;
  if (id.startsWith("sg-")) return groups.group(id).id;
  throw new AwsError("NotImplemented", `Stepback's simulated region does not model tags of '${id}'`, 501);
}

function describedRevoked(rule: GroupRule): ec2.RevokedSecurityGroupRule {
  const { peer } = rule;
  return {
    SecurityGroupRuleId: rule.id,
    GroupId: rule.groupId,
    IsEgress: rule.egress,
    IpProtocol: rule.protocol,
    FromPort: rule.fromPort,
    ToPort: rule.toPort,
    ...(peer.kind === "ipv4" ? { CidrIpv4: peer.cidr } : {}),
    ...(peer.kind === "ipv6" ? { CidrIpv6: peer.cidr } : {}),
    ...(peer.kind === "group" ? { ReferencedGroupId: peer.groupId } : {}),
    ...(rule.description === undefined ? {} : { Description: rule.description }),
  };
}
