import type { Random } from "../../kernel/random.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
}

/** One rule has one peer; a permission with several peers makes several rules. */
export interface GroupRule {
  readonly id: string;
  readonly groupId: string;
  readonly egress: boolean;
  /** `tcp`, `udp`, `icmp`, or `-1` for everything. */
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly peer: Peer;
  readonly description?: string | undefined;
}

export type Peer =
  | { readonly kind: "ipv4" | "ipv6"; readonly cidr: string }
  | { readonly kind: "group"; readonly groupId: string };

/** "Rule changes are propagated … as quickly as possible. However, a small delay might occur" [SDK]: five seconds are unverified. */
const PROPAGATION_MS = { from: 200, to: 5_000 };

/** The account's security groups with their rules, as configured and as they are in effect. */
export class SecurityGroups {
  readonly context: RegionContext;
  readonly random: Random;
  readonly groups = new Map<string, SecurityGroup>();
  readonly rules = new Map<string, GroupRule>();
  readonly #tags = new Map<string, ReadonlyMap<string, string>>();
  readonly #effective = new Map<string, GroupRule>();
  #settledAt = 0;

  constructor(context: RegionContext) {
    this.context = context;
    this.random = context.kernel.random.fork("ec2");
  }

  groupArn(id: string | undefined): string {
    return arnOf(this.context, "ec2", `security-group/${id ?? ""}`);
  }

  ruleArn(id: string | undefined): string {
    return arnOf(this.context, "ec2", `security-group-rule/${id ?? ""}`);
  }

  /** Codes and texts: EC2's page of error codes, the texts by memory: unverified. */
  group(id: string | undefined): SecurityGroup {
    const group = this.groups.get(id ?? "");
    if (!group) throw new AwsError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
    return group;
  }

  rule(id: string): GroupRule {
    const rule = this.rules.get(id);
    if (rule) return rule;
    throw new AwsError(
      "InvalidSecurityGroupRuleId.NotFound",
      `The security group rule ID '${id}' does not exist`,
    );
  }

  rulesOf(groupId: string): readonly GroupRule[] {
    return [...this.rules.values()].filter((rule) => rule.groupId === groupId);
  }

  /** The rules that new connections meet now. */
  effectiveRules(): readonly GroupRule[] {
    return [...this.#effective.values()];
  }

  newRule(rule: Omit<GroupRule, "id">): GroupRule {
    return { ...rule, id: `sgr-${this.random.hex(17)}` };
  }

  /** Changes a group's rules at once, and what new connections meet a little later, in the order of the changes. */
  change(groupId: string, what: string, edit: (rules: Map<string, GroupRule>) => void): void {
    const { kernel } = this.context;
    edit(this.rules);
    kernel.log.write("ec2", what, { group: groupId });
    const due = kernel.now + this.random.integer(PROPAGATION_MS.from, PROPAGATION_MS.to);
    this.#settledAt = Math.max(due, this.#settledAt);
    kernel.schedule(this.#settledAt - kernel.now, () => {
      edit(this.#effective);
      kernel.log.write("ec2", `${what}, in effect`, { group: groupId });
    });
  }

  /** A rule that has existed since before the story. */
  installRule(rule: GroupRule): void {
    this.rules.set(rule.id, rule);
    this.#effective.set(rule.id, rule);
  }

  tagsOf(id: string): ReadonlyMap<string, string> {
    return this.#tags.get(id) ?? new Map();
  }

  tag(id: string, tags: Readonly<Record<string, string>>): void {
    this.#tags.set(id, new Map([...this.tagsOf(id), ...Object.entries(tags)]));
  }

  /** What is gone has no tags any more. */
  untag(id: string): void {
    this.#tags.delete(id);
  }
}

/** Whether two rules are the same to EC2: descriptions do not count. */
export function sameRule(a: Omit<GroupRule, "id">, b: Omit<GroupRule, "id">): boolean {
  return ruleKey(a) === ruleKey(b);
}

function ruleKey({ groupId, egress, protocol, fromPort, toPort, peer }: Omit<GroupRule, "id">): string {
  const who = peer.kind === "group" ? peer.groupId : peer.cidr;
  return [groupId, egress, protocol, fromPort, toPort, who].join(" ");
}
