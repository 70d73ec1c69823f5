import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataAvailabilityMs } from "../../../lib/region/services/cloudwatch/alarm-evaluator.ts";
import { feed, makeCloudwatch, makeMetricAlarm, minute, start } from "./make-cloudwatch.ts";

async function stateReason(region: ReturnType<typeof makeCloudwatch>): Promise<string | undefined> {
  const { MetricAlarms } = await region.request("DescribeAlarms", { AlarmNames: ["rb-errors"] });
  return MetricAlarms[0]?.StateReason;
}

describe("a metric alarm in virtual time", () => {
  it("goes from OK to ALARM and back and says so in history, log and events", async () => {
    const region = makeCloudwatch();
    await region.request("PutMetricAlarm", makeMetricAlarm());

    await feed(region, [0, 0, 0, 100, 100, 100, 100, 0, 0, 0]);

    const log = region.kernel.log.entries.filter(({ event }) => event === "alarm changed");
    expect(log.map(({ facts }) => [facts["from"], facts["to"]])).toEqual([
      ["INSUFFICIENT_DATA", "OK"],
      ["OK", "ALARM"],
      ["ALARM", "OK"],
    ]);
    expect(region.stateChanges()).toHaveLength(3);
    const { AlarmHistoryItems } = await region.request("DescribeAlarmHistory", {
      AlarmName: "rb-errors",
      HistoryItemType: "StateUpdate",
    });
    expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([
      "Alarm updated from ALARM to OK",
      "Alarm updated from OK to ALARM",
      "Alarm updated from INSUFFICIENT_DATA to OK",
    ]);
  });

  it("alarms within one to two minutes after its last datapoint is complete", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const region = makeCloudwatch({ seed });
      await region.request("PutMetricAlarm", makeMetricAlarm());

      await feed(region, [0, 0, 0, 100, 100, 100, 100, 100]);

      const alarm = region.kernel.log.entries.find(({ facts }) => facts["to"] === "ALARM");
      const afterThird = (alarm?.at ?? 0) - (start + 6 * minute);
      expect(afterThird).toBeGreaterThanOrEqual(dataAvailabilityMs);
      expect(afterThird).toBeLessThan(minute + dataAvailabilityMs);
    }
  });

  it("evaluates a high-resolution alarm every ten seconds", async () => {
    const region = makeCloudwatch();
    await region.request("PutMetricAlarm", makeMetricAlarm({ Period: 10, EvaluationPeriods: 1 }));
    const datum = {
      MetricName: "Errors",
      Dimensions: [{ Name: "Service", Value: "api" }],
      StorageResolution: 1,
    };
    await region.kernel.runUntil(start + 65_000);

    await region.request("PutMetricData", { Namespace: "Shop", MetricData: [{ ...datum, Value: 99 }] });
    await region.kernel.runUntil(start + 95_000);

    expect(region.service.stateOf("rb-errors")).toBe("ALARM");
  });

  it("loses its state to INSUFFICIENT_DATA when the data stop, after the whole evaluation range", async () => {
    const region = makeCloudwatch();
    await region.request("PutMetricAlarm", makeMetricAlarm());
    await feed(region, [0, 0, 0, undefined, undefined, undefined, undefined]);
    expect(region.service.stateOf("rb-errors")).toBe("OK");

    await region.minutes(3);

    expect(region.service.stateOf("rb-errors")).toBe("INSUFFICIENT_DATA");
    expect(await stateReason(region)).toBe("Insufficient Data: 3 datapoints were unknown.");
  });

  it("tells the five of six that crossed, as AWS words it from five datapoints up", async () => {
    const region = makeCloudwatch();
    await region.request("PutMetricAlarm", makeMetricAlarm({ EvaluationPeriods: 6, DatapointsToAlarm: 5 }));

    await feed(region, [0, 0, 0, 0, 90, 100, 10, 100.5, 100, 1e7, 0]);

    expect(await stateReason(region)).toBe(
      "Threshold Crossed: 5 out of the last 6 datapoints were greater than the threshold (50.0). The most recent " +
        "datapoints which crossed the threshold: [1.0E7 (21/11/26 01:09:00), 100.0 (21/11/26 01:08:00), " +
        "100.5 (21/11/26 01:07:00), 100.0 (21/11/26 01:05:00), 90.0 (21/11/26 01:04:00)] " +
        "(minimum 5 datapoints for OK -> ALARM transition).",
    );
  });

  it.each([
    [
      {},
      [0, 0, 0],
      "Threshold Crossed: 3 datapoints [0.0 (21/11/26 01:02:00), 0.0 (21/11/26 01:01:00), 0.0 (21/11/26 01:00:00)] were not greater than the threshold (50.0).",
    ],
    [
      { EvaluationPeriods: 1 },
      [60],
      "Threshold Crossed: 1 datapoint [60.0 (21/11/26 01:00:00)] was greater than the threshold (50.0).",
    ],
    [
      { DatapointsToAlarm: 1, TreatMissingData: "notBreaching" },
      [60],
      "Threshold Crossed: 1 out of the last 3 datapoints [60.0 (21/11/26 01:00:00)] was greater than the threshold (50.0) and 2 missing datapoints were treated as [NonBreaching] (minimum 1 datapoint for OK -> ALARM transition).",
    ],
    [
      { TreatMissingData: "breaching" },
      [],
      "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].",
    ],
    [
      { DatapointsToAlarm: 2, TreatMissingData: "breaching" },
      [0],
      "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].",
    ],
  ])("gives the reason of AWS with %o and data %o", async (settings, values, reason) => {
    const region = makeCloudwatch();
    for (const [index, value] of values.entries()) {
      const at = start + index * minute;
      region.service.publish({
        namespace: "Shop",
        metricName: "Errors",
        dimensions: { Service: "api" },
        value,
        at,
      });
    }
    await region.kernel.runUntil(start + values.length * minute + dataAvailabilityMs);
    await region.request("PutMetricAlarm", makeMetricAlarm(settings));

    await region.minutes(1);

    expect(await stateReason(region)).toBe(reason);
  });

  it("watches a percentile and a metric math expression", async () => {
    const region = makeCloudwatch();
    const dimensions = { Service: "api" };
    const metric = (MetricName: string) => ({
      Metric: { Namespace: "Shop", MetricName, Dimensions: [{ Name: "Service", Value: "api" }] },
      ...{ Period: 60, Stat: "Sum" },
    });
    await region.request("PutMetricAlarm", {
      ...{ AlarmName: "rate", EvaluationPeriods: 6, DatapointsToAlarm: 5, Threshold: 50 },
      ComparisonOperator: "GreaterThanThreshold",
      Metrics: [
        { Id: "t5", MetricStat: metric("Target5xx"), ReturnData: false },
        { Id: "req", MetricStat: metric("Requests"), ReturnData: false },
        { Id: "bad", Expression: "FILL(t5,0)", ReturnData: false },
        { Id: "rate", Expression: "IF(FILL(req,0)>=20,100*bad/FILL(req,0),0)" },
      ],
    });
    const { Statistic: _, ...slow } = makeMetricAlarm({
      AlarmName: "slow",
      MetricName: "Latency",
      Threshold: 1,
    });
    await region.request("PutMetricAlarm", { ...slow, ExtendedStatistic: "p95" });

    for (let index = 0; index < 7; index++) {
      for (const [metricName, value, count] of [
        ["Requests", 1, 100],
        ["Target5xx", 1, 60],
        ["Latency", 0.2, 94],
        ["Latency", 3, 6],
      ] as const) {
        region.service.publish({ namespace: "Shop", metricName, dimensions, value, count });
      }
      await region.minutes(1);
    }

    expect(region.service.stateOf("rate")).toBe("ALARM");
    expect(region.service.stateOf("slow")).toBe("ALARM");
  });

  it("keeps its state when its settings are overwritten", async () => {
    const region = makeCloudwatch();
    await region.request("PutMetricAlarm", makeMetricAlarm({ AlarmDescription: "first" }));
    await feed(region, [100, 100, 100, 100]);

    await region.request("PutMetricAlarm", makeMetricAlarm({ Threshold: 70 }));

    const { MetricAlarms } = await region.request("DescribeAlarms");
    expect(MetricAlarms[0]).toMatchObject({
      StateValue: "ALARM",
      Threshold: 70,
      AlarmDescription: undefined,
    });
  });

  it("comes to the same in whatever order the data of a period arrive", async () => {
    // Sums of tenths depend on their order in floating point.
    const tenths = fc.integer({ min: -1_000, max: 1_000 }).map((number) => number / 10);
    const samples = fc.array(fc.tuple(tenths, fc.integer({ min: 1, max: 5 })), {
      minLength: 2,
      maxLength: 12,
    });
    const shuffled = samples.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
      ),
    );
    const answer = async (list: readonly (readonly [number, number])[]) => {
      const region = makeCloudwatch();
      await region.request("PutMetricAlarm", makeMetricAlarm({ EvaluationPeriods: 1, Statistic: "Average" }));
      for (const [value, count] of list) {
        region.service.publish({
          namespace: "Shop",
          metricName: "Errors",
          dimensions: { Service: "api" },
          value,
          count,
        });
      }
      await region.minutes(3);
      return (await region.request("DescribeAlarms")).MetricAlarms;
    };

    await fc.assert(
      fc.asyncProperty(shuffled, async ([one, other]) => {
        expect(await answer(one)).toEqual(await answer(other));
      }),
      { numRuns: 30 },
    );
  });
});
