import { describe, expect, it } from "vitest";
import { readQuestion } from "../../../lambdas/domain/question.ts";
import { makeAlarmDetail, makeAlarmEvent } from "./make-alarm-event.ts";
import { makeEnvironment } from "./make-environment.ts";
import { makeMoved, makeRollbackRecord } from "./make-rollback-record.ts";

const environment = makeEnvironment();

function problemOf(input: unknown, undone?: Parameters<typeof readQuestion>[2]): string {
  const question = readQuestion(input, environment, undone);
  if (!("problem" in question)) throw new Error(`understood as ${JSON.stringify(question)}`);
  return question.problem;
}

function questionOf(input: unknown, undone?: Parameters<typeof readQuestion>[2]) {
  const question = readQuestion(input, environment, undone);
  if ("problem" in question) throw new Error(question.problem);
  return question;
}

const alarmRequest = (event: unknown) => ({ trigger: { type: "alarm", event } });
const undone = makeRollbackRecord({ id: "rb-7", moves: [makeMoved(), makeMoved({ component: "web" })] });

describe("a request that makes no sense", () => {
  it.each<[string, unknown, string]>([
    [
      "a misspelt key",
      { reason: "bad release", scpoe: ["api"] },
      'The request was not understood: unknown key "scpoe" (did you mean "scope"?).',
    ],
    [
      "a wrong type",
      { reason: "bad release", scope: "api" },
      'The request was not understood: "scope": Invalid input: expected array, received string.',
    ],
    [
      "a misspelt target",
      { reason: "bad release", target: "provn" },
      'The request was not understood: "target": Invalid option: expected one of "proven"|"previous".',
    ],
    [
      "a misspelt key inside the target",
      { reason: "bad release", target: { checkpont: "cp-1" } },
      'The request was not understood: "target": Unrecognized key: "checkpont".',
    ],
    [
      "a misspelt key inside the trigger, where no key of the request is meant",
      { trigger: { type: "alarm", evnt: {} } },
      'The request was not understood: "trigger.event": Invalid input: expected nonoptional, received undefined; unknown key "evnt" in "trigger".',
    ],
    [
      "a target that names nothing",
      { reason: "bad release", target: { components: {} } },
      'The request was not understood: "target.components": at least one component.',
    ],
    [
      "no reason",
      {},
      'The request has no "reason": say in a few words why, for the people who read the report.',
    ],
    [
      "a component that is not there",
      { reason: "bad release", scope: ["apj"] },
      'The component "apj" is not in environment prod; known are api, web.',
    ],
    [
      "a target outside the scope",
      { reason: "bad release", scope: ["api"], target: { components: { web: "shop-web:41" } } },
      '"target" names web, which "scope" leaves out; put it into both or neither.',
    ],
    [
      "an undo of nothing",
      { reason: "undo it", mode: "undo" },
      'Mode "undo" needs "undoes": the id of the rollback to reverse.',
    ],
    [
      "an undo of a rollback that is not in the ledger",
      { reason: "undo it", mode: "undo", undoes: "rb-9" },
      "There is no finished rollback rb-9 in the ledger; `stepback list` shows them.",
    ],
    [
      "something to undo in another mode, which would roll back instead",
      { reason: "undo it", undoes: "rb-7" },
      '"undoes" needs "mode": "undo"; without it this would be a rollback of its own.',
    ],
  ])("is refused: %s", (_, input, problem) => {
    expect(problemOf(input)).toBe(problem);
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "is refused when it names %s, which every object inherits",
    (name) => {
      expect(problemOf({ reason: "bad release", scope: [name] })).toContain(`The component "${name}"`);
      expect(problemOf(JSON.parse(`{"reason":"bad release","${name}":{"mode":"plan"}}`))).toContain(
        `"${name}"`,
      );
    },
  );

  it.each([
    ["a string", "x".repeat(200_000)],
    ["a key", { ["x".repeat(200_000)]: 1 }],
    ["keys", Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key-${index}`, index]))],
    ["a reason", { reason: "x".repeat(200_000) }],
    ["a component", { reason: "bad release", target: { components: { ["x".repeat(200_000)]: "y" } } }],
    ["a nested key", { reason: "bad release", target: { ["x".repeat(200_000)]: "y" } }],
    ["an account", alarmRequest(makeAlarmEvent({ account: "1".repeat(200_000) }))],
    ["a resource", alarmRequest(makeAlarmEvent({ resources: ["r".repeat(200_000)] }))],
  ])("is refused in a sentence that people can read, however long %s it holds", (_, input) => {
    expect(problemOf(input).length).toBeLessThan(1_000);
  });

  it.each([undefined, null, 7, true, [], [{}]])("is refused when it is %j", (input) => {
    expect(problemOf(input)).toContain("The request was not understood: ");
  });
});

describe("words instead of a request", () => {
  it("which the workflow passes on for one that is too large, are refused with them", () => {
    expect(problemOf("an input of 40000 characters")).toBe(
      'The request must be an object like {"reason": "..."}, not an input of 40000 characters.',
    );
  });
});

describe("an alarm event", () => {
  const foreign = "arn:aws:cloudwatch:eu-west-1:999988887777:alarm:stepback-prod-api-memory";

  it.each<[string, unknown, string]>([
    ["that is none", { hello: 1 }, "the event is not a CloudWatch alarm state change"],
    [
      "of another service",
      makeAlarmEvent({ source: "custom.cloudwatch" }),
      "the event is not a CloudWatch alarm state change",
    ],
    [
      "of another account",
      makeAlarmEvent({ account: "999988887777" }),
      "the event is from account 999988887777 in eu-west-1, not from 111122223333 in eu-west-1",
    ],
    [
      "of another region",
      makeAlarmEvent({ region: "us-east-1" }),
      "the event is from account 111122223333 in us-east-1, not from 111122223333 in eu-west-1",
    ],
    [
      "whose resource is another account's",
      makeAlarmEvent({ resources: [foreign] }),
      `the event's resource ${foreign} is not the alarm stepback-prod-api-memory of this account`,
    ],
    [
      "of another environment",
      makeAlarmEvent({
        resources: ["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:stepback-test-api-memory"],
        detail: makeAlarmDetail({ alarmName: "stepback-test-api-memory" }),
      }),
      "the alarm stepback-test-api-memory is not one of environment prod",
    ],
    [
      "without a time",
      makeAlarmEvent({ detail: makeAlarmDetail({ state: { value: "ALARM", timestamp: "yesterday" } }) }),
      'the event\'s timestamp "yesterday" is not a time',
    ],
  ])("%s is not acted on", (_, event, problem) => {
    expect(problemOf(alarmRequest(event))).toBe(`The alarm was not acted on: ${problem}.`);
  });

  it("needs no reason and asks for what its alarm names, in CloudWatch's own way of writing time", () => {
    const { scope, words, alarm } = questionOf(alarmRequest(makeAlarmEvent()));

    expect(scope).toEqual(["api"]);
    expect(words).toEqual({ requestedBy: "alarm stepback-prod-api-memory", reason: "Threshold Crossed" });
    expect(alarm).toMatchObject({
      eventId: "event-1",
      changedAt: Date.parse("2026-11-21T01:00:00Z"),
      value: "ALARM",
      muted: false,
    });
  });

  it("is muted when it says by which rule", () => {
    const detail = makeAlarmDetail({
      muteDetail: { mutedByArn: "arn:aws:cloudwatch:::alarm-mute-rule:night" },
    });

    expect(questionOf(alarmRequest(makeAlarmEvent({ detail }))).alarm?.muted).toBe(true);
  });
});

describe("a person's request", () => {
  it("means every component, the proven version and an emergency when it says nothing else", () => {
    expect(questionOf({ reason: " bad release " })).toMatchObject({
      scope: ["api", "web"],
      target: "proven",
      request: { mode: "execute", authorization: "emergency" },
      words: { requestedBy: "somebody without a name", reason: "bad release" },
    });
  });

  it("counts a component named twice once", () => {
    expect(questionOf({ reason: "bad release", scope: ["web", "api", "web"] }).scope).toEqual(["web", "api"]);
  });

  it("to undo goes back to where each component came from", () => {
    const { scope, target } = questionOf({ reason: "undo it", mode: "undo", undoes: "rb-7" }, undone);

    expect(scope).toEqual(["api", "web"]);
    expect(target).toEqual({
      components: Object.fromEntries(undone.moves.map((move) => [move.component, move.from.id])),
    });
  });

  it("to undo may name some of the components, but none that does not exist", () => {
    const undo = { reason: "undo it", mode: "undo", undoes: "rb-7" };

    expect(questionOf({ ...undo, scope: ["web"] }, undone).scope).toEqual(["web"]);
    expect(problemOf({ ...undo, scope: ["web", "apj"] }, undone)).toContain('The component "apj" is not in');
    expect(problemOf({ ...undo, scope: ["web"] }, { ...undone, moves: [makeMoved()] })).toBe(
      "rb-7 moved nothing that could be undone.",
    );
  });
});
