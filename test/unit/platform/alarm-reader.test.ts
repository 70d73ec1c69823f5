import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { alarmReader } from "../../../lambdas/platform/alarm-reader.ts";
import { makeCloudwatch, makeMetricAlarm, minute, start } from "../cloudwatch/make-cloudwatch.ts";
import { makeEndpoint } from "../wire/make-endpoint.ts";

const at = (minutes: number) => new Date(start + minutes * minute);

/** The reader before the region's CloudWatch, with alarms of these names. Its clock is CloudWatch's own. */
async function makeReader(...names: string[]) {
  const cloudwatch = makeCloudwatch();
  const { kernel, endpoint, settings } = makeEndpoint([cloudwatch.service.model]);
  const reader = alarmReader(new CloudWatchClient(settings));
  for (const AlarmName of names) await cloudwatch.request("PutMetricAlarm", makeMetricAlarm({ AlarmName }));
  return {
    ...cloudwatch,
    reader,
    calls: endpoint.calls,
    read: <T>(work: () => Promise<T>): Promise<T> => kernel.complete(kernel.activity("test", work)),
    set: (AlarmName: string, StateValue: string) =>
      cloudwatch.request("SetAlarmState", { AlarmName, StateValue, StateReason: "test" }),
  };
}

describe("the states of alarms", () => {
  it("are what CloudWatch says, since the last transition", async () => {
    const { reader, read, set, minutes } = await makeReader("a", "b", "c");
    await minutes(1);
    await set("a", "ALARM");
    await set("b", "OK");

    const states = await read(() => reader.statesOf(["a", "b", "missing"]));

    expect(states).toEqual([
      { name: "a", state: "ALARM", since: at(1) },
      { name: "b", state: "OK", since: at(1) },
    ]);
    expect(await read(() => reader.stateOf("a"))).toBe("ALARM");
    expect(await read(() => reader.stateOf("missing"))).toBeUndefined();
  });

  it("are not asked for when nobody is named, which would mean all of the account", async () => {
    const { reader, read, calls } = await makeReader("a");

    expect(await read(() => reader.statesOf([]))).toEqual([]);
    expect(calls).toEqual([]);
  });

  it("are read in requests of a hundred, which is as many as one may name", async () => {
    const names = Array.from({ length: 205 }, (_, index) => `alarm-${index}`);
    const { reader, read, calls } = await makeReader(...names);

    const states = await read(() => reader.statesOf(names));

    expect(states.map((state) => state.name).toSorted()).toEqual(names.toSorted());
    expect(calls.map((call) => call.operation)).toEqual([
      "DescribeAlarms",
      "DescribeAlarms",
      "DescribeAlarms",
    ]);
  });

  it("do not include composite alarms: none of Stepback's own is one, and another's proves nothing", async () => {
    const { reader, read, request } = await makeReader("a");
    await request("PutCompositeAlarm", { AlarmName: "both", AlarmRule: "ALARM(a)" });

    expect(await read(() => reader.stateOf("both"))).toBeUndefined();
  });
});

describe("whether an alarm fired in a span", () => {
  it("is told by its history, the ends included", async () => {
    const { reader, read, set, minutes } = await makeReader("a", "b");
    await set("a", "OK");
    await minutes(2);
    await set("a", "ALARM");
    await set("a", "OK");
    const fired = (name: string, from: number, to: number) =>
      read(() => reader.firedBetween(name, at(from), at(to)));

    expect(await fired("a", 0, 5)).toBe(true);
    expect(await fired("a", 2, 2)).toBe(true);
    expect(await fired("a", 3, 5)).toBe(false);
    expect(await fired("a", 0, 1)).toBe(false);
    expect(await fired("b", 0, 5)).toBe(false);
  });

  it("is found behind pages of other transitions", async () => {
    const { reader, read, set, calls } = await makeReader("a");
    await set("a", "ALARM");
    for (let index = 0; index < 120; index++) await set("a", index % 2 === 0 ? "OK" : "INSUFFICIENT_DATA");

    expect(await read(() => reader.firedBetween("a", at(0), at(5)))).toBe(true);
    expect(calls.length).toBe(2);
  });
});
