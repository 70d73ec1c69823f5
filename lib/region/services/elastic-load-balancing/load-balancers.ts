import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Random } from "../../kernel/random.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";

export interface StoredLoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
  readonly vpcId: string;
  readonly createdAt: Date;
  securityGroups: readonly string[];
}

export interface StoredListener {
  readonly arn: string;
  readonly loadBalancerArn: string;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
}

/** One state of a rule; a change puts another in its place. */
export interface StoredRule {
  readonly arn: string;
  readonly listenerArn: string;
  /** The default rule comes last and cannot be changed as a rule. */
  readonly priority: number | "default";
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly Action[];
}

export interface StoredTargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly port: number;
  readonly vpcId: string;
  readonly healthCheckPath: string;
  readonly healthCheckIntervalSeconds: number;
  readonly healthyThresholdCount: number;
  readonly unhealthyThresholdCount: number;
  /** `deregistration_delay.timeout_seconds` and the like. */
  readonly attributes: Map<string, string>;
}

/**
 * From the answer to a rule's change until load balancer nodes follow it: "seconds", and the figure is unverified
 * (docs/facts/frontend-secrets-config.md §E, §K 8).
 */
const PROPAGATION_MS = { from: 1_000, to: 8_000 };

/** The account's Application Load Balancers with what belongs to them, as configured and as it is in effect. */
export class LoadBalancers {
  readonly context: RegionContext;
  readonly random: Random;
  /** All four by ARN. */
  readonly loadBalancers = new Map<string, StoredLoadBalancer>();
  readonly listeners = new Map<string, StoredListener>();
  readonly rules = new Map<string, StoredRule>();
  readonly targetGroups = new Map<string, StoredTargetGroup>();
  readonly #tags = new Map<string, Map<string, string>>();
  readonly #effective = new Map<string, StoredRule>();
  readonly #settledAt = new Map<string, number>();

  constructor(context: RegionContext) {
    this.context = context;
    this.random = context.kernel.random.fork("elastic-load-balancing");
  }

  /** `arn:aws:elasticloadbalancing:…:<rest>` */
  arn(rest: string): string {
    return arnOf(this.context, "elasticloadbalancing", rest);
  }

  loadBalancer(arn: string | undefined): StoredLoadBalancer {
    return found(this.loadBalancers.get(arn ?? ""), "LoadBalancerNotFoundException", "load balancers");
  }

  listener(arn: string | undefined): StoredListener {
    return found(this.listeners.get(arn ?? ""), "ListenerNotFoundException", "listeners");
  }

  rule(arn: string | undefined): StoredRule {
    return found(this.rules.get(arn ?? ""), "RuleNotFoundException", "rules");
  }

  targetGroup(arn: string | undefined): StoredTargetGroup {
    return found(this.targetGroups.get(arn ?? ""), "TargetGroupNotFoundException", "target groups");
  }

  /** A listener's rules in the order in which they are asked, the default rule last. */
  rulesOf(listenerArn: string): readonly StoredRule[] {
    return inOrder(this.rules, listenerArn);
  }

  /** What the load balancer's nodes go by right now. */
  effectiveRules(listenerArn: string): readonly StoredRule[] {
    return inOrder(this.#effective, this.listener(listenerArn).arn);
  }

  /** Changes a listener's rules at once, and what its nodes go by a while later, in the order of the changes. */
  change(listenerArn: string, what: string, edit: (rules: Map<string, StoredRule>) => void): void {
    const { kernel } = this.context;
    edit(this.rules);
    kernel.log.write("elasticloadbalancing", what, { listener: listenerArn });
    const due = kernel.now + this.random.integer(PROPAGATION_MS.from, PROPAGATION_MS.to);
    const settledAt = Math.max(due, this.#settledAt.get(listenerArn) ?? 0);
    this.#settledAt.set(listenerArn, settledAt);
    kernel.schedule(settledAt - kernel.now, () => {
      edit(this.#effective);
      kernel.log.write("elasticloadbalancing", `${what}, in effect`, { listener: listenerArn });
    });
  }

  /** A rule that has existed since before the story. */
  installRule(rule: StoredRule): void {
    this.rules.set(rule.arn, rule);
    this.#effective.set(rule.arn, rule);
  }

  /** Which load balancers forward to the target group, by any rule of any listener. */
  loadBalancersOf(targetGroupArn: string): readonly string[] {
    const forwarding = [...this.rules.values()].filter(({ actions }) =>
      actions.some((action) => targetGroupsOf(action).some((target) => target.arn === targetGroupArn)),
    );
    return [...new Set(forwarding.map((rule) => this.listener(rule.listenerArn).loadBalancerArn))];
  }

  tagsOf(arn: string): ReadonlyMap<string, string> {
    return this.#tags.get(arn) ?? new Map();
  }

  tag(arn: string, tags: Readonly<Record<string, string>>): void {
    this.#tags.set(arn, new Map([...this.tagsOf(arn), ...Object.entries(tags)]));
  }

  /** What is gone has no tags any more. */
  untag(arn: string): void {
    this.#tags.delete(arn);
  }
}

/** The groups that an action forwards to; none for another action. */
export function targetGroupsOf(action: Action): { readonly arn: string; readonly weight: number }[] {
  const tuples = action.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: action.TargetGroupArn }];
  return tuples.flatMap(({ TargetGroupArn: arn, Weight: weight = 1 }) =>
    arn === undefined ? [] : [{ arn, weight }],
  );
}

function inOrder(rules: ReadonlyMap<string, StoredRule>, listenerArn: string): readonly StoredRule[] {
  const own = [...rules.values()].filter((rule) => rule.listenerArn === listenerArn);
  return own.sort((a, b) => orderOf(a) - orderOf(b));
}

function orderOf({ priority }: StoredRule): number {
  return priority === "default" ? Number.POSITIVE_INFINITY : priority;
}

/** The codes are the SDK's; the texts are unverified. */
function found<Item>(item: Item | undefined, code: string, what: string): Item {
  if (item === undefined) throw new AwsError(code, `One or more ${what} not found`);
  return item;
}
