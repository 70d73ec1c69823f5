import type { PolicyStatement, Principal } from "../service-model.ts";
import { listOf } from "./policy-document.ts";

/**
 * How far a statement's Principal element reaches a caller.
 *
 * - `directly`: it names the session itself or the service; nothing of the caller's own can limit what it allows.
 * - `by-role`: it names the role or everybody; the role's permissions boundary limits what it allows.
 * - `by-account`: it names the account, which only leaves the decision to the caller's identity policies.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html ("IAM
 * role", "IAM role session") and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html (account principals).
 * `*` means everybody, AWS services included, whether written bare or under `AWS`. That a boundary also limits what `"Principal": "*"` allows is unverified; the stricter reading is taken.
 */
export type Reach = "directly" | "by-role" | "by-account";

/** How the statement reaches the principal; undefined when it speaks of somebody else. */
export function reachOf(
  statement: PolicyStatement,
  principal: Principal,
  account: string,
): Reach | undefined {
  const named = statement.Principal;
  if (named === undefined) throw new Error("A statement of a resource policy needs a Principal");
  const names = named === "*" ? ["*"] : listOf(named["AWS"]);
  if (principal.type === "service") {
    const services = named === "*" ? [] : listOf(named["Service"]);
    return services.includes(principal.arn) || names.includes("*") ? "directly" : undefined;
  }
  if (names.includes(sessionArn(principal))) return "directly";
  if (names.includes(principal.arn) || names.includes("*")) return "by-role";
  const accountNames = [account, `arn:aws:iam::${account}:root`];
  return names.some((name) => accountNames.includes(name)) ? "by-account" : undefined;
}

/**
 * The ARN of the caller as AWS writes it in messages: for a role session
 * `arn:aws:sts::<account>:assumed-role/<role>/<session>`, without the role's path.
 */
export function sessionArn({ arn, session, type }: Principal): string {
  const role = /^arn:(?<partition>[^:]+):iam::(?<account>\d*):role\/(?:.*\/)?(?<name>[^/]+)$/.exec(
    arn,
  )?.groups;
  if (type !== "role" || session === undefined || !role) return arn;
  return `arn:${role["partition"]}:sts::${role["account"]}:assumed-role/${role["name"]}/${session}`;
}
