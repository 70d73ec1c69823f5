import { describe, expect, it } from "vitest";
import { makeCloudwatch, makeMetricAlarm, minute, start } from "./make-cloudwatch.ts";

const hour = 60 * minute;
const arn = (name: string) => `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${name}`;

describe("metric data", () => {
  it("comes back by statistic, percentile and expression", async () => {
    const region = makeCloudwatch();
    const Timestamp = new Date(start);
    const put = (datum: object) =>
      region.request("PutMetricData", {
        Namespace: "Shop",
        MetricData: [{ MetricName: "L", Timestamp, ...datum }],
      });
    await put({ Value: 4 });
    await put({ Values: [1, 2], Counts: [8, 1] });
    const asked = (Id: string, Stat: string) => ({
      Id,
      MetricStat: { Metric: { Namespace: "Shop", MetricName: "L" }, Period: 60, Stat },
    });

    const { MetricDataResults } = await region.request("GetMetricData", {
      MetricDataQueries: [
        ...["Sum", "Average", "Minimum", "Maximum", "SampleCount", "p50", "p90", "p95"].map((stat, index) =>
          asked(`m${index}`, stat),
        ),
        { Id: "e", Expression: "m0 / m4" },
      ],
      StartTime: new Date(start),
      EndTime: new Date(start + hour),
    });

    expect(MetricDataResults.map(({ Values }) => Values)).toEqual([
      [14],
      [1.4],
      [1],
      [4],
      [10],
      [1],
      [2],
      [4],
      [1.4],
    ]);
    expect(MetricDataResults[0]?.Timestamps).toEqual([Timestamp]);
  });

  it("gives no percentile of summarised samples, unless they were all equal", async () => {
    const region = makeCloudwatch();
    const put = (MetricName: string, StatisticValues: object) =>
      region.request("PutMetricData", { Namespace: "Shop", MetricData: [{ MetricName, StatisticValues }] });
    await put("mixed", { SampleCount: 3, Sum: 9, Minimum: 1, Maximum: 5 });
    await put("equal", { SampleCount: 3, Sum: 9, Minimum: 3, Maximum: 3 });
    const ask = async (MetricName: string) => {
      const span = { StartTime: new Date(start), EndTime: new Date(start + hour), Period: 60 };
      const statistics = { Statistics: ["Average"], ExtendedStatistics: ["p95"] };
      return (
        await region.request("GetMetricStatistics", { Namespace: "Shop", MetricName, ...span, ...statistics })
      ).Datapoints;
    };

    expect(await ask("mixed")).toMatchObject([{ Average: 3, ExtendedStatistics: {} }]);
    expect(await ask("equal")).toMatchObject([{ Average: 3, ExtendedStatistics: { p95: 3 } }]);
  });

  it.each([
    [{ Namespace: "AWS/ECS" }, { Value: 1 }, "InvalidParameterValueException"],
    [{}, { Value: Number.NaN }, "InvalidParameterValueException"],
    [{}, { Value: 1, Timestamp: new Date(start - 15 * 24 * hour) }, "InvalidParameterValueException"],
    [{}, { Value: 1, Timestamp: new Date(start + 3 * hour) }, "InvalidParameterValueException"],
    [{}, { Value: 1, StorageResolution: 30 }, "InvalidParameterValueException"],
    [{}, { Values: [1, 2], Counts: [1] }, "InvalidParameterValueException"],
    [{}, { Value: 1, Values: [1] }, "InvalidParameterCombinationException"],
    [{}, {}, "InvalidParameterCombinationException"],
  ])("is refused with %o %o", async (request, datum, code) => {
    const region = makeCloudwatch();
    const MetricData = [
      { MetricName: "fine", Value: 1 },
      { MetricName: "M", ...datum },
    ];

    await expect(
      region.request("PutMetricData", { Namespace: "Shop", MetricData, ...request }),
    ).rejects.toMatchObject({
      code,
    });
    expect((await region.request("ListMetrics")).Metrics).toEqual([]);
  });

  it("is forgotten after a day beyond what alarms look at, and says so", async () => {
    const region = makeCloudwatch();
    const metric = { namespace: "Shop", metricName: "M", dimensions: {}, value: 1 };
    region.service.publish(metric);
    await region.kernel.runUntil(start + 30 * hour);
    region.service.publish(metric);

    const ask = (from: number) =>
      region.request("GetMetricStatistics", {
        ...{ Namespace: "Shop", MetricName: "M", Period: 60, Statistics: ["Sum"] },
        ...{ StartTime: new Date(from), EndTime: new Date(from + 2 * minute) },
      });

    await expect(ask(start)).rejects.toThrow("has forgotten metric data before 2026-11-21T07:00:00.000Z");
    expect((await ask(start + 30 * hour)).Datapoints).toHaveLength(1);
  });
});

describe("PutMetricAlarm", () => {
  const expression = (Expression: string) => ({
    ...{ AlarmName: "math", EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" },
    Metrics: [
      {
        Id: "m1",
        MetricStat: { Metric: { Namespace: "N", MetricName: "M" }, Period: 60, Stat: "Sum" },
        ReturnData: false,
      },
      { Id: "e1", Expression },
    ],
  });

  it.each([
    [makeMetricAlarm({ ComparisonOperator: "GreaterThanUpperThreshold" }), "static threshold"],
    [makeMetricAlarm({ DatapointsToAlarm: 4 }), "DatapointsToAlarm"],
    [makeMetricAlarm({ Period: 45 }), "multiple of 60"],
    [makeMetricAlarm({ Period: 300, EvaluationPeriods: 289 }), "86400 seconds"],
    [makeMetricAlarm({ ExtendedStatistic: "p95" }), "Exactly one of Statistic"],
    [makeMetricAlarm({ TreatMissingData: "zero" }), "treat-missing-data"],
    [
      makeMetricAlarm({ AlarmActions: ["arn:aws:lambda:eu-west-1:123456789012:function:f"] }),
      "not an SNS topic",
    ],
    [expression("SUM(m1)"), "must return a single time series"],
    [expression("METRICS()"), "must return a single time series"],
    [expression("SEARCH(m1)"), "does not model the function SEARCH"],
    [{ ...expression("m1"), Period: 60 }, "together with Period"],
  ])("refuses %o", async (input, problem) => {
    await expect(makeCloudwatch().request("PutMetricAlarm", input)).rejects.toThrow(problem);
  });

  it("tells configuration changes to the event bus", async () => {
    const region = makeCloudwatch();

    await region.request("PutMetricAlarm", makeMetricAlarm());
    await region.request("PutMetricAlarm", makeMetricAlarm({ Threshold: 70 }));
    await region.request("DeleteAlarms", { AlarmNames: ["rb-errors"] });
    await region.minutes(10);

    expect(region.events.map(({ detailType, detail }) => [detailType, detail["operation"]])).toEqual([
      ["CloudWatch Alarm Configuration Change", "create"],
      ["CloudWatch Alarm Configuration Change", "update"],
      ["CloudWatch Alarm Configuration Change", "delete"],
    ]);
    expect(region.events[1]?.detail).toMatchObject({
      configuration: { threshold: 70 },
      previousConfiguration: { threshold: 50 },
    });
  });
});

describe("DescribeAlarms", () => {
  it("filters and pages", async () => {
    const region = makeCloudwatch();
    for (const AlarmName of ["rb-1", "rb-2", "rb-3", "other"]) {
      await region.request("PutMetricAlarm", makeMetricAlarm({ AlarmName }));
    }
    await region.request("SetAlarmState", { AlarmName: "rb-2", StateValue: "ALARM", StateReason: "x" });
    const names = async (input: object) => {
      const { MetricAlarms, NextToken } = await region.request("DescribeAlarms", input);
      return { names: MetricAlarms.map(({ AlarmName }) => AlarmName), NextToken };
    };

    const first = await names({ AlarmNamePrefix: "rb-", MaxRecords: 2 });
    expect(first.names).toEqual(["rb-1", "rb-2"]);
    expect(
      (await names({ AlarmNamePrefix: "rb-", MaxRecords: 2, NextToken: first.NextToken })).names,
    ).toEqual(["rb-3"]);
    expect((await names({ StateValue: "ALARM" })).names).toEqual(["rb-2"]);
    expect((await names({ AlarmNames: ["other", "nobody"] })).names).toEqual(["other"]);
  });

  it("needs the permission on each alarm named, and on everything without names or for composite alarms", () => {
    const region = makeCloudwatch();
    const resources = (input: object) =>
      region.permissions("DescribeAlarms", input).map(({ resource }) => resource);

    expect(resources({ AlarmNames: ["a", "b"] })).toEqual([arn("a"), arn("b")]);
    expect(resources({ AlarmNames: ["a"], AlarmTypes: ["CompositeAlarm"] })).toEqual(["*"]);
    expect(resources({ AlarmNamePrefix: "a" })).toEqual(["*"]);
    expect(region.permissions("SetAlarmState", { AlarmName: "a" })).toEqual([
      { action: "cloudwatch:SetAlarmState", resource: arn("a") },
    ]);
  });
});

describe("the CloudFormation resources", () => {
  it("create alarms that live, with the name as Ref", async () => {
    const region = makeCloudwatch();
    const created = region.service.model.resources
      .get("AWS::CloudWatch::Alarm")
      ?.create("Errors", { ...makeMetricAlarm(), TreatMissingData: "breaching", Threshold: "50" });

    expect(created).toEqual({ ref: "rb-errors", attributes: { Arn: arn("rb-errors") } });
    await region.minutes(2);
    expect(region.service.stateOf("rb-errors")).toBe("ALARM");
  });

  it("refuse a dashboard that is not JSON", () => {
    const dashboard = makeCloudwatch().service.model.resources.get("AWS::CloudWatch::Dashboard");

    expect(dashboard?.create("D", { DashboardName: "d", DashboardBody: "{}" })).toMatchObject({ ref: "d" });
    expect(() => dashboard?.create("D", { DashboardName: "d", DashboardBody: "{" })).toThrow("DashboardBody");
  });
});
