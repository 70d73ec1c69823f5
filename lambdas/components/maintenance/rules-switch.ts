import {
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  type Rule,
  type RuleCondition,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { MaintenanceSwitch } from "../../contracts/kinds/maintenance.ts";
import { asked, isNamed } from "../aws-call.ts";
import { conditionsFor, positionOf } from "./rule-conditions.ts";
import type { Position, Switch } from "./switches.ts";

type Configured = Extract<MaintenanceSwitch, { readonly by: "load-balancer-rules" }>;

/**
 * Pre-made rules that answer by themselves: their conditions decide whether anybody meets them. One ModifyRule a rule, no
 * priorities touched (docs/facts/frontend-secrets-config.md §E).
 */
export function rulesSwitch(balancing: ElasticLoadBalancingV2Client, configured: Configured): Switch {
  const look = async () => {
    const rules = await describe(balancing, configured.rules);
    return "problem" in rules
      ? rules
      : rules.map(({ Conditions = [] }): Position => positionOf(Conditions, configured));
  };
  return {
    // "seconds"; the figure is unverified (§E, §K 8).
    settleSeconds: 10,
    name: `${configured.rules.length === 1 ? "the maintenance rule" : "the maintenance rules"} of the load balancer`,
    look,
    byHand: (to) =>
      configured.rules.map(
        (arn) =>
          `aws elbv2 modify-rule --rule-arn ${arn} --conditions '${JSON.stringify(conditionsFor(configured[to]))}'`,
      ),
    async turn(to) {
      const positions = await look();
      const index = "problem" in positions ? -1 : positions.indexOf(to === "on" ? "off" : "on");
      const RuleArn = configured.rules[index];
      if (RuleArn === undefined) return "collided";
      const Conditions: RuleCondition[] = conditionsFor(configured[to]);
      const command = new ModifyRuleCommand({ RuleArn, Conditions });
      await asked("Changing a maintenance rule", balancing.send(command));
      return "turned";
    },
  };
}

/** The rules in the configured order; a rule that would forward is no page. */
async function describe(
  balancing: ElasticLoadBalancingV2Client,
  arns: readonly string[],
): Promise<readonly Rule[] | { readonly problem: string }> {
  try {
    const command = new DescribeRulesCommand({ RuleArns: [...arns] });
    const { Rules = [] } = await asked("Reading the maintenance rules", balancing.send(command));
    const found = new Map(Rules.map((rule) => [rule.RuleArn, rule]));
    const rules = arns.flatMap((arn) => found.get(arn) ?? []);
    if (rules.length < arns.length) return missing;
    const forwards = rules.some(({ Actions = [] }) => Actions.some(({ Type }) => Type === "forward"));
    return forwards
      ? {
          problem:
            "a maintenance rule of the load balancer forwards to the application; give it a fixed response.",
        }
      : rules;
  } catch (error) {
    if (isNamed(error, "RuleNotFoundException", "RuleNotFound")) return missing;
    throw error;
  }
}

const missing = {
  problem: "a maintenance rule of the load balancer does not exist; correct the environment.",
};
