import { describe, expect, it } from "vitest";
import { AwsError } from "../../../lib/region/service-model.ts";
import { feed, makeCloudwatch, makeMetricAlarm, minute, start } from "./make-cloudwatch.ts";

const topic = "arn:aws:sns:eu-west-1:123456789012:oncall";
const alarmArn = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:rb-errors";
const setToAlarm = { AlarmName: "rb-errors", StateValue: "ALARM", StateReason: "game day" };

describe("SetAlarmState", () => {
  it("holds until the next evaluation finds the real state", async () => {
    const region = makeCloudwatch();
    await region.request("PutMetricAlarm", makeMetricAlarm());
    await feed(region, [0, 0, 0, 0]);

    await region.request("SetAlarmState", { ...setToAlarm, StateReasonData: '{"who":"me"}' });

    expect(region.service.stateOf("rb-errors")).toBe("ALARM");
    expect(region.stateChanges().at(-1)?.detail).toMatchObject({
      state: { value: "ALARM", reason: "game day", reasonData: '{"who":"me"}' },
      previousState: { value: "OK" },
    });
    await region.minutes(1);
    expect(region.service.stateOf("rb-errors")).toBe("OK");
  });

  it("moves the update time but neither the transition time nor the event bus when the value stays", async () => {
    const region = makeCloudwatch();
    await region.request("PutMetricAlarm", makeMetricAlarm());
    await region.request("SetAlarmState", setToAlarm);
    await region.kernel.runUntil(start + 10);

    await region.request("SetAlarmState", { ...setToAlarm, StateReason: "again" });

    const { MetricAlarms } = await region.request("DescribeAlarms");
    expect(MetricAlarms[0]).toMatchObject({
      StateReason: "again",
      StateUpdatedTimestamp: new Date(start + 10),
      StateTransitionedTimestamp: new Date(start),
    });
    expect(region.stateChanges()).toHaveLength(1);
  });

  it.each([
    [{ ...setToAlarm, AlarmName: "other" }, "ResourceNotFound"],
    [{ ...setToAlarm, StateReason: "x".repeat(1_024) }, "ValidationError"],
    [{ ...setToAlarm, StateReasonData: "{" }, "InvalidFormatFault"],
  ])("refuses %o with %s", async (input, code) => {
    const region = makeCloudwatch();
    await region.request("PutMetricAlarm", makeMetricAlarm());

    await expect(region.request("SetAlarmState", input)).rejects.toMatchObject({ code });
  });
});

describe("a state change", () => {
  it("is an event of the documented shape", async () => {
    const region = makeCloudwatch();
    const tags = { AlarmTagsPropagation: { Enabled: true, ExcludedTagKeys: ["secret"] } };
    await region.request("PutMetricAlarm", {
      ...makeMetricAlarm({ EvaluationPeriods: 1, DatapointsToAlarm: 1, AlarmDescription: "Too many errors" }),
      ActionConfiguration: tags,
      Tags: [
        { Key: "team", Value: "shop" },
        { Key: "secret", Value: "x" },
        { Key: "aws:cloudformation:stack-name", Value: "y" },
      ],
    });

    await feed(region, [100, 100]);

    const event = JSON.stringify(region.stateChanges()[0]);
    const uuid = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/;
    expect(JSON.parse(event.replace(uuid, "a uuid"))).toMatchInlineSnapshot(`
      {
        "detail": {
          "alarmName": "rb-errors",
          "alarmTags": {
            "team": "shop",
          },
          "alarmTagsStatus": "SUCCESS",
          "configuration": {
            "description": "Too many errors",
            "metrics": [
              {
                "id": "a uuid",
                "metricStat": {
                  "metric": {
                    "dimensions": {
                      "Service": "api",
                    },
                    "name": "Errors",
                    "namespace": "Shop",
                  },
                  "period": 60,
                  "stat": "Sum",
                },
                "returnData": true,
              },
            ],
          },
          "previousState": {
            "reason": "Unchecked: Initial alarm creation",
            "timestamp": "2026-11-21T01:00:00.000+0000",
            "value": "INSUFFICIENT_DATA",
          },
          "state": {
            "reason": "Threshold Crossed: 1 out of the last 1 datapoints [100.0 (21/11/26 01:00:00)] was greater than the threshold (50.0) (minimum 1 datapoint for OK -> ALARM transition).",
            "reasonData": "{"version":"1.0","queryDate":"2026-11-21T01:01:27.153+0000","startDate":"2026-11-21T01:00:00.000+0000","statistic":"Sum","period":60,"recentDatapoints":[100.0],"threshold":50.0,"evaluatedDatapoints":[{"timestamp":"2026-11-21T01:00:00.000+0000","sampleCount":1.0,"value":100.0}]}",
            "timestamp": "2026-11-21T01:01:27.153+0000",
            "value": "ALARM",
          },
        },
        "detailType": "CloudWatch Alarm State Change",
        "resources": [
          "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:rb-errors",
        ],
        "source": "aws.cloudwatch",
      }
    `);
  });

  it("publishes to the topics of the new state as CloudWatch itself", async () => {
    const region = makeCloudwatch();
    await region.request("PutMetricAlarm", makeMetricAlarm({ AlarmActions: [topic] }));

    await feed(region, [0, 0, 0, 100, 100, 100, 100]);

    expect(region.published).toHaveLength(1);
    expect(region.published[0]?.principal).toEqual({
      arn: "cloudwatch.amazonaws.com",
      type: "service",
      sourceArn: alarmArn,
    });
    const { TopicArn, Subject, Message } = region.published[0]?.input ?? {};
    expect([TopicArn, Subject]).toEqual([topic, 'ALARM: "rb-errors" in EU (Ireland)']);
    expect(JSON.parse(String(Message))).toMatchObject({
      ...{ NewStateValue: "ALARM", OldStateValue: "OK", AlarmArn: alarmArn },
      Trigger: { MetricName: "Errors", Statistic: "SUM", Dimensions: [{ name: "Service", value: "api" }] },
    });
  });

  it("leaves a failed action in the history and goes on", async () => {
    const region = makeCloudwatch({ topicFails: new AwsError("AuthorizationError", "not allowed") });
    await region.request("PutMetricAlarm", makeMetricAlarm({ AlarmActions: [topic] }));

    await region.request("SetAlarmState", setToAlarm);
    await region.minutes(1);

    const { AlarmHistoryItems } = await region.request("DescribeAlarmHistory", { HistoryItemType: "Action" });
    expect(AlarmHistoryItems[0]?.HistorySummary).toBe(
      `Failed to execute action ${topic}. Received error: "not allowed"`,
    );
  });

  it("is an event without an action while actions are disabled", async () => {
    const region = makeCloudwatch();
    await region.request("PutMetricAlarm", makeMetricAlarm({ AlarmActions: [topic] }));
    await region.request("DisableAlarmActions", { AlarmNames: ["rb-errors"] });

    await region.request("SetAlarmState", setToAlarm);

    expect(region.stateChanges()).toHaveLength(1);
    expect(region.published).toEqual([]);
  });
});

describe("a mute rule", () => {
  const mute = {
    Name: "deploy",
    Rule: { Schedule: { Expression: "at(2026-11-21T01:10)", Duration: "PT30M" } },
    MuteTargets: { AlarmNames: ["rb-errors"] },
  };

  it("marks the events of its window and holds the actions back until it ends", async () => {
    const region = makeCloudwatch();
    const ignoring = makeMetricAlarm({ AlarmActions: [topic], TreatMissingData: "ignore" });
    await region.request("PutMetricAlarm", ignoring);
    await region.request("PutAlarmMuteRule", mute);
    await region.kernel.runUntil(start + 15 * minute);

    await region.request("SetAlarmState", setToAlarm);

    expect(region.stateChanges()[0]?.detail["muteDetail"]).toEqual({
      mutedByArn: "arn:aws:cloudwatch:eu-west-1:123456789012:alarm-mute-rule:deploy",
      muteWindowStart: "2026-11-21T01:10:00.000+0000",
      muteWindowEnd: "2026-11-21T01:40:00.000+0000",
    });
    expect(region.published).toEqual([]);
    await region.kernel.runUntil(start + 41 * minute);
    expect(region.published).toHaveLength(1);
    expect((await region.request("GetAlarmMuteRule", { AlarmMuteRuleName: "deploy" })).Status).toBe(
      "EXPIRED",
    );
  });

  it("runs the actions of alarms in ALARM when it is deleted, and can be deleted twice", async () => {
    const region = makeCloudwatch();
    await region.request(
      "PutMetricAlarm",
      makeMetricAlarm({ AlarmActions: [topic], TreatMissingData: "ignore" }),
    );
    await region.request("PutAlarmMuteRule", mute);
    await region.kernel.runUntil(start + 15 * minute);
    await region.request("SetAlarmState", setToAlarm);

    await region.request("DeleteAlarmMuteRule", { AlarmMuteRuleName: "deploy" });
    await region.request("DeleteAlarmMuteRule", { AlarmMuteRuleName: "deploy" });

    expect(region.published).toHaveLength(1);
  });

  it("refuses a recurring schedule, which is not modelled", async () => {
    const region = makeCloudwatch();
    const schedule = { Expression: "cron(0 2 * * *)", Duration: "PT1H" };

    const answer = region.request("PutAlarmMuteRule", {
      ...mute,
      Rule: { Schedule: schedule },
      MuteTargets: undefined,
    });

    await expect(answer).rejects.toThrow("not cron(0 2 * * *)");
  });
});
