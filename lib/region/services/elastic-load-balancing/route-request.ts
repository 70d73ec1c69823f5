import { BlockList, isIPv6 } from "node:net";
import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { matchesWildcard } from "../../iam/wildcard.ts";
import type { Random } from "../../kernel/random.ts";
import { type StoredRule, targetGroupsOf } from "./load-balancers.ts";
import { valuesOf } from "./rule-checks.ts";

/** A request as a listener sees it. */
export interface ArrivingRequest {
  readonly host: string;
  /** May have a query, which path patterns do not see. */
  readonly path: string;
  readonly sourceIp: string;
  /** @default none */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the load balancer does with a request. */
export type RoutedAction =
  | { readonly action: "forward"; readonly targetGroupArn: string }
  | {
      readonly action: "fixed-response";
      readonly status: number;
      readonly contentType: string | undefined;
      readonly body: string;
    };

/**
 * The action of the first rule, by priority, all of whose conditions hold; the default rule has none, so it always does.
 *
 * @param random chooses among several target groups by their weights
 */
export function routeRequest(
  rules: readonly StoredRule[],
  request: ArrivingRequest,
  random: Random,
): RoutedAction {
  const rule = rules.find(({ conditions }) => conditions.every((condition) => holds(condition, request)));
  const [action] = rule?.actions ?? [];
  if (!action) throw new Error("A listener without a default rule routes nothing");
  const fixed = action.FixedResponseConfig;
  if (!fixed) return { action: "forward", targetGroupArn: choose(action, random) };
  const { StatusCode, ContentType: contentType, MessageBody: body = "" } = fixed;
  return { action: "fixed-response", status: Number(StatusCode), contentType, body };
}

/** Which characters' case counts, and wildcards: the SDK's documentation of each condition. */
function holds(condition: RuleCondition, { host, path, sourceIp, headers = {} }: ArrivingRequest): boolean {
  const values = valuesOf(condition);
  switch (condition.Field) {
    case "host-header":
      return anyMatches(values, host.replace(/:\d+$/, ""));
    case "path-pattern":
      return values.some((pattern) => matchesWildcard(pattern, path.replace(/\?.*$/s, "")));
    case "source-ip":
      return isWithin(values, sourceIp);
    case "http-header": {
      const name = condition.HttpHeaderConfig?.HttpHeaderName?.toLowerCase();
      const header = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
      return header !== undefined && anyMatches(values, header[1]);
    }
    default:
      throw new Error(`No rule has a condition on ${condition.Field}`);
  }
}

function anyMatches(patterns: readonly string[], value: string): boolean {
  return patterns.some((pattern) => matchesWildcard(pattern.toLowerCase(), value.toLowerCase()));
}

function isWithin(blocks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const block of blocks) {
    const [network = "", prefix] = block.split("/");
    list.addSubnet(network, Number(prefix), isIPv6(network) ? "ipv6" : "ipv4");
  }
  return list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

function choose(action: Action, random: Random): string {
  const targets = targetGroupsOf(action);
  const total = targets.reduce((sum, { weight }) => sum + weight, 0);
  let left = targets.length > 1 ? random.between(0, total) : 0;
  const chosen = targets.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  const [first] = targets;
  if (!first) throw new Error("A forward action without target groups");
  return (chosen ?? first).arn;
}
