import type { Answer, Approval } from "../contracts/approval.ts";

/**
 * Whether this caller's answer counts, or why not. The caller's ARN comes from IAM, never from the message.
 *
 * @param caller the IAM ARN of whoever signed the call; role sessions count as their role
 */
export function judgeAnswer(
  approval: Approval,
  answer: Answer,
  { caller, now }: { readonly caller: string; readonly now: Date },
): { readonly accepted: true } | { readonly accepted: false; readonly reason: string } {
  const no = (reason: string) => ({ accepted: false, reason }) as const;
  if (now.getTime() >= Date.parse(approval.expiresAt))
    return no(`the question expired at ${approval.expiresAt}`);
  if (answer.planHash !== approval.planHash) {
    return no("the plan you looked at is not the plan that is waiting; look at it again");
  }
  const identity = roleOf(caller);
  if (!approval.approvers.some((pattern) => arnMatches(pattern, identity) || arnMatches(pattern, caller))) {
    return no(`${caller} is not among the approvers of group ${approval.group}`);
  }
  const own = roleOf(approval.requestedBy) === identity || approval.requestedBy === caller;
  if (approval.fourEyes && answer.answer === "approve" && own) {
    return no("whoever asked for the rollback cannot approve it; a second person must");
  }
  return { accepted: true };
}

/** `arn:aws:sts::1:assumed-role/Ops/anna` → `arn:aws:iam::1:role/Ops`; other ARNs as they are. */
function roleOf(arn: string): string {
  const session = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn);
  return session ? `arn:${session[1]}:iam::${session[2]}:role/${session[3]}` : arn;
}

function arnMatches(pattern: string, arn: string): boolean {
  const expression = pattern
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${expression}$`).test(arn);
}
