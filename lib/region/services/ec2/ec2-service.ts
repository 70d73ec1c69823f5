import * as ec2 from "@aws-sdk/client-ec2";
import type { RegionContext } from "../../region-context.ts";
import { ServiceModel } from "../../service-model.ts";
import { blockContains } from "./cidr.ts";
import { addDescribeOperations } from "./describe-operations.ts";
import { addIngressOperations, newIngress } from "./ingress-operations.ts";
import { SecurityGroups } from "./security-groups.ts";

export interface InstalledSecurityGroup {
  readonly name: string;
  /** `sg-…`; made up unless told. */
  readonly id?: string;
  readonly vpcId?: string;
  readonly ingress?: readonly ec2.IpPermission[];
  readonly tags?: Readonly<Record<string, string>>;
}

/** Amazon EC2 as far as security groups go: who may open a new connection to whom. */
export interface Ec2 {
  readonly model: ServiceModel;
  readonly securityGroups: {
    exists(id: string): boolean;
    /** Makes a group that has existed since before the story, in effect at once; answers its id. */
    install(group: InstalledSecurityGroup): string;
    /**
     * Whether a new TCP connection reaches something behind these groups now. Established connections are tracked
     * and go on whatever the rules say (docs/facts/frontend-secrets-config.md §E): they are not asked about here.
     *
     * @param source a security group's id, an IP address or a CIDR block
     */
    allows(groupIds: readonly string[], source: string, port: number): boolean;
  };
}

export function ec2Service(context: RegionContext): Ec2 {
  const groups = new SecurityGroups(context);
  const client = new ec2.EC2Client({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("ec2", ec2, client);
  addDescribeOperations(model, groups);
  addIngressOperations(model, groups);
  return {
    model,
    securityGroups: {
      exists: (id) => groups.groups.has(id),
      install: (group) => installGroup(groups, group),
      allows: (groupIds, source, port) => allows(groups, groupIds, source, port),
    },
  };
}

/** A new group lets everything out and nothing in. */
function installGroup(
  groups: SecurityGroups,
  { name, ingress = [], ...installed }: InstalledSecurityGroup,
): string {
  const { id = `sg-${groups.random.hex(17)}`, vpcId = "vpc-0a1b2c3d4e5f60718", tags = {} } = installed;
  groups.groups.set(id, { id, name, description: name, vpcId });
  groups.tag(id, tags);
  const out = groups.newRule({
    groupId: id,
    egress: true,
    protocol: "-1",
    fromPort: -1,
    toPort: -1,
    peer: { kind: "ipv4", cidr: "0.0.0.0/0" },
  });
  const inbound =
    ingress.length === 0 ? [] : newIngress(groups, { GroupId: id, IpPermissions: [...ingress] });
  for (const rule of [out, ...inbound]) groups.installRule(rule);
  return id;
}

/** Rules only ever allow: one rule of one of the groups is enough. */
function allows(groups: SecurityGroups, groupIds: readonly string[], source: string, port: number): boolean {
  return groups.effectiveRules().some(({ groupId, egress, protocol, fromPort, toPort, peer }) => {
    if (egress || !groupIds.includes(groupId)) return false;
    if (protocol !== "-1" && (protocol !== "tcp" || port < fromPort || port > toPort)) return false;
    return peer.kind === "group" ? peer.groupId === source : blockContains(peer.cidr, source);
  });
}
