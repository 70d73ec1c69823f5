import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventPattern } from "../../../lib/region/services/eventbridge/event-pattern.ts";

describe("the alarm pattern of the rollback rule", () => {
  // docs/facts/frontend-secrets-config.md, section G.
  const pattern = EventPattern.of({
    source: ["aws.cloudwatch"],
    "detail-type": ["CloudWatch Alarm State Change"],
    resources: [{ prefix: "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:rb-" }],
    detail: {
      state: { value: ["ALARM"], actionsSuppressedBy: [{ exists: false }, "WaitPeriod"] },
      muteDetail: { mutedByArn: [{ exists: false }] },
    },
  });

  it.each([
    ["an alarm of ours", makeAlarmEvent(), true],
    ["an alarm that went from INSUFFICIENT_DATA", makeAlarmEvent({ from: "INSUFFICIENT_DATA" }), true],
    ["a recovery", makeAlarmEvent({ to: "OK" }), false],
    ["somebody else's alarm", makeAlarmEvent({ name: "cpu-high" }), false],
    [
      "a composite in its wait period",
      makeAlarmEvent({ state: { actionsSuppressedBy: "WaitPeriod" } }),
      true,
    ],
    ["a suppressed composite", makeAlarmEvent({ state: { actionsSuppressedBy: "Alarm" } }), false],
    [
      "a muted alarm",
      makeAlarmEvent({
        detail: { muteDetail: { mutedByArn: "arn:aws:cloudwatch:eu-central-1:1:alarm-mute-rule:m" } },
      }),
      false,
    ],
  ])("judges %s", (_what, event, expected) => {
    expect(pattern.matches(event)).toBe(expected);
  });
});

describe("an event pattern", () => {
  it.each<[pattern: object, event: object, expected: boolean]>([
    [{ a: [1] }, { a: 1.0 }, true],
    [{ a: ["1"] }, { a: 1 }, false],
    [{ a: [null] }, { a: null }, true],
    [{ a: [null] }, {}, false],
    [{ a: ["x", "y"] }, { a: ["z", "y"] }, true],
    [{ a: [{ prefix: "ab" }] }, { a: "abc" }, true],
    [{ a: [{ prefix: { "equals-ignore-case": "AB" } }] }, { a: "abc" }, true],
    [{ a: [{ suffix: "bc" }] }, { a: "abcd" }, false],
    [{ a: [{ "equals-ignore-case": "ABC" }] }, { a: "aBc" }, true],
    [{ a: [{ "anything-but": "x" }] }, { a: "y" }, true],
    [{ a: [{ "anything-but": "x" }] }, {}, false],
    [{ a: [{ "anything-but": [1, 2] }] }, { a: 2 }, false],
    [{ a: [{ "anything-but": { prefix: "dev-" } }] }, { a: "dev-1" }, false],
    [{ a: [{ "anything-but": { suffix: [".png", ".jpg"] } }] }, { a: "x.gif" }, true],
    [{ a: [{ numeric: [">", 0, "<=", 5] }] }, { a: 5 }, true],
    [{ a: [{ numeric: [">", 0, "<=", 5] }] }, { a: 0 }, false],
    [{ a: [{ numeric: ["=", 5] }] }, { a: "5" }, false],
    [{ a: [{ exists: true }] }, { a: false }, true],
    [{ a: [{ exists: true }] }, { a: { b: 1 } }, false],
    [{ a: [{ exists: false }] }, { a: { b: 1 } }, true],
    [{ a: [{ exists: true }] }, { a: [] }, false],
    [{ a: [{ wildcard: "arn:*:service/*" }] }, { a: "arn:aws:service/x" }, true],
    [{ a: [{ wildcard: "1\\*" }] }, { a: "1*" }, true],
    [{ a: [{ wildcard: "1\\*" }] }, { a: "12" }, false],
    [{ $or: [{ a: [1] }, { b: [2] }], c: [3] }, { b: 2, c: 3 }, true],
    [{ $or: [{ a: [1] }, { b: [2] }], c: [3] }, { a: 2, b: 1, c: 3 }, false],
    [{ list: { a: [1], b: [2] } }, { list: [{ a: 1 }, { b: 2 }] }, false],
    [{ list: { a: [1], b: [2] } }, { list: [{ a: 9 }, { a: 1, b: 2 }] }, true],
  ])("%j against %j is %s", (pattern, event, expected) => {
    expect(EventPattern.of(pattern).matches(event)).toBe(expected);
  });

  it.each<[pattern: unknown, reason: RegExp]>([
    [[], /Filter is not an object/],
    [{}, /Empty objects/],
    [{ a: [] }, /Empty arrays/],
    [{ a: "x" }, /must be an object or an array/],
    [{ a: [["x"]] }, /Match value must be/],
    [{ a: [{ contains: "x" }] }, /Unrecognized match type contains/],
    [{ a: [{ prefix: "x", suffix: "y" }] }, /Only one key/],
    [{ a: [{ exists: "no" }] }, /true or false/],
    [{ a: [{ "anything-but": ["x", 1] }] }, /mixed type/],
    [{ a: [{ numeric: ["<", 5, ">", 0] }] }, /numeric range operator/],
    [{ a: [{ wildcard: "a**b" }] }, /Consecutive wildcard/],
    [{ a: [{ cidr: "10.0.0.0/8" }] }, /does not model cidr/],
    [{ $or: [{ a: [1] }] }, /at least 2/],
    [{ $or: [{ prefix: ["x"] }, { a: [1] }] }, /reserved/],
  ])("is refused when it is %j", (pattern, reason) => {
    expect(() => EventPattern.of(pattern)).toThrow(reason);
  });

  it("matches every event that it was made from, leaf by leaf", () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const name = fc.string({ minLength: 1 }).filter((key) => key !== "$or" && key !== "__proto__");
    const { event } = fc.letrec<{ event: Tree; value: Tree }>((tie) => ({
      event: fc.dictionary(name, tie("value"), { minKeys: 1, maxKeys: 4 }),
      value: fc.oneof({ depthSize: "small", withCrossShrink: true }, leaf, tie("event")),
    }));

    fc.assert(
      fc.property(event, (made) => {
        expect(EventPattern.of(patternFrom(made)).matches(made)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

type Tree = string | number | boolean | null | { [name: string]: Tree };

function patternFrom(tree: Tree): unknown {
  if (typeof tree !== "object" || tree === null) return [tree];
  return Object.fromEntries(Object.entries(tree).map(([name, child]) => [name, patternFrom(child)]));
}

function makeAlarmEvent({
  name = "rb-shop-5xx",
  from = "OK",
  to = "ALARM",
  state = {},
  detail = {},
}: {
  readonly name?: string;
  readonly from?: string;
  readonly to?: string;
  readonly state?: object;
  readonly detail?: object;
} = {}) {
  return {
    version: "0",
    id: "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
    "detail-type": "CloudWatch Alarm State Change",
    source: "aws.cloudwatch",
    account: "111122223333",
    time: "2026-11-21T10:04:40Z",
    region: "eu-central-1",
    resources: [`arn:aws:cloudwatch:eu-central-1:111122223333:alarm:${name}`],
    detail: {
      alarmName: name,
      state: { value: to, reason: "Threshold Crossed", timestamp: "2026-11-21T10:04:40.989+0000", ...state },
      previousState: { value: from, reason: "…", timestamp: "2026-11-21T09:00:00.000+0000" },
      configuration: { metrics: [{ id: "m1", returnData: true }] },
      ...detail,
    },
  };
}
