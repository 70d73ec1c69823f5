import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DECISIONS } from "../../lambdas/contracts/environment.ts";
import type { Decision } from "../../lambdas/contracts/plan.ts";
import {
  APPROVER_GROUPS,
  AUTHORIZATIONS,
  IMPACTS,
  MODES,
  OUTCOMES,
  SEVERITIES,
  STABILITIES,
} from "../../lambdas/contracts/vocabulary.ts";
import { decide, type Facts } from "../../lambdas/domain/decide.ts";
import { makeAlarmCall, makeFacts, now } from "../unit/domain/make-facts.ts";
import { makeMove, makeVerdict, makeVersion } from "../unit/domain/make-move.ts";
import { makeMoved, makeRollbackRecord } from "../unit/domain/make-rollback-record.ts";

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
/** Around now, so that every window and limit is met from both sides. */
const moment = fc
  .integer({ min: -100_000, max: 100 })
  .map((minutes) => new Date(now.getTime() + minutes * 6_000));
const component = fc.constantFrom("api", "web");
const version = fc.integer({ min: 40, max: 43 }).map((revision) => makeVersion("api", revision));
const move = fc
  .record({ component, from: version, to: version, way: fc.constantFrom("update", "stop", "follow") })
  .map(({ way, ...rest }) => makeMove({ ...rest, details: { way, deadlineSeconds: 900 } }));
const verdict = fc
  .record({
    component,
    verdict: fc.constantFrom("roll-back", "nothing-to-do", "refuse"),
    reason: fc.string(),
  })
  .map((one) => makeVerdict(one));
const alarm = fc
  .record({
    changedAt: moment.map((date) => date.getTime()),
    value: fc.constantFrom("ALARM", "OK", "INSUFFICIENT_DATA", ""),
    muted: fc.boolean(),
    eventId: fc.constantFrom("event-1", "event-2"),
  })
  .map((one) => makeAlarmCall(one));
const judged = {
  severity: optional(fc.constantFrom(...SEVERITIES)),
  userImpact: optional(fc.constantFrom(...IMPACTS)),
  stability: optional(fc.constantFrom(...STABILITIES)),
};
const record = fc
  .record({
    automatic: fc.boolean(),
    eventId: fc.constantFrom("event-0", "event-1", ""),
    outcome: fc.constantFrom(...OUTCOMES),
    ended: moment,
    moves: fc.array(fc.record({ component, from: version, to: version }), { maxLength: 2 }),
  })
  .map(({ ended, moves, ...rest }) =>
    makeRollbackRecord({
      ...rest,
      endedAt: ended.toISOString(),
      moves: moves.map((one) => makeMoved(one)),
    }),
  );
const policy = fc.record({
  shadow: fc.boolean(),
  approvers: fc
    .subarray([...APPROVER_GROUPS])
    .map((groups) => Object.fromEntries(groups.map((group) => [group, ["arn:approver"]]))),
  matrix: fc.array(
    fc
      .record({ ...judged, decision: fc.constantFrom(...DECISIONS) })
      .map((rule) => Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined))),
    { minLength: 1, maxLength: 4 },
  ) as fc.Arbitrary<Facts["environment"]["policy"]["matrix"]>,
  maxRollbacksPerDay: fc.integer({ min: 1, max: 3 }),
});
const facts: fc.Arbitrary<Facts> = fc
  .record({
    request: fc.record({
      mode: fc.constantFrom(...MODES),
      authorization: fc.constantFrom(...AUTHORIZATIONS),
      ...judged,
    }),
    policy,
    alarm: optional(alarm),
    alarmNow: optional(fc.constantFrom("ALARM", "OK", "INSUFFICIENT_DATA")),
    running: fc.oneof(
      { weight: 8, arbitrary: fc.constant(undefined) },
      { weight: 2, arbitrary: fc.record({ id: fc.constant("rb-1"), watching: fc.boolean() }) },
    ),
    recent: fc.array(record, { maxLength: 4 }),
    verdicts: fc.array(verdict, { maxLength: 3 }),
    moves: fc.array(move, { maxLength: 2 }),
    lastChanges: fc.array(moment, { maxLength: 2 }),
  })
  .map(({ request, policy: rules, verdicts, moves, lastChanges, recent, ...rest }) => {
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    return makeFacts({
      request,
      policy: rules,
      assessed: { verdicts, moves, lastChanges: lastChanges.map((at) => ({ component: "api", at })) },
      recent,
      ...given,
    });
  });

const acts = (decision: Decision) => decision.action !== "end";
const laws = (
  law: (one: Facts, decision: Decision) => void,
  options: fc.Parameters<[Facts]> = { numRuns: 1_000 },
) =>
  fc.assert(
    fc.property(facts, (one) => law(one, decide(one))),
    options,
  );

describe("decide", () => {
  it("has an answer in words for every combination of facts, and always the same one", () => {
    laws((one, decision) => {
      expect(decision.sentence).toMatch(/^\S.{10,}/s);
      expect(decide(structuredClone(one))).toEqual(decision);
    });
  });

  it("never acts on an event that is stale, muted, not ALARM, or over by now", () => {
    laws(({ alarm: call, alarmNow, environment }, decision) => {
      if (!call) return;
      const stale = now.getTime() - call.changedAt > environment.policy.eventMaxAgeMinutes * 60_000;
      const over = alarmNow !== undefined && alarmNow !== "ALARM";
      if (stale || over || call.muted || call.value !== "ALARM") expect(acts(decision)).toBe(false);
    });
  });

  it("never acts on one event twice", () => {
    laws(({ alarm: call, recent, running }, decision) => {
      const handled = recent.map((one) => one.eventId);
      if (call && (running || handled.includes(call.eventId))) expect(acts(decision)).toBe(false);
    });
  });

  it("never acts without a move, against a refusal, when only asked, or in shadow mode", () => {
    laws(({ assessed, request, environment }, decision) => {
      const refused = assessed.verdicts.some((one) => one.verdict === "refuse");
      const idle = assessed.moves.length === 0 || refused;
      if (idle || request.mode === "plan" || environment.policy.shadow) expect(acts(decision)).toBe(false);
    });
  });

  it("asks only a group that somebody is in", () => {
    laws(({ environment }, decision) => {
      if (decision.action === "ask")
        expect(environment.policy.approvers[decision.group]).toEqual(["arn:approver"]);
    });
  });

  it("rolls back without asking only in an emergency, or when ECS does it anyway", () => {
    laws(({ request, assessed }, decision) => {
      if (decision.action !== "roll-back" || request.authorization === "emergency") return;
      expect(assessed.moves.every((one) => one.details["way"] === "follow")).toBe(true);
    });
  });

  it("never acts beside a rollback that moves something, nor by an alarm beside one that only watches", () => {
    laws(({ running, alarm: call }, decision) => {
      if (running && (call || !running.watching)) expect(acts(decision)).toBe(false);
    });
  });

  it("meets every ending, so that none of these laws is empty", () => {
    const endings = new Set<string>();
    // Always the same thousands: the rarest of them is met about twice in a thousand.
    laws(
      (_, decision) => {
        endings.add(decision.action === "end" ? decision.outcome : decision.action);
      },
      { numRuns: 5_000, seed: 1 },
    );

    expect([...endings].sort()).toEqual(
      ["FixForward", "Joined", "Planned", "Refused", "Rejected", "ask", "roll-back"].sort(),
    );
  });
});
