import type { Environment } from "../contracts/environment.ts";
import { lockKeyOf } from "../contracts/lock.ts";
import type { Decision, PlannedRollback } from "../contracts/plan.ts";
import { announceDecision } from "./announce.ts";
import { hashOf } from "./planning/hash.ts";

/** The answer to a request that makes no sense: nothing was looked at, nothing was changed. */
export function refusalOf({
  rollbackId,
  environment,
  since,
  problem,
}: {
  readonly rollbackId: string;
  readonly environment: Environment;
  readonly since: string;
  readonly problem: string;
}): PlannedRollback {
  const decision: Decision = {
    action: "end",
    outcome: "Refused",
    sentence: `${problem} Nothing was changed.`,
  };
  const nothing = { moves: [], waves: [], back: [], closing: [], verdicts: [] };
  const plan = { hash: hashOf(nothing), ...nothing, estimateSeconds: 0 };
  const words = { requestedBy: "unknown", reason: "none that was understood" };
  const headline = {
    application: environment.application,
    environment: environment.name,
    rollbackId,
    ...words,
  };
  return {
    rollbackId,
    mode: "plan",
    decision,
    plan,
    ...words,
    eventId: "",
    automatic: false,
    alarms: [],
    verifyMinutes: environment.policy.verifyMinutes,
    onFailure: environment.policy.onFailure,
    approvers: [],
    approvalExpiresMinutes: environment.policy.approvalExpiresMinutes,
    ahead: [],
    since,
    lock: lockKeyOf("plan"),
    leaseSeconds: 0,
    announcement: announceDecision(headline, decision, plan),
  };
}
