import type { Permission, PolicyDocument, PolicyStatement, Principal } from "../service-model.ts";
import { conditionHolds } from "./condition.ts";
import { listOf, statementsOf } from "./policy-document.ts";
import { type Reach, reachOf } from "./principal-match.ts";
import type { RequestContext } from "./request-context.ts";
import { matchesAction, matchesResource } from "./wildcard.ts";

/** Everything that has a say in one request of one principal. */
export interface Evaluation {
  readonly principal: Principal;
  readonly permission: Permission;
  readonly context: RequestContext;
  readonly account: string;
  readonly identityPolicies: readonly PolicyDocument[];
  readonly boundary: PolicyDocument | undefined;
}

/** The kind of policy that decided, as AWS names it in its messages. */
export type PolicyType = "identity-based policy" | "resource-based policy" | "permissions boundary";

export type Decision =
  | { readonly allowed: true; readonly by: "identity-based policy" | "resource-based policy" }
  | { readonly allowed: false; readonly explicit: boolean; readonly because: PolicyType };

/**
 * IAM's decision within one account: an explicit deny anywhere wins; then an allow must come from the identity
 * policies within the boundary, or from the resource's own policy.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function evaluate(evaluation: Evaluation): Decision {
  const { principal, boundary } = evaluation;
  const identity = evaluation.identityPolicies
    .flatMap(statementsOf)
    .filter((one) => applies(one, evaluation));
  const limits = boundary && statementsOf(boundary).filter((one) => applies(one, evaluation));
  const resource = reaching(evaluation);

  const denies = (statements: readonly PolicyStatement[]) =>
    statements.some(({ Effect }) => Effect === "Deny");
  if (denies(identity)) return { allowed: false, explicit: true, because: "identity-based policy" };
  if (denies(resource.map(({ statement }) => statement))) {
    return { allowed: false, explicit: true, because: "resource-based policy" };
  }
  if (limits && denies(limits)) return { allowed: false, explicit: true, because: "permissions boundary" };

  // Of two ways that allow, the identity policies are named, so that the accounting of used grants sees them.
  const withinBoundary = limits === undefined || limits.length > 0;
  if (identity.length > 0 && withinBoundary) return { allowed: true, by: "identity-based policy" };
  const reached = new Set(resource.map(({ reach }) => reach));
  if (reached.has("directly")) return { allowed: true, by: "resource-based policy" };
  if (principal.type === "service")
    return { allowed: false, explicit: false, because: "resource-based policy" };
  if (identity.length === 0 && !reached.has("by-role")) {
    return { allowed: false, explicit: false, because: "identity-based policy" };
  }
  if (!withinBoundary) return { allowed: false, explicit: false, because: "permissions boundary" };
  return { allowed: true, by: "resource-based policy" };
}

/** Whether a statement speaks of this action on this resource under these conditions; its Principal is not looked at. */
export function applies(
  statement: PolicyStatement,
  { permission: { action, resource }, context }: Pick<Evaluation, "permission" | "context">,
): boolean {
  const names = (patterns: string | readonly string[] | undefined, matches: (pattern: string) => boolean) =>
    listOf(patterns).some(matches);
  const actionMatches = (pattern: string) => matchesAction(pattern, action);
  const resourceMatches = (pattern: string) => matchesResource(pattern, resource);
  if (statement.Action !== undefined && !names(statement.Action, actionMatches)) return false;
  if (names(statement.NotAction, actionMatches)) return false;
  if (statement.Resource !== undefined && !names(statement.Resource, resourceMatches)) return false;
  if (names(statement.NotResource, resourceMatches)) return false;
  return conditionHolds(statement.Condition, context);
}

/** The statements of the resource's own policy that apply, and how they reach the caller. */
function reaching(evaluation: Evaluation): readonly { statement: PolicyStatement; reach: Reach }[] {
  const { permission, principal, account } = evaluation;
  if (!permission.resourcePolicy) return [];
  return statementsOf(permission.resourcePolicy).flatMap((statement) => {
    const reach = reachOf(statement, principal, account);
    return reach && applies(statement, evaluation) ? [{ statement, reach }] : [];
  });
}
