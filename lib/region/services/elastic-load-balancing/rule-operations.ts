import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import type { LoadBalancers, StoredRule } from "./load-balancers.ts";
import { markerPage } from "./marker-page.ts";
import { onResource, requestTags, tagOnCreate, tagRecord, toDescribe } from "./permissions.ts";
import { checkedActions, checkedConditions } from "./rule-checks.ts";

/** What the region can evaluate; another member of a condition or an action is refused, never ignored. */
const CONDITIONS = [
  "Conditions.Field",
  "Conditions.Values",
  "Conditions.HostHeaderConfig.Values",
  "Conditions.PathPatternConfig.Values",
  "Conditions.SourceIpConfig.Values",
  "Conditions.HttpHeaderConfig",
];
const ACTIONS = [
  "Actions.Type",
  "Actions.Order",
  "Actions.TargetGroupArn",
  "Actions.ForwardConfig.TargetGroups",
  "Actions.ForwardConfig.TargetGroupStickinessConfig.Enabled",
  "Actions.FixedResponseConfig",
];

/** 100 rules per load balancer, default rules not counted (docs/facts/frontend-secrets-config.md §E). */
const MAXIMUM_RULES = 100;

/** Listener rules: they decide whether users see the application or a maintenance page. */
export function addRuleOperations(model: ServiceModel, balancers: LoadBalancers): void {
  model.on(elb.DescribeRulesCommand, {
    accepts: ["ListenerArn", "RuleArns", "Marker", "PageSize"],
    authorize: () => toDescribe("DescribeRules"),
    handle: (input) => {
      if ((input.ListenerArn === undefined) === (input.RuleArns === undefined)) {
        throw new AwsError("ValidationError", "You must specify either a listener or rules");
      }
      const rules =
        input.RuleArns?.map((arn) => balancers.rule(arn)) ??
        balancers.rulesOf(balancers.listener(input.ListenerArn).arn);
      const { items, next } = markerPage(rules, input);
      return { Rules: items.map(described), ...next };
    },
  });
  addCreateAndDelete(model, balancers);
  addChanges(model, balancers);
}

/** The rule that CreateRule makes of its input; it is not in force yet. */
export function newRule(balancers: LoadBalancers, input: elb.CreateRuleInput, id: string): StoredRule {
  const listener = balancers.listener(input.ListenerArn);
  const priority = checkedPriority(input.Priority);
  const siblings = balancers.rulesOf(listener.arn);
  if (siblings.some((rule) => rule.priority === priority)) throw inUse(priority);
  const limited = [...balancers.rules.values()].filter(
    (rule) =>
      rule.priority !== "default" &&
      balancers.listener(rule.listenerArn).loadBalancerArn === listener.loadBalancerArn,
  );
  if (limited.length >= MAXIMUM_RULES) {
    throw new AwsError("TooManyRulesException", "The maximum number of rules has been reached");
  }
  return {
    arn: `${listener.arn.replace(":listener/", ":listener-rule/")}/${id}`,
    listenerArn: listener.arn,
    priority,
    conditions: checkedConditions(input.Conditions),
    actions: checkedActions(balancers, input.Actions),
  };
}

function addCreateAndDelete(model: ServiceModel, balancers: LoadBalancers): void {
  model
    .on(elb.CreateRuleCommand, {
      accepts: ["ListenerArn", "Priority", "Tags", ...CONDITIONS, ...ACTIONS],
      authorize: ({ ListenerArn: arn, Tags }) => [
        onResource(balancers, "CreateRule", arn, requestTags(Tags)),
        ...tagOnCreate("CreateRule", `${arn?.replace(":listener/", ":listener-rule/")}/*`, Tags),
      ],
      handle: (input) => {
        const rule = newRule(balancers, input, balancers.random.hex(16));
        balancers.change(rule.listenerArn, "rule created", (rules) => rules.set(rule.arn, rule));
        balancers.tag(rule.arn, tagRecord(input.Tags));
        return { Rules: [described(rule)] };
      },
    })
    .on(elb.DeleteRuleCommand, {
      accepts: ["RuleArn"],
      authorize: ({ RuleArn }) => [onResource(balancers, "DeleteRule", RuleArn)],
      handle: ({ RuleArn }) => {
        const rule = changeable(balancers, RuleArn);
        balancers.change(rule.listenerArn, "rule deleted", (rules) => rules.delete(rule.arn));
        balancers.untag(rule.arn);
        return {};
      },
    });
}

function addChanges(model: ServiceModel, balancers: LoadBalancers): void {
  model
    .on(elb.ModifyRuleCommand, {
      accepts: ["RuleArn", ...CONDITIONS, ...ACTIONS],
      authorize: ({ RuleArn }) => [onResource(balancers, "ModifyRule", RuleArn)],
      // "Replaces the specified properties. Any properties that you do not specify are unchanged"; lists go whole [SDK].
      handle: ({ RuleArn, Conditions, Actions }) => {
        const rule = changeable(balancers, RuleArn);
        const modified: StoredRule = {
          ...rule,
          ...(Conditions && { conditions: checkedConditions(Conditions) }),
          ...(Actions && { actions: checkedActions(balancers, Actions) }),
        };
        balancers.change(rule.listenerArn, "rule modified", (rules) => rules.set(rule.arn, modified));
        return { Rules: [described(modified)] };
      },
    })
    .on(elb.SetRulePrioritiesCommand, {
      accepts: ["RulePriorities"],
      authorize: ({ RulePriorities }) =>
        (RulePriorities ?? []).map(({ RuleArn }) => onResource(balancers, "SetRulePriorities", RuleArn)),
      handle: ({ RulePriorities }) => ({
        Rules: setPriorities(balancers, RulePriorities ?? []).map(described),
      }),
    });
}

/** All or nothing: "as long as there are no priority conflicts in the new order" [SDK]. */
function setPriorities(
  balancers: LoadBalancers,
  pairs: readonly elb.RulePriorityPair[],
): readonly StoredRule[] {
  const moved = pairs.map(({ RuleArn, Priority }) => ({
    ...changeable(balancers, RuleArn),
    priority: checkedPriority(Priority),
  }));
  const arns = new Set(moved.map(({ arn }) => arn));
  const others = [...balancers.rules.values()].filter(({ arn }) => !arns.has(arn));
  for (const [index, rule] of moved.entries()) {
    const rivals = [...moved.slice(0, index), ...others];
    const conflict = rivals.some(
      ({ listenerArn, priority }) => listenerArn === rule.listenerArn && priority === rule.priority,
    );
    if (conflict) throw inUse(rule.priority);
  }
  for (const listenerArn of new Set(moved.map((rule) => rule.listenerArn))) {
    const own = moved.filter((rule) => rule.listenerArn === listenerArn);
    balancers.change(listenerArn, "rules reordered", (rules) => {
      for (const rule of own) rules.set(rule.arn, rule);
    });
  }
  return moved;
}

function changeable(balancers: LoadBalancers, arn: string | undefined): StoredRule {
  const rule = balancers.rule(arn);
  if (rule.priority !== "default") return rule;
  throw new AwsError("OperationNotPermittedException", "The default rule cannot be changed as a rule");
}

function checkedPriority(priority: number | undefined): number {
  if (priority !== undefined && priority >= 1 && priority <= 50_000) return priority;
  throw new AwsError("ValidationError", `Priority '${priority}' must be between 1 and 50000`);
}

function inUse(priority: number): AwsError {
  return new AwsError("PriorityInUseException", `Priority '${priority}' is currently in use`);
}

function described({ arn, priority, conditions, actions }: StoredRule): elb.Rule {
  return {
    RuleArn: arn,
    Priority: String(priority),
    Conditions: [...conditions],
    Actions: [...actions],
    IsDefault: priority === "default",
  };
}
