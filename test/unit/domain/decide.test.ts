import { describe, expect, it } from "vitest";
import type { Decision } from "../../../lambdas/contracts/plan.ts";
import { decide } from "../../../lambdas/domain/decide.ts";
import { type FactsOverrides, makeAlarmCall, makeAlarmFacts, makeFacts, minutesAgo } from "./make-facts.ts";
import { makeMove, makeVerdict, makeVersion } from "./make-move.ts";
import { makeMoved, makeRollbackRecord } from "./make-rollback-record.ts";

const end = (outcome: string, sentence: string) => ({ action: "end", outcome, sentence });
const ask = (group: string, sentence: string) => ({ action: "ask", group, sentence });
const rollBack = (sentence: string) => ({ action: "roll-back", sentence });

const alarmName = "stepback-prod-api-memory";
const changedAgo = (minutes: number) => ({
  alarm: makeAlarmCall({ changedAt: minutesAgo(minutes).getTime() }),
});
const following = makeMove({ details: { way: "follow" } });
const refusal = makeVerdict({
  component: "web",
  verdict: "refuse",
  reason: "there is no target to go back to.",
});
const atRest = makeVerdict({ verdict: "nothing-to-do", reason: "already runs api:41." });
const justBack = makeRollbackRecord({ endedAt: minutesAgo(29).toISOString() });
const longBack = makeRollbackRecord({ endedAt: minutesAgo(31).toISOString() });
const pingPong = makeRollbackRecord({
  moves: [makeMoved({ from: makeVersion("api", 41), to: makeVersion("api", 40) })],
  automatic: false,
});
const sameTag = makeRollbackRecord({
  moves: [makeMoved({ from: makeVersion("api", 41), to: makeVersion("api", 41) })],
});

const halfWay = makeRollbackRecord({
  id: "rb-7",
  unfinished: { components: ["data"], halfWay: true, holds: ["api", "data"] },
});

describe("an alarm", () => {
  it.each<[string, FactsOverrides, object]>([
    [
      "that is OK ends",
      { alarm: makeAlarmCall({ value: "OK" }) },
      end("FixForward", `The alarm ${alarmName} changed to OK; only ALARM acts.`),
    ],
    [
      "without data ends",
      { alarm: makeAlarmCall({ value: "INSUFFICIENT_DATA" }) },
      end("FixForward", `The alarm ${alarmName} changed to INSUFFICIENT_DATA; only ALARM acts.`),
    ],
    [
      "that is muted ends",
      { alarm: makeAlarmCall({ muted: true }) },
      end("FixForward", `The alarm ${alarmName} is muted; nothing was done.`),
    ],
    [
      "of six minutes ago ends",
      changedAgo(6),
      end("FixForward", "The alarm event is 6 minutes old, the limit is 5; nothing was done."),
    ],
    [
      "of exactly five minutes ago acts",
      changedAgo(5),
      rollBack("Rolling back now: severity critical, user impact high, unstable."),
    ],
    [
      "that is OK again ends",
      { alarmNow: "OK" },
      end("FixForward", `The alarm ${alarmName} is OK again; nothing was done.`),
    ],
    [
      "that comes while a rollback runs joins it",
      { running: { id: "rb-7" } },
      end("Joined", "rb-7 is already running; this request joined it and started nothing."),
    ],
    [
      "that comes while what a rollback left is put in order learns that it has to come again",
      { running: { id: "rb-7", tidying: true } },
      end(
        "Joined",
        expect.stringMatching(/^rb-7 has ended and is still being put in order.*start again then/),
      ),
    ],
    [
      "for what stands half way is refused: stopped writers would stay stopped",
      { halfWay },
      end("Refused", expect.stringMatching(/^rb-7 stands half way and comes first\. .*stepback finish rb-7/)),
    ],
    [
      "whose event was handled joins",
      { recent: [makeRollbackRecord({ id: "rb-7", eventId: "event-1", outcome: "Failed" })] },
      end("Joined", "This event already started rb-7, which ended Failed."),
    ],
    [
      "with nothing to roll back ends",
      { assessed: { moves: [], verdicts: [atRest] } },
      end("FixForward", "Nothing to roll back. api: already runs api:41."),
    ],
    [
      "long after the last change is no bad release",
      { assessed: { lastChanges: [{ component: "api", at: minutesAgo(61) }] } },
      end(
        "FixForward",
        `The alarm ${alarmName} is real, but nothing in api changed in the last 60 minutes: not a bad release. People are told, nothing was done.`,
      ),
    ],
    [
      "without a known change is no bad release",
      { assessed: { lastChanges: [] }, policy: { watchWindowMinutes: 30 } },
      end(
        "FixForward",
        `The alarm ${alarmName} is real, but nothing in api changed in the last 30 minutes: not a bad release. People are told, nothing was done.`,
      ),
    ],
    [
      "at the edge of the window acts",
      {
        assessed: {
          lastChanges: [
            { component: "api", at: minutesAgo(600) },
            { component: "api", at: minutesAgo(60) },
          ],
        },
      },
      rollBack("Rolling back now: severity critical, user impact high, unstable."),
    ],
    [
      "that would undo a rollback asks",
      { recent: [pingPong] },
      ask("senior", `Ping-pong: this would undo ${pingPong.id}. A person must decide.`),
    ],
    [
      "after a rollback within one task definition (a mutable tag) is no ping-pong",
      { recent: [{ ...sameTag, endedAt: minutesAgo(31).toISOString() }] },
      rollBack("Rolling back now: severity critical, user impact high, unstable."),
    ],
    [
      "soon after an automatic rollback asks",
      { recent: [justBack] },
      ask("senior", `${justBack.id} ended less than 30 minutes ago. A person must decide.`),
    ],
    [
      "after the cooldown acts",
      { recent: [longBack] },
      rollBack("Rolling back now: severity critical, user impact high, unstable."),
    ],
    [
      "beyond the daily cap asks",
      { recent: [longBack, longBack, longBack] },
      ask("senior", "3 automatic rollbacks in 24 hours. A person must decide."),
    ],
    [
      "is not held back by what people did or by what touched nothing",
      {
        recent: [
          { ...justBack, automatic: false },
          { ...justBack, moves: [] },
        ],
      },
      rollBack("Rolling back now: severity critical, user impact high, unstable."),
    ],
    [
      "whose rollback ECS has begun is followed",
      { assessed: { moves: [following], lastChanges: [] } },
      rollBack("ECS is already rolling back by itself; following it and verifying."),
    ],
  ])("%s", (_, overrides, decision) => {
    expect(decide(makeAlarmFacts(overrides))).toEqual(decision);
  });
});

describe("a person", () => {
  it.each<[string, FactsOverrides, object]>([
    [
      "is refused when one component has no target, and nothing of the rest moves",
      { assessed: { verdicts: [makeVerdict(), refusal] } },
      end("Refused", "web: there is no target to go back to. Nothing was changed."),
    ],
    [
      "is refused when there is nothing to roll back",
      { assessed: { moves: [], verdicts: [atRest] } },
      end("Refused", "Nothing to roll back. api: already runs api:41."),
    ],
    [
      "may ask for the plan",
      { request: { mode: "plan" } },
      end("Planned", "Would roll back api to api:41. Nothing was changed."),
    ],
    [
      "gets a plan in shadow mode",
      { policy: { shadow: true } },
      end("Planned", "Shadow mode: would have rolled back api to api:41. Nothing was changed."),
    ],
    [
      "may undo",
      { request: { mode: "undo", undoes: "rb-7" } },
      rollBack("Rolling back now: severity critical, user impact high, unstable."),
    ],
    [
      "needs no recent change, no cooldown and no cap",
      { assessed: { lastChanges: [] }, recent: [justBack, pingPong, justBack, justBack] },
      rollBack("Rolling back now: severity critical, user impact high, unstable."),
    ],
    [
      "in a plan of a senior's needs approvers",
      { request: { authorization: "planned" }, policy: { approvers: {} } },
      end(
        "Rejected",
        'A planned rollback needs approval by senior. The environment names no approvers for "senior", so the answer is no.',
      ),
    ],
  ])("%s", (_, overrides, decision) => {
    expect(decide(makeFacts(overrides))).toEqual(decision);
  });
});

/** Facts in which every question from `position` on would end the story in its own way. */
describe("the order of the questions", () => {
  const doubts: readonly [Decision["action"] | string, FactsOverrides][] = [
    ["changed to OK", { alarm: makeAlarmCall({ value: "OK" }) }],
    ["already running", { running: { id: "rb-7" } }],
    ["no target", { assessed: { verdicts: [refusal], moves: [makeMove()], lastChanges: [] } }],
    ["Would roll back", { request: { mode: "plan", authorization: "planned", severity: "low" } }],
    ["not a bad release", { assessed: { lastChanges: [] } }],
    ["Ping-pong", { recent: [pingPong] }],
    ["needs approval", { request: { authorization: "planned", severity: "low" } }],
    ["Fix forward", { request: { severity: "low" } }],
  ];

  it.each(doubts.map(([words], position) => ({ words, position })))(
    "puts “$words” before what comes later",
    ({ words, position }) => {
      const later = doubts.slice(position).map(([, overrides]) => overrides);
      // What comes first is laid on last, where two set the same fact.
      const overrides: FactsOverrides = Object.assign({}, ...later.toReversed());

      expect(decide(makeAlarmFacts(overrides)).sentence).toContain(words);
    },
  );

  it("follows ECS before it asks anybody, but only when every move is ECS's own", () => {
    const request = { authorization: "planned" } as const;
    const both = [following, makeMove({ component: "web" })];

    expect(decide(makeFacts({ request, assessed: { moves: [following] } })).action).toBe("roll-back");
    expect(decide(makeFacts({ request, assessed: { moves: both } })).action).toBe("ask");
  });
});
