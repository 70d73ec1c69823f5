import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeAnswer } from "../../lambdas/domain/approve.ts";
import { makeApproval } from "../unit/domain/make-approval.ts";

const account = fc.constantFrom("111122223333", "999988887777");
const name = fc.constantFrom("Senior", "SeniorIntern", "Junior", "S", "Se.ior", "[S]enior");
const caller = fc
  .tuple(account, name, fc.constantFrom("role", "user", "session"))
  .map(([id, who, how]) =>
    how === "session" ? `arn:aws:sts::${id}:assumed-role/${who}/bea` : `arn:aws:iam::${id}:${how}/${who}`,
  );
const pattern = fc.oneof(
  caller,
  fc.tuple(account, name).map(([id, who]) => `arn:aws:iam::${id}:role/${who}*`),
  fc.string({ unit: fc.constantFrom("*", ".", "+", "(", ")", "[", "\\", "|", "^", "$", "a", "S") }),
);
const approval = fc
  .record({
    approvers: fc.array(pattern, { maxLength: 3 }),
    requestedBy: caller,
    fourEyes: fc.boolean(),
    planHash: fc.constantFrom("abc", "abd"),
  })
  .map((one) => makeApproval(one));
const answer = fc.record({
  rollbackId: fc.constant("rb-7"),
  planHash: fc.constantFrom("abc", "abd"),
  answer: fc.constantFrom("approve", "reject"),
  comment: fc.string(),
});
const seconds = fc.integer({ min: -120, max: 120 });

/** Whether a pattern with stars matches, letter by letter: another way than the one that is tested. */
function starMatches(stars: string, text: string): boolean {
  if (stars === "") return text === "";
  if (stars.startsWith("*")) {
    return starMatches(stars.slice(1), text) || (text !== "" && starMatches(stars, text.slice(1)));
  }
  return text.startsWith(stars.charAt(0)) && starMatches(stars.slice(1), text.slice(1));
}

const identityOf = (arn: string) =>
  arn.replace(/^arn:aws:sts::(\d+):assumed-role\/([^/]+)\/.*$/, "arn:aws:iam::$1:role/$2");

describe("an answer that is accepted", () => {
  const law = (check: (facts: Parameters<typeof judgeAnswer>, late: number) => void) =>
    fc.assert(
      fc.property(approval, answer, caller, seconds, (asked, said, who, late) => {
        const now = new Date(Date.parse(asked.expiresAt) + late * 1_000);
        check([asked, said, { caller: who, now }], late);
      }),
      { numRuns: 2_000 },
    );

  it("is in time, about this plan, and by somebody whom a pattern names", () => {
    law((facts, late) => {
      const [asked, said, { caller: who }] = facts;
      if (!judgeAnswer(...facts).accepted) return;

      expect(late).toBeLessThan(0);
      expect(said.planHash).toBe(asked.planHash);
      expect(asked.approvers.some((one) => starMatches(one, who) || starMatches(one, identityOf(who)))).toBe(
        true,
      );
    });
  });

  it("does not approve the caller's own request where four eyes are asked for", () => {
    law((facts) => {
      const [asked, said, { caller: who }] = facts;
      const own = identityOf(asked.requestedBy) === identityOf(who);
      if (own && asked.fourEyes && said.answer === "approve")
        expect(judgeAnswer(...facts).accepted).toBe(false);
    });
  });

  it("is refused for one of these reasons only", () => {
    law((facts, late) => {
      const [asked, said, { caller: who }] = facts;
      const named = asked.approvers.some((one) => starMatches(one, who) || starMatches(one, identityOf(who)));
      const own = identityOf(asked.requestedBy) === identityOf(who);
      const fine =
        late < 0 &&
        said.planHash === asked.planHash &&
        named &&
        !(own && asked.fourEyes && said.answer === "approve");

      expect(judgeAnswer(...facts).accepted).toBe(fine);
    });
  });
});
