import { describe, expect, it } from "vitest";
import { announceDecision, announceOutcome, minutesOf } from "../../../lambdas/domain/announce.ts";
import { markdownOf } from "../../../lambdas/domain/report.ts";
import { rollbackIdOf } from "../../../lambdas/domain/rollback-id.ts";
import { makeMove } from "./make-move.ts";
import { done, failed, makePlanned, makeReportRequest, notRecovered } from "./make-planned.ts";

const headline = {
  application: "shop",
  environment: "prod",
  rollbackId: "rb-7",
  requestedBy: "anna",
  reason: "bad release",
};
const { plan } = makePlanned();

describe("the announcement of a decision", () => {
  it.each([
    [{ action: "roll-back", sentence: "Now." }, "Rolling back shop (prod)"],
    [{ action: "ask", group: "senior", sentence: "Who?" }, "Approval needed for shop (prod)"],
    [{ action: "end", outcome: "FixForward", sentence: "No." }, "FixForward: shop (prod)"],
  ] as const)("says in its subject what comes: %j", (decision, subject) => {
    const announcement = announceDecision(headline, decision, plan);

    expect(announcement.subject).toBe(subject);
    expect(announcement.message).toBe(
      [
        decision.sentence,
        "",
        "- api: the newest proven version.",
        "- web: the newest proven version.",
        "",
        "In this order:",
        "1. goes back: api",
        "2. goes back: web",
        "Estimated time: 4 minutes.",
        "",
        "Rollback rb-7, started by anna.",
        "Reason: bad release",
      ].join("\n"),
    );
  });

  it("fits what SNS takes: printable ASCII, no line breaks, less than 100 characters", () => {
    const odd = { ...headline, application: `Bücher\n${"x".repeat(60)}`, environment: "e".repeat(30) };
    const { subject } = announceDecision(
      odd,
      { action: "end", outcome: "RolledBackNotRecovered", sentence: "" },
      plan,
    );

    expect(subject).toMatch(/^[\x20-\x7e]{99}$/);
    expect(subject).toContain("B?cher?xxx");
  });
});

describe("the announcement of the outcome", () => {
  it("says how it ended, who is where and where the report lies", () => {
    const told = announceOutcome(headline, {
      outcome: "PartlyRolledBack",
      sentence: "api went back.",
      plan: makePlanned().plan,
      results: [done("api"), failed("web", true)],
      wayOut: [],
      unfinished: undefined,
      incomplete: [],
      report: "s3://reports/prod/rb-7/report.md",
    });

    expect(told.subject).toBe("PartlyRolledBack: shop (prod)");
    expect(told.message.split("\n")).toEqual([
      "api went back.",
      "",
      "- api: done, at api:41. runs api:41.",
      "- web: failed. ECS could not place tasks.",
      "Report: s3://reports/prod/rb-7/report.md",
      "",
      "Rollback rb-7, started by anna.",
      "Reason: bad release",
    ]);
  });

  it.each([
    [0, "0 seconds"],
    [89, "89 seconds"],
    [90, "2 minutes"],
    [600, "10 minutes"],
  ])("says %i seconds as “%s”", (seconds, words) => {
    expect(minutesOf(seconds)).toBe(words);
  });

  it("never tells a loss too small", () => {
    expect(minutesOf(421, Math.ceil)).toBe("8 minutes");
  });
});

describe("the report", () => {
  const base = {
    rollbackId: "rb-7",
    environment: "prod",
    sentence: "It is over.",
    unfinished: undefined,
    incomplete: [],
  };

  it("names durations beside their targets, every component, and what is left to do", () => {
    const durations = { rollbackSeconds: 300, recoverySeconds: 175, impactSeconds: 480 };
    const text = markdownOf({ ...base, outcome: "Recovered", durations, request: makeReportRequest() });

    expect(text.split("\n")).toEqual(
      expect.arrayContaining([
        "# Recovered: rb-7",
        "| Rollback (start to last cut-over) | 300 s | < 10 minutes |",
        "| Recovery (cut-over to alarms OK) | 175 s | < 5 minutes |",
        "| User impact (alarm to alarms OK) | 480 s | < 15 minutes |",
        "| api | api:42 | api:41 | done | api:41 | runs api:41. |",
        "| web | web:42 | web:41 | done | web:41 | runs web:41. |",
        '- To undo this rollback: `npx stepback start --environment prod --mode undo --undoes rb-7 --reason "..."`.',
      ]),
    );
    expect(text).toContain("still names api:42, web:42: revert that change");
    expect(text).not.toContain("Somebody must look now");
  });

  it("says what is set later by itself, also in the message", () => {
    const facts = {
      outcome: "Recovered",
      sentence: "Everything is back.",
      incomplete: ["database"],
    } as const;
    const request = makeReportRequest();
    const text = markdownOf({ ...base, ...facts, durations: { rollbackSeconds: 300 }, request });
    const { message } = announceOutcome(headline, {
      ...{ ...facts, results: [], wayOut: [], unfinished: undefined, report: "s3://reports/rb-7" },
      plan: makePlanned().plan,
    });

    expect(text).toContain("- Done later, by itself, when AWS takes it: the rest of database.");
    expect(message).toContain("Done later, by itself, when AWS takes it: the rest of database.");
  });

  it("asks somebody to look when it did not recover, and keeps a note from breaking the table", () => {
    const results = [{ ...done("api"), note: "a | b\nc" }];
    const text = markdownOf({
      ...base,
      outcome: "PartlyRolledBack",
      durations: { rollbackSeconds: 300 },
      request: makeReportRequest({ results, verification: notRecovered }),
    });

    expect(text).toContain("| Recovery (cut-over to alarms OK) | not reached | < 5 minutes |");
    expect(text).toContain("| api | api:42 | api:41 | done | api:41 | a / b c |");
    expect(text).toContain("| web | web:42 | web:41 | not started | web:42 |  |");
    expect(text).toContain("Not OK: stepback-prod-api-memory (ALARM).");
    expect(text).toContain("- Somebody must look now");
  });

  it("says why recovery was not verified", () => {
    const request = makeReportRequest({ results: [], verification: null });

    expect(markdownOf({ ...base, outcome: "Failed", durations: { rollbackSeconds: 1 }, request })).toContain(
      "Recovery was not verified, because not every component went back.",
    );
  });
});

describe("a rollback's id", () => {
  const startedAt = "2026-11-21T01:02:03.456Z";

  it.each([
    ["8e81b12a-26f1-4c3d-9e00-0a7c3F2A9C1D", "rb-20261121-010203-3f2a9c1d"],
    ["event_run-1", "rb-20261121-010203-ventrun1"],
    ["---", "rb-20261121-010203-0"],
  ])("is made of the start and the execution's name: %s", (name, id) => {
    expect(rollbackIdOf({ name, startedAt })).toBe(id);
  });

  it("sorts by start, in whatever zone that was written", () => {
    expect(rollbackIdOf({ name: "a", startedAt: "2026-11-21T03:02:03+02:00" })).toBe("rb-20261121-010203-a");
  });
});

describe("the receipt of a database", () => {
  it("says in words what is lost, where it can be found, how long it takes and what was rejected", () => {
    const receipt = {
      restoreTo: "2026-11-21T00:55:00.000Z",
      lossSeconds: 600,
      keptIn: "the old database shop, which is never deleted.",
      estimate: { low: 900, high: 3_600, source: "table" as const },
      settingsThatDiffer: ["Its backups begin anew."],
      alternatives: [{ what: "Restore a snapshot", whyNot: "It would lose an hour more." }],
    };
    const { plan: withData } = makePlanned({
      moves: [makeMove({ component: "data", tier: "data", receipt })],
    });

    const { message } = announceDecision(
      headline,
      { action: "ask", group: "senior", sentence: "Who?" },
      withData,
    );

    expect(message.split("\n")).toEqual(
      expect.arrayContaining([
        "What it costs to take data back:",
        "- Goes to 2026-11-21T00:55:00.000Z. Writes of the last 10 minutes are lost, and those until writers stop.",
        "- Takes 15 minutes to 60 minutes (not measured here yet).",
        "- What is lost can still be found in: the old database shop, which is never deleted.",
        "- Differs afterwards: Its backups begin anew.",
        "- Rejected: Restore a snapshot. It would lose an hour more.",
      ]),
    );
  });
});
