import { describe, expect, it } from "vitest";
import { EventPattern } from "../../lib/region/services/eventbridge/event-pattern.ts";
import { assemblyOf, type Resource } from "../support/assembly.ts";
import { resourcePolicyOf } from "../support/granted.ts";

const assembly = assemblyOf();
const rules = assembly.of("AWS::Events::Rule");
const alarmRule = assembly.one("AWS::Events::Rule", "AlarmFired");
const pattern = EventPattern.of(alarmRule.properties["EventPattern"]);

describe("the alarm rule", () => {
  it("has the pattern of the fact sheet, pinned to this account and region", () => {
    expect(alarmRule.properties["EventPattern"]).toEqual({
      source: ["aws.cloudwatch"],
      "detail-type": ["CloudWatch Alarm State Change"],
      account: ["111122223333"],
      region: ["eu-west-1"],
      resources: [{ prefix: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:stepback-example-" }],
      detail: {
        state: { value: ["ALARM"], actionsSuppressedBy: [{ exists: false }, "WaitPeriod"] },
        muteDetail: { mutedByArn: [{ exists: false }] },
      },
    });
  });

  it.each([
    ["an alarm that fired", makeEvent({})],
    ["one that had no data before", makeEvent({ detail: { previousState: { value: "INSUFFICIENT_DATA" } } })],
    ["one whose action waits for a suppressor", makeEvent({ state: { actionsSuppressedBy: "WaitPeriod" } })],
  ])("starts a rollback for %s", (_, event) => {
    expect(pattern.matches(event)).toBe(true);
  });

  it.each([
    ["one whose action is suppressed", makeEvent({ state: { actionsSuppressedBy: "Alarm" } })],
    [
      "a muted one",
      makeEvent({
        detail: {
          muteDetail: { mutedByArn: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm-mute-rule:night" },
        },
      }),
    ],
    ["an alarm that is OK again", makeEvent({ state: { value: "OK" } })],
    ["one that lost its data", makeEvent({ state: { value: "INSUFFICIENT_DATA" } })],
    ["somebody else's alarm", makeEvent({ alarm: "billing" })],
    ["another environment's alarm", makeEvent({ alarm: "stepback-example2-api-errors" })],
    ["Stepback's alarm about itself", makeEvent({ alarm: "watch-example-undelivered-events" })],
    ["an alarm of another account", makeEvent({ account: "999988887777" })],
    ["a foreign event that names our alarm", makeEvent({ event: { source: "com.acme" } })],
    [
      "a changed configuration",
      makeEvent({ event: { "detail-type": "CloudWatch Alarm Configuration Change" } }),
    ],
  ])("leaves %s alone", (_, event) => {
    expect(pattern.matches(event)).toBe(false);
  });

  it("hands the whole event on as JSON, spliced into nothing", () => {
    const [target] = targetsOf(alarmRule);

    expect(target?.["InputTransformer"]).toEqual({
      InputTemplate: '{"trigger":{"type":"alarm","event":<aws.events.event.json>}}',
    });
  });

  it("gives up after five minutes: a rollback must not start the next day", () => {
    const [target] = targetsOf(alarmRule);

    const { MaximumEventAgeInSeconds, MaximumRetryAttempts } = Object(target?.["RetryPolicy"]);
    expect(MaximumEventAgeInSeconds).toBeLessThanOrEqual(300);
    expect(MaximumRetryAttempts).toBeLessThanOrEqual(10);
  });
});

describe("every rule", () => {
  it("keeps what it could not deliver to a machine or a function, in a queue that lets it", () => {
    const queue = assembly.one("AWS::SQS::Queue");
    const allowed = resourcePolicyOf(assembly, "AWS::SQS::QueuePolicy", "Queues", queue)
      .filter(({ Effect }) => Effect === "Allow")
      .map(({ Condition }) => Object(Condition?.["ArnEquals"])["aws:SourceArn"]);
    const acting = rules.flatMap((rule) =>
      targetsOf(rule)
        .filter(({ Arn }) => /:(stepfunctions|lambda):/.test(String(Arn)))
        .map((target) => [rule, target] as const),
    );

    expect(acting).toHaveLength(3);
    for (const [rule, target] of acting) {
      expect(target["DeadLetterConfig"]).toEqual({ Arn: expect.stringMatching(`:${queue.id}$`) });
      expect(allowed).toContainEqual(expect.stringMatching(`:${rule.id}$`));
    }
  });

  it("is enabled, and says what it is for", () => {
    for (const { properties } of rules) {
      expect(properties).toMatchObject({
        State: "ENABLED",
        Description: expect.stringMatching(/^[A-Z].{20,}/),
      });
    }
  });

  it("watches the rollback machine for every end that runs no catch", () => {
    const { properties } = assembly.one("AWS::Events::Rule", "RollbackEnded");

    expect(properties["EventPattern"]).toMatchObject({
      source: ["aws.states"],
      detail: {
        stateMachineArn: [expect.stringMatching(/:RollbackMachine/)],
        status: ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"],
      },
    });
  });
});

function targetsOf(rule: Resource): readonly Readonly<Record<string, unknown>>[] {
  const targets = rule.properties["Targets"];
  return Array.isArray(targets) ? targets : [];
}

/** An event as CloudWatch sends it (docs/facts/frontend-secrets-config.md G). */
function makeEvent({
  alarm = "stepback-example-api-errors",
  account = "111122223333",
  state = {},
  detail = {},
  event = {},
}: {
  alarm?: string;
  account?: string;
  state?: object;
  detail?: object;
  event?: object;
}) {
  return {
    version: "0",
    id: "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
    "detail-type": "CloudWatch Alarm State Change",
    source: "aws.cloudwatch",
    account,
    time: "2026-11-21T03:02:11Z",
    region: "eu-west-1",
    resources: [`arn:aws:cloudwatch:eu-west-1:${account}:alarm:${alarm}`],
    detail: {
      alarmName: alarm,
      state: {
        value: "ALARM",
        reason: "Threshold Crossed: 5 out of the last 6 datapoints were greater than the threshold (50.0).",
        reasonData: '{"version":"1.0","period":60,"recentDatapoints":[97.0,98.0],"threshold":50.0}',
        timestamp: "2026-11-21T03:02:10.989+0000",
        ...state,
      },
      previousState: { value: "OK", timestamp: "2026-11-21T02:10:10.989+0000" },
      configuration: { metrics: [{ id: "expr_1", expression: "100*bad/total", returnData: true }] },
      ...detail,
    },
    ...event,
  };
}
