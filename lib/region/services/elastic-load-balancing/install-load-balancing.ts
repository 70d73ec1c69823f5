import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { LoadBalancers } from "./load-balancers.ts";
import { checkedActions } from "./rule-checks.ts";
import { newRule } from "./rule-operations.ts";
import { DEREGISTRATION_DELAY } from "./target-group-operations.ts";

/** Sixteen hexadecimal digits unless told; the sample application has names that alarms know. */
interface Identified {
  readonly id?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface InstalledLoadBalancer extends Identified {
  readonly name: string;
  readonly securityGroups: readonly string[];
  readonly vpcId?: string;
}

export interface InstalledListener extends Identified {
  readonly loadBalancerArn: string;
  /** @default 443, HTTPS; 80 is HTTP */
  readonly port?: 80 | 443;
  readonly defaultActions: readonly Action[];
}

export interface InstalledRule extends Identified {
  readonly listenerArn: string;
  readonly priority: number;
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly Action[];
}

export interface InstalledTargetGroup extends Identified {
  readonly name: string;
  readonly port: number;
  readonly vpcId?: string;
  /** @default "/health" */
  readonly healthCheckPath?: string;
  /** @default 30 */
  readonly healthCheckIntervalSeconds?: number;
  /** @default 5 */
  readonly healthyThresholdCount?: number;
  /** @default 2 */
  readonly unhealthyThresholdCount?: number;
  /** @default 300 */
  readonly deregistrationDelaySeconds?: number;
}

/** Makes what has existed since before the story, in effect at once; each answers the ARN. */
export class LoadBalancingInstaller {
  readonly #balancers: LoadBalancers;

  constructor(balancers: LoadBalancers) {
    this.#balancers = balancers;
  }

  loadBalancer({ name, id, tags, securityGroups, vpcId = VPC }: InstalledLoadBalancer): string {
    const { context } = this.#balancers;
    const arn = this.#balancers.arn(`loadbalancer/app/${name}/${this.#id(id)}`);
    const dnsName = `${name}-${this.#balancers.random.integer(1e8, 2e9)}.${context.region}.elb.amazonaws.com`;
    const createdAt = context.kernel.date();
    this.#balancers.loadBalancers.set(arn, { arn, name, dnsName, vpcId, createdAt, securityGroups });
    return this.#tagged(arn, tags);
  }

  listener({ loadBalancerArn, id, tags, port = 443, defaultActions }: InstalledListener): string {
    const balancer = this.#balancers.loadBalancer(loadBalancerArn);
    const arn = `${balancer.arn.replace(":loadbalancer/", ":listener/")}/${this.#id(id)}`;
    const protocol = port === 443 ? "HTTPS" : "HTTP";
    this.#balancers.listeners.set(arn, { arn, loadBalancerArn, port, protocol });
    const ruleArn = `${arn.replace(":listener/", ":listener-rule/")}/${this.#id(undefined)}`;
    this.#balancers.installRule({
      arn: ruleArn,
      listenerArn: arn,
      priority: "default",
      conditions: [],
      actions: checkedActions(this.#balancers, defaultActions),
    });
    return this.#tagged(arn, tags);
  }

  rule({ listenerArn, id, tags, priority, conditions, actions }: InstalledRule): string {
    const input = {
      ListenerArn: listenerArn,
      Priority: priority,
      Conditions: [...conditions],
      Actions: [...actions],
    };
    const rule = newRule(this.#balancers, input, this.#id(id));
    this.#balancers.installRule(rule);
    return this.#tagged(rule.arn, tags);
  }

  targetGroup(group: InstalledTargetGroup): string {
    const arn = this.#balancers.arn(`targetgroup/${group.name}/${this.#id(group.id)}`);
    this.#balancers.targetGroups.set(arn, {
      arn,
      name: group.name,
      port: group.port,
      vpcId: group.vpcId ?? VPC,
      healthCheckPath: group.healthCheckPath ?? "/health",
      healthCheckIntervalSeconds: group.healthCheckIntervalSeconds ?? 30,
      healthyThresholdCount: group.healthyThresholdCount ?? 5,
      unhealthyThresholdCount: group.unhealthyThresholdCount ?? 2,
      attributes: new Map([
        [DEREGISTRATION_DELAY, String(group.deregistrationDelaySeconds ?? 300)],
        ["stickiness.enabled", "false"],
        ["load_balancing.algorithm.type", "round_robin"],
        ["slow_start.duration_seconds", "0"],
      ]),
    });
    return this.#tagged(arn, group.tags);
  }

  #id(id: string | undefined): string {
    return id ?? this.#balancers.random.hex(16);
  }

  #tagged(arn: string, tags: Readonly<Record<string, string>> | undefined): string {
    this.#balancers.tag(arn, tags ?? {});
    return arn;
  }
}

/** The region has one VPC unless an installation names another. */
const VPC = "vpc-0a1b2c3d4e5f60718";
