import { describe, expect, it } from "vitest";
import type { Impact, Severity, Stability } from "../../../lambdas/contracts/vocabulary.ts";
import { decide } from "../../../lambdas/domain/decide.ts";
import { makeAlarmCall, makeAlarmFacts, makeFacts } from "./make-facts.ts";

type Row = readonly [
  words: string,
  severity: Severity,
  userImpact: Impact,
  stability: Stability,
  decision: "roll-back" | "ask" | "end",
];

const SEED_000: readonly Row[] = [
  ["Critical | High | Unstable: Immediate Rollback", "critical", "high", "unstable", "roll-back"],
  ["High | Medium | Stable: Consider Rollback", "high", "medium", "stable", "ask"],
  ["Medium | Low | Stable: Fix Forward", "medium", "low", "stable", "end"],
  ["Low | None | Stable: Fix Forward", "low", "none", "stable", "end"],
];
const SEED_001: readonly Row[] = [
  ["Critical Security Vulnerability: immediate", "critical", "low", "stable", "roll-back"],
  ["Data Corruption: < 5 minutes", "critical", "high", "stable", "roll-back"],
  ["Performance Degradation > 50 %: DevOps Lead decides", "high", "medium", "stable", "ask"],
  ["Feature Breaking Bug: Product Manager decides", "medium", "high", "stable", "ask"],
  ["Minor UI Issues: Forward Fix", "low", "low", "stable", "end"],
];
const SEED_003: readonly Row[] = [
  ["Critical System Failure: automatic", "critical", "high", "unstable", "roll-back"],
  ["Performance below thresholds for an hour: automatic", "high", "medium", "unstable", "roll-back"],
];
const SEED_004: readonly Row[] = [
  ["Scenario 1, minor: application errors, data intact", "medium", "medium", "stable", "ask"],
  ["Scenario 2, major: changes causing instability", "high", "high", "unstable", "roll-back"],
  ["Scenario 3, critical: complete system failure", "critical", "high", "unstable", "roll-back"],
];

describe.each([
  ["seed 000", SEED_000],
  ["seed 001", SEED_001],
  ["seed 003", SEED_003],
  ["seed 004", SEED_004],
])("the matrix of %s", (_, rows) => {
  it.each(rows)("decides “%s”", (_words, severity, userImpact, stability, action) => {
    const decision = decide(makeFacts({ request: { severity, userImpact, stability } }));

    expect(decision.action).toBe(action);
    expect(decision.sentence).toContain(`severity ${severity}, user impact ${userImpact}, ${stability}`);
    if (decision.action === "end") expect(decision.outcome).toBe("FixForward");
    if (decision.action === "ask") expect(decision.group).toBe("senior");
  });
});

describe("authorisation levels (seed 003)", () => {
  const approvers = { senior: ["s"], security: ["x"], "change-management": ["c"] };

  it("asks nobody in an emergency", () => {
    expect(decide(makeFacts({ policy: { approvers } })).action).toBe("roll-back");
  });

  it.each([
    ["planned", "senior"],
    ["security", "security"],
    ["maintenance", "change-management"],
  ] as const)("%s asks %s, however bad it is", (authorization, group) => {
    const request = { authorization, severity: "critical" } as const;

    expect(decide(makeFacts({ request, policy: { approvers } }))).toEqual({
      action: "ask",
      group,
      sentence: `A ${authorization} rollback needs approval by ${group}.`,
    });
  });
});

describe("what the matrix is asked with", () => {
  const high = makeAlarmCall({
    alarm: { ...makeAlarmCall().alarm, severity: "high", userImpact: "medium", stability: "stable" },
  });

  it("is the alarm's own severity, impact and stability", () => {
    expect(decide(makeAlarmFacts({ alarm: high })).sentence).toBe(
      "A person must decide: severity high, user impact medium, stable.",
    );
  });

  it("is the request's before the alarm's", () => {
    expect(decide(makeAlarmFacts({ alarm: high, request: { stability: "unstable" } })).action).toBe(
      "roll-back",
    );
  });

  it("is the worst when nobody says anything", () => {
    expect(decide(makeFacts()).sentence).toBe(
      "Rolling back now: severity critical, user impact high, unstable.",
    );
  });

  it("is matched from the top of an environment's own matrix; what matches nothing is fixed forward", () => {
    const matrix = [
      { severity: "critical", userImpact: "none", decision: "fix-forward" },
      { severity: "critical", decision: "ask" },
    ] as const;
    const decided = (request: Parameters<typeof makeFacts>[0]) =>
      decide(makeFacts({ ...request, policy: { matrix: [...matrix], approvers: { senior: ["s"] } } })).action;

    expect(decided({ request: { severity: "critical", userImpact: "none" } })).toBe("end");
    expect(decided({ request: { severity: "critical" } })).toBe("ask");
    expect(decided({ request: { severity: "high" } })).toBe("end");
  });
});
