import type { IpPermission } from "@aws-sdk/client-ec2";
import { AwsError } from "../../service-model.ts";
import { canonicalBlock } from "./cidr.ts";
import type { GroupRule, Peer, SecurityGroup, SecurityGroups } from "./security-groups.ts";

/** What Authorize and Revoke name rules by: a list of permissions, or one CIDR block in members of its own. */
export interface NamedRules {
  readonly IpPermissions?: IpPermission[] | undefined;
  readonly CidrIp?: string | undefined;
  readonly IpProtocol?: string | undefined;
  readonly FromPort?: number | undefined;
  readonly ToPort?: number | undefined;
}

/** The inbound rules that a request names, one for each peer. Codes by EC2's page of error codes; texts are unverified. */
export function rulesNamed(
  groups: SecurityGroups,
  group: SecurityGroup,
  { IpPermissions, CidrIp, ...single }: NamedRules,
): Omit<GroupRule, "id">[] {
  if (IpPermissions && CidrIp !== undefined) {
    throw new AwsError("InvalidParameterCombination", "IpPermissions and CidrIp cannot be used together");
  }
  const permissions = IpPermissions ?? (CidrIp === undefined ? [] : [{ ...single, IpRanges: [{ CidrIp }] }]);
  if (permissions.length === 0) {
    throw new AwsError("MissingParameter", "The request must contain the parameter ipPermissions or cidrIp");
  }
  return permissions.flatMap((permission) => {
    const traffic = trafficOf(permission);
    return peersOf(groups, permission).map(({ peer, description }) => ({
      groupId: group.id,
      egress: false,
      ...traffic,
      peer,
      ...(description === undefined ? {} : { description }),
    }));
  });
}

/** Rules as DescribeSecurityGroups shows them: those of the same protocol and ports together. */
export function permissionsOf(rules: readonly GroupRule[], account: string): IpPermission[] {
  const traffics = new Map<string, GroupRule[]>();
  for (const rule of rules) {
    const key = `${rule.protocol} ${rule.fromPort} ${rule.toPort}`;
    traffics.set(key, [...(traffics.get(key) ?? []), rule]);
  }
  return [...traffics.values()].map((same) => permissionOf(same, account));
}

function permissionOf(same: readonly GroupRule[], account: string): IpPermission {
  const described = ({ description }: GroupRule) =>
    description === undefined ? {} : { Description: description };
  const [first] = same;
  const everything = first === undefined || first.protocol === "-1";
  return {
    IpProtocol: first?.protocol,
    ...(everything ? {} : { FromPort: first.fromPort, ToPort: first.toPort }),
    UserIdGroupPairs: same.flatMap((rule) =>
      rule.peer.kind === "group" ? [{ UserId: account, GroupId: rule.peer.groupId, ...described(rule) }] : [],
    ),
    IpRanges: same.flatMap((rule) =>
      rule.peer.kind === "ipv4" ? [{ CidrIp: rule.peer.cidr, ...described(rule) }] : [],
    ),
    Ipv6Ranges: same.flatMap((rule) =>
      rule.peer.kind === "ipv6" ? [{ CidrIpv6: rule.peer.cidr, ...described(rule) }] : [],
    ),
    PrefixListIds: [],
  };
}

function trafficOf({
  IpProtocol: protocol = "",
  FromPort,
  ToPort,
}: IpPermission): Pick<GroupRule, "protocol" | "fromPort" | "toPort"> {
  const name = { "6": "tcp", "17": "udp", "1": "icmp" }[protocol] ?? protocol;
  // "If the protocol is -1, traffic on all ports is allowed, regardless of any ports you specify" [SDK].
  if (name === "-1") return { protocol: name, fromPort: -1, toPort: -1 };
  if (!["tcp", "udp", "icmp"].includes(name)) {
    throw new AwsError("InvalidParameterValue", `Invalid value '${protocol}' for IP protocol.`);
  }
  if (FromPort === undefined || ToPort === undefined) {
    throw new AwsError("MissingParameter", "The request must contain the parameters fromPort and toPort");
  }
  const ports = name === "icmp" || (FromPort >= 0 && ToPort <= 65_535 && FromPort <= ToPort);
  if (!ports) throw new AwsError("InvalidParameterValue", `Invalid port range ${FromPort} to ${ToPort}`);
  return { protocol: name, fromPort: FromPort, toPort: ToPort };
}

function peersOf(
  groups: SecurityGroups,
  { IpRanges = [], Ipv6Ranges = [], UserIdGroupPairs = [] }: IpPermission,
): readonly { readonly peer: Peer; readonly description: string | undefined }[] {
  const blocks = [
    ...IpRanges.map(({ CidrIp, Description }) => ({ cidr: CidrIp, kind: "ipv4", description: Description })),
    ...Ipv6Ranges.map(({ CidrIpv6, Description }) => ({
      cidr: CidrIpv6,
      kind: "ipv6",
      description: Description,
    })),
  ].map(({ cidr = "", kind, description }) => {
    const peer = canonicalBlock(cidr);
    if (peer?.kind === kind) return { peer, description };
    throw new AwsError("InvalidParameterValue", `CIDR block ${cidr} is malformed`);
  });
  const pairs = UserIdGroupPairs.map(({ GroupId, Description }) => ({
    peer: { kind: "group" as const, groupId: groups.group(GroupId).id },
    description: Description,
  }));
  const peers = [...blocks, ...pairs];
  if (peers.length > 0) return peers;
  throw new AwsError("InvalidParameterValue", "A permission must name a CIDR block or a security group");
}
