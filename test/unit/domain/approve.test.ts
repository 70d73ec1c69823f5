import { describe, expect, it } from "vitest";
import type { Answer, Approval } from "../../../lambdas/contracts/approval.ts";
import { judgeAnswer } from "../../../lambdas/domain/approve.ts";
import { makeApproval } from "./make-approval.ts";

const iam = "arn:aws:iam::111122223333";
const sts = "arn:aws:sts::111122223333:assumed-role";
const now = new Date("2026-11-21T01:00:00.000Z");

function judged({
  caller = `${sts}/Senior/bea`,
  at = now,
  answer = {},
  ...approval
}: Partial<Approval> & { caller?: string; at?: Date; answer?: Partial<Answer> } = {}) {
  const said: Answer = { rollbackId: "rb-7", planHash: "abc", answer: "approve", comment: "", ...answer };
  return judgeAnswer(makeApproval(approval), said, { caller, now: at });
}

const no = (reason: string) => ({ accepted: false, reason });
const yes = { accepted: true };

describe("an answer", () => {
  it("of an approver counts, for and against", () => {
    expect(judged()).toEqual(yes);
    expect(judged({ answer: { answer: "reject" } })).toEqual(yes);
  });

  it("expires to the millisecond", () => {
    expect(judged({ at: new Date("2026-11-21T01:59:59.999Z") })).toEqual(yes);
    expect(judged({ at: new Date("2026-11-21T02:00:00.000Z") })).toEqual(
      no("the question expired at 2026-11-21T02:00:00.000Z"),
    );
  });

  it("to another plan does not count", () => {
    expect(judged({ answer: { planHash: "abd" } })).toEqual(
      no("the plan you looked at is not the plan that is waiting; look at it again"),
    );
  });

  it.each([
    ["a role's session is its role", `${iam}:role/Senior`, `${sts}/Senior/bea`, true],
    ["a session may be named itself", `${sts}/Senior/bea`, `${sts}/Senior/bea`, true],
    ["a star stands for anything", `${iam}:role/Sen*`, `${sts}/Senior/bea`, true],
    ["a star in the middle", `arn:aws:iam::*:role/S*r`, `${sts}/Senior/bea`, true],
    ["a user is a user", `${iam}:user/bea`, `${iam}:user/bea`, true],
    ["another role", `${iam}:role/Senior`, `${sts}/Junior/bea`, false],
    [
      "a role of that name elsewhere",
      `${iam}:role/Senior`,
      "arn:aws:sts::999988887777:assumed-role/Senior/bea",
      false,
    ],
    ["a role whose name only begins so", `${iam}:role/Senior`, `${sts}/SeniorIntern/bea`, false],
    ["a session whose name looks like the role", `${iam}:role/Senior`, `${sts}/Junior/Senior`, false],
    ["a user whose name is the role's", `${iam}:role/Senior`, `${iam}:user/Senior`, false],
    ["a dot is a dot", `${iam}:role/Se.ior`, `${sts}/Senior/bea`, false],
    ["a plus is a plus", `${iam}:role/Seni+or`, `${sts}/Seniior/bea`, false],
    ["a bar is a bar", `x|${iam}:role/Senior`, `${sts}/Senior/bea`, false],
    ["brackets are brackets", `${iam}:role/[A-Z]enior`, `${sts}/Senior/bea`, false],
    ["an empty pattern", "", `${sts}/Senior/bea`, false],
  ])("is judged by who signed it: %s", (_, pattern, caller, accepted) => {
    expect(judged({ approvers: ["arn:aws:iam::1:role/nobody", pattern], caller })).toEqual(
      accepted ? yes : no(`${caller} is not among the approvers of group senior`),
    );
  });

  it("of nobody in particular does not count", () => {
    expect(judged({ approvers: [] }).accepted).toBe(false);
  });

  it.each([
    ["the same user", `${iam}:role/Ops`, `${iam}:role/Ops`],
    ["the same role in another session", `${sts}/Ops/anna`, `${sts}/Ops/bea`],
    ["the role and one of its sessions", `${iam}:role/Ops`, `${sts}/Ops/bea`],
  ])("needs four eyes: %s cannot approve, but can reject", (_, requestedBy, caller) => {
    const own = { requestedBy, caller, approvers: [`${iam}:role/Ops`] };

    expect(judged(own)).toEqual(no("whoever asked for the rollback cannot approve it; a second person must"));
    expect(judged({ ...own, answer: { answer: "reject" } })).toEqual(yes);
    expect(judged({ ...own, fourEyes: false })).toEqual(yes);
  });
});
