import type { Rule, RuleAction, Statement, UpdateWebACLRequest } from "@aws-sdk/client-wafv2";
import { wafError } from "./waf-error.ts";
import type { WebAcls } from "./web-acls.ts";

/** What of a web ACL is judged; the rest is kept as it came. */
type Protection = Pick<UpdateWebACLRequest, "DefaultAction" | "Rules" | "CustomResponseBodies">;

/**
 * Refuses a web ACL that AWS refuses, and rules that the region cannot evaluate. The limits are those of
 * docs/facts/frontend-secrets-config.md §E; which field and reason AWS names is unverified.
 */
export function checkWebAcl(
  acls: WebAcls,
  { DefaultAction, Rules = [], CustomResponseBodies = {} }: Protection,
): void {
  if ((DefaultAction?.Allow === undefined) === (DefaultAction?.Block === undefined)) {
    throw wafError.invalid("DEFAULT_ACTION", "DefaultAction", "Exactly one action must be given.");
  }
  checkUnique(Rules, "PRIORITY", ({ Priority }) => String(Priority));
  checkUnique(Rules, "RULE", ({ Name }) => String(Name));
  const sizes = Object.values(CustomResponseBodies).map(({ Content }) => Buffer.byteLength(Content ?? ""));
  if (sizes.some((size) => size > 4_096) || sizes.reduce((sum, size) => sum + size, 0) > 51_200) {
    throw wafError.invalid("CUSTOM_RESPONSE_BODY", "Content", "A body is too large.");
  }
  const actions = [DefaultAction, ...Rules.map(({ Action }) => Action)];
  for (const action of actions) checkCustomResponse(action, Object.keys(CustomResponseBodies));
  for (const rule of Rules) checkRule(acls, rule);
}

/** The ARNs of the IP sets, rule groups and pattern sets that rules refer to, at any depth. */
export function referencedArns(rules: readonly Rule[]): readonly string[] {
  const inStatement = (statement: Statement | undefined): readonly (string | undefined)[] => [
    statement?.IPSetReferenceStatement?.ARN,
    statement?.RuleGroupReferenceStatement?.ARN,
    statement?.RegexPatternSetReferenceStatement?.ARN,
    ...nested(statement).flatMap(inStatement),
  ];
  const arns = rules.flatMap(({ Statement }) => inStatement(Statement));
  return [...new Set(arns.filter((arn) => arn !== undefined))];
}

/** The statements inside a logical statement. */
export function nested(statement: Statement | undefined): readonly Statement[] {
  const { AndStatement, OrStatement, NotStatement } = statement ?? {};
  const negated = NotStatement?.Statement ? [NotStatement.Statement] : [];
  return [...(AndStatement?.Statements ?? []), ...(OrStatement?.Statements ?? []), ...negated];
}

function checkUnique(rules: readonly Rule[], field: string, key: (rule: Rule) => string): void {
  const keys = rules.map(key);
  const repeated = keys.find((value, index) => keys.indexOf(value) !== index);
  if (repeated !== undefined) throw wafError.invalid(field, repeated, "Rules must differ in it.");
}

function checkCustomResponse(action: RuleAction | undefined, bodies: readonly string[]): void {
  const response = action?.Block?.CustomResponse;
  if (!response) return;
  const { ResponseCode = 0, CustomResponseBodyKey: key, ResponseHeaders = [] } = response;
  // 200 to 599 [SDK CustomResponse].
  if (ResponseCode < 200 || ResponseCode > 599 || ResponseHeaders.length > 10) {
    throw wafError.invalid("CUSTOM_RESPONSE", String(ResponseCode), "The response is not valid.");
  }
  if (key !== undefined && !bodies.includes(key)) {
    throw wafError.invalid("CUSTOM_RESPONSE", key, "There is no custom response body of this key.");
  }
}

function checkRule(acls: WebAcls, { Name = "", Action, OverrideAction, Statement }: Rule): void {
  const group = Statement?.ManagedRuleGroupStatement ?? Statement?.RuleGroupReferenceStatement;
  const wanted = group ? OverrideAction : Action;
  // "You must set either this Action setting or the rule OverrideAction, but not both"; the latter for groups [SDK Rule].
  if (!wanted || (Action && OverrideAction)) {
    throw wafError.invalid("RULE_ACTION", Name, "Exactly one of Action and OverrideAction must be given.");
  }
  for (const kind of ["Captcha", "Challenge", "Monetize"] as const) {
    if (Action?.[kind]) throw wafError.notModelled(`the rule action ${kind}`);
  }
  checkStatement(acls, Statement, false);
}

/** A content statement never matches (see `requestMatches`), so inside a negation it would always match: not modelled. */
function checkStatement(acls: WebAcls, statement: Statement | undefined, negated: boolean): void {
  if (Object.values(statement ?? {}).filter((member) => member !== undefined).length !== 1) {
    throw wafError.invalid("STATEMENT", "Statement", "A statement must have exactly one member.");
  }
  const { IPSetReferenceStatement: reference } = statement ?? {};
  if (reference?.IPSetForwardedIPConfig) throw wafError.notModelled("forwarded IP addresses");
  if (reference) acls.ipSet(reference.ARN);
  const inside = nested(statement);
  if (negated && !reference && inside.length === 0) throw wafError.notModelled("a negated content statement");
  for (const part of inside) checkStatement(acls, part, negated || statement?.NotStatement !== undefined);
}
