import type { Approval } from "../../../lambdas/contracts/approval.ts";
import { account, senior } from "./make-environment.ts";

/** Anna asked; the seniors may answer until 02:00. */
export function makeApproval(overrides: Partial<Approval> = {}): Approval {
  return {
    rollbackId: "rb-7",
    planHash: "abc",
    group: "senior",
    approvers: [senior],
    requestedBy: `arn:aws:iam::${account}:user/anna`,
    fourEyes: true,
    expiresAt: "2026-11-21T02:00:00.000Z",
    taskToken: "token",
    ...overrides,
  };
}
