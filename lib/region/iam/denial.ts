import { AwsError, type Permission, type Principal } from "../service-model.ts";
import type { Decision } from "./evaluate.ts";
import { sessionArn } from "./principal-match.ts";

/**
 * The refusal in AWS's own words, such as `User: arn:aws:sts::…:assumed-role/<role>/<session> is not authorized to
 * perform: ecs:UpdateService on resource: <arn> because no identity-based policy allows the ecs:UpdateService action`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denial(
  principal: Principal,
  { action, resource }: Permission,
  { explicit, because }: Extract<Decision, { allowed: false }>,
): AwsError {
  const article = because === "identity-based policy" ? "an" : "a";
  const reason = explicit
    ? `with an explicit deny in ${article} ${because}`
    : `because no ${because} allows the ${action} action`;
  return new AwsError(
    "AccessDeniedException",
    `User: ${sessionArn(principal)} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
  );
}
