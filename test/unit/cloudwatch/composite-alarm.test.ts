import { describe, expect, it } from "vitest";
import { parseAlarmRule } from "../../../lib/region/services/cloudwatch/alarm-rule.ts";
import { type Cloudwatch, makeCloudwatch, makeMetricAlarm } from "./make-cloudwatch.ts";

const prefix = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:";

describe("an alarm rule", () => {
  const states = { hot: "ALARM", "with space": "ALARM", fine: "OK", "OR-less": "INSUFFICIENT_DATA" } as const;
  const stateOf = (name: string) => Object.entries(states).find(([key]) => key === name)?.[1];

  it.each([
    ["ALARM(hot)", true],
    ["ALARM(fine)", false],
    ['ALARM("with space") AND OK(fine)', true],
    ["ALARM(with space)", true],
    [`ALARM("${prefix}hot")`, true],
    ["INSUFFICIENT_DATA(OR-less)", true],
    ["ALARM(hot) AND NOT ALARM(fine)", true],
    ["NOT(ALARM(hot) OR ALARM(fine))", false],
    ["TRUE OR FALSE AND FALSE", true],
    ["(ALARM(fine) OR OK(fine)) AND (TRUE)", true],
    ["FALSE", false],
    ["alarm(hot) and not false", true],
  ])("reads %s", (rule, expected) => {
    expect(parseAlarmRule(rule).holds(stateOf)).toBe(expected);
  });

  it("lists its children once each, by name", () => {
    expect(parseAlarmRule(`ALARM("${prefix}a") OR OK(b) OR ALARM(a)`).children).toEqual(["a", "b"]);
  });

  it.each([
    "",
    "ALARM()",
    "ALARM(a) ALARM(b)",
    "ALARM(a) AND",
    "(ALARM(a)",
    "AT_LEAST(1, ALARM, (a, b))",
    "BROKEN(a)",
  ])("refuses %s", (rule) => {
    expect(() => parseAlarmRule(rule)).toThrow("AlarmRule");
  });
});

describe("a composite alarm", () => {
  const set = (region: Cloudwatch, AlarmName: string, StateValue: string) =>
    region.request("SetAlarmState", { AlarmName, StateValue, StateReason: "test" });

  async function makeComposite(AlarmRule = "ALARM(a) AND NOT ALARM(maintenance)"): Promise<Cloudwatch> {
    const region = makeCloudwatch();
    for (const AlarmName of ["a", "maintenance"]) {
      await region.request("PutMetricAlarm", makeMetricAlarm({ AlarmName, TreatMissingData: "ignore" }));
    }
    await region.request("PutCompositeAlarm", { AlarmName: "rb", AlarmRule });
    await region.minutes(1);
    return region;
  }

  it("starts with its own evaluation and follows its children", async () => {
    const region = await makeComposite();
    expect(region.stateChanges().at(-1)?.detail).toMatchObject({
      alarmName: "rb",
      state: { value: "OK", reason: `${prefix}rb was created and its alarm rule evaluates to OK` },
      configuration: { alarmRule: "ALARM(a) AND NOT ALARM(maintenance)" },
    });

    await set(region, "a", "ALARM");

    const { CompositeAlarms } = await region.request("DescribeAlarms", { AlarmTypes: ["CompositeAlarm"] });
    expect(CompositeAlarms[0]).toMatchObject({
      StateValue: "ALARM",
      StateReason: `${prefix}a transitioned to ALARM at Saturday 21 November, 2026 01:01:00 UTC`,
      StateReasonData: `{"triggeringAlarms":[{"arn":"${prefix}a","state":{"value":"ALARM","timestamp":"2026-11-21T01:01:00.000+0000"}}]}`,
    });
    await set(region, "maintenance", "ALARM");
    expect(region.service.stateOf("rb")).toBe("OK");
  });

  it("keeps a state set by hand until a child changes", async () => {
    const region = await makeComposite();

    await set(region, "rb", "ALARM");
    await region.minutes(10);

    expect(region.service.stateOf("rb")).toBe("ALARM");
    await set(region, "a", "OK");
    expect(region.service.stateOf("rb")).toBe("OK");
  });

  it("is described only when asked for, and its children cannot be deleted before it", async () => {
    const region = await makeComposite();

    const usual = await region.request("DescribeAlarms");
    expect(usual.CompositeAlarms).toEqual([]);
    expect(usual.MetricAlarms.map(({ AlarmName }) => AlarmName)).toEqual(["a", "maintenance"]);
    await expect(region.request("DeleteAlarms", { AlarmNames: ["a"] })).rejects.toThrow(
      "depending on it: rb",
    );
    await region.request("DeleteAlarms", { AlarmNames: ["rb"] });
    await region.request("DeleteAlarms", { AlarmNames: ["a", "never was"] });
    expect(region.service.stateOf("a")).toBeUndefined();
  });

  it("refuses unknown children and cycles", async () => {
    const region = await makeComposite();
    const put = (AlarmName: string, AlarmRule: string) =>
      region.request("PutCompositeAlarm", { AlarmName, AlarmRule });

    await expect(put("other", "ALARM(nobody)")).rejects.toThrow("[nobody] in the alarm rule do not exist");
    await put("above", "ALARM(rb)");
    await expect(put("rb", "ALARM(above)")).rejects.toThrow("depend on themselves");
  });
});
