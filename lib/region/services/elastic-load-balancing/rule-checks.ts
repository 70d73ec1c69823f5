import { isIP } from "node:net";
import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../service-model.ts";
import { type LoadBalancers, targetGroupsOf } from "./load-balancers.ts";

/**
 * Refuses the conditions of a rule that AWS refuses, and gives them the form in which AWS describes them. The rules are
 * the SDK's member documentation, cited as [SDK]; the texts of the errors are unverified.
 */
export function checkedConditions(conditions: readonly RuleCondition[] | undefined): RuleCondition[] {
  // "a rule needs ≥1 condition" (docs/facts/frontend-secrets-config.md §E).
  if (!conditions || conditions.length === 0) throw invalid("A condition must be specified");
  const single = conditions.map(({ Field }) => Field).filter((field) => field !== "http-header");
  if (new Set(single).size < single.length) throw invalid("A rule can only have one condition of a field");
  const checked = conditions.map(checkedCondition);
  // Quota "condition values per rule", by memory: unverified.
  if (checked.flatMap(valuesOf).length > 5) throw invalid("A rule can have up to 5 condition values");
  return checked;
}

/** What a condition compares with, whichever member holds it. */
export function valuesOf(condition: RuleCondition): readonly string[] {
  const { HostHeaderConfig, PathPatternConfig, SourceIpConfig, HttpHeaderConfig, Values } = condition;
  const configured = HostHeaderConfig ?? PathPatternConfig ?? SourceIpConfig ?? HttpHeaderConfig;
  return configured?.Values ?? Values ?? [];
}

/** Exactly one action, which must be the last: forward or fixed-response; what else AWS has is not modelled. */
export function checkedActions(balancers: LoadBalancers, actions: readonly Action[] | undefined): Action[] {
  const [action, ...others] = actions ?? [];
  if (!action || others.length > 0) {
    throw invalid("A rule must have exactly one forward or fixed-response action");
  }
  if (action.Type === "fixed-response") return [checkedFixedResponse(action)];
  if (action.Type === "forward") return [checkedForward(balancers, action)];
  throw notModelled(`${action.Type} actions`);
}

function checkedCondition(condition: RuleCondition): RuleCondition {
  const { Field, Values, HostHeaderConfig, PathPatternConfig, SourceIpConfig, HttpHeaderConfig } = condition;
  const configs = [Values, HostHeaderConfig, PathPatternConfig, SourceIpConfig, HttpHeaderConfig];
  // AWS describes a host with both members; whether it takes both back is unverified, so the region does not.
  if (configs.filter((config) => config !== undefined).length !== 1) {
    throw invalid(`A condition on '${Field}' must have its values in exactly one member`);
  }
  const values = [...valuesOf(condition)];
  if (values.length === 0 || values.some((value) => value.length > 128)) {
    throw invalid("Condition values must have 1 to 128 characters");
  }
  if (Field === "host-header" && (Values ?? HostHeaderConfig)) {
    for (const value of values) checkHost(value);
    return { Field, Values: values, HostHeaderConfig: { Values: values } };
  }
  if (Field === "path-pattern" && (Values ?? PathPatternConfig)) {
    return { Field, Values: values, PathPatternConfig: { Values: values } };
  }
  if (Field === "source-ip" && SourceIpConfig) {
    for (const value of values) checkCidr(value);
    return { Field, SourceIpConfig: { Values: values } };
  }
  if (Field === "http-header" && HttpHeaderConfig) {
    const { HttpHeaderName = "" } = HttpHeaderConfig;
    // "You can't use an HTTP header condition to specify the host header"; at most 40 characters [SDK].
    if (!/^[\w!#$%&'*+.^`|~-]{1,40}$/.test(HttpHeaderName) || /^host$/i.test(HttpHeaderName)) {
      throw invalid(`'${HttpHeaderName}' is not a valid HTTP header name`);
    }
    return { Field, HttpHeaderConfig: { HttpHeaderName, Values: values } };
  }
  throw invalid(`Condition field '${Field}' does not go with the given values`);
}

/** "You must include at least one '.' character. You can include only alphabetical characters after the final '.'" [SDK] */
function checkHost(value: string): void {
  if (!/^[\w.*?-]*\.[a-z]+$/i.test(value)) throw invalid(`Condition value '${value}' is not a valid host`);
}

function checkCidr(value: string): void {
  const [address = "", prefix = ""] = value.split("/");
  const family = isIP(address);
  const valid = family !== 0 && /^\d+$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32);
  if (!valid) throw invalid(`Condition value '${value}' is not a valid CIDR block`);
}

const CONTENT_TYPES = [
  "text/plain",
  "text/css",
  "text/html",
  "application/javascript",
  "application/json",
] as const;

/** docs/facts/frontend-secrets-config.md §E; that a body has at most 1,024 characters is unverified there. */
function checkedFixedResponse(action: Action): Action {
  const config = action.FixedResponseConfig;
  if (!config) throw invalid("A fixed response needs its configuration");
  if (!/^[245]\d\d$/.test(config.StatusCode ?? ""))
    throw invalid("Fixed response status must be 2XX, 4XX or 5XX");
  if ((config.MessageBody ?? "").length > 1024) {
    throw invalid("Fixed response message body must be at most 1024 characters");
  }
  if (config.ContentType !== undefined && !CONTENT_TYPES.some((type) => type === config.ContentType)) {
    throw invalid(`Fixed response content type '${config.ContentType}' is not valid`);
  }
  return { Type: "fixed-response", Order: action.Order ?? 1, FixedResponseConfig: config };
}

function checkedForward(balancers: LoadBalancers, action: Action): Action {
  const targets = targetGroupsOf(action);
  const { TargetGroupArn: single, ForwardConfig } = action;
  // "If you specify both …, you can specify only one target group …, and it must be the same" [SDK].
  if (single !== undefined && ForwardConfig && (targets.length !== 1 || targets[0]?.arn !== single)) {
    throw invalid("ForwardConfig and TargetGroupArn must name the same target group");
  }
  if (targets.length === 0 || targets.length > 5) throw invalid("A forward action has 1 to 5 target groups");
  if (ForwardConfig?.TargetGroupStickinessConfig?.Enabled) throw notModelled("sticky target groups");
  for (const { arn, weight } of targets) {
    balancers.targetGroup(arn);
    if (weight < 0 || weight > 999) throw invalid("Target group weights are 0 to 999");
  }
  const first = targets[0]?.arn;
  return {
    Type: "forward",
    Order: action.Order ?? 1,
    ...(targets.length === 1 && first !== undefined ? { TargetGroupArn: first } : {}),
    ForwardConfig: {
      TargetGroups: targets.map(({ arn, weight }) => ({ TargetGroupArn: arn, Weight: weight })),
      TargetGroupStickinessConfig: { Enabled: false },
    },
  };
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationError", message);
}

function notModelled(what: string): AwsError {
  return new AwsError("NotImplemented", `Stepback's simulated region does not model ${what}`, 501);
}
