import { describe, expect, it } from "vitest";
import {
  endOf,
  isUnderstood,
  momentOf,
  quietAfter,
} from "../../../lambdas/components/ecs-service/schedules/schedule-time.ts";

const once = (local: string, zone?: string) => ({
  ScheduleExpression: `at(${local})`,
  ScheduleExpressionTimezone: zone,
});

describe("the moment of a one-time schedule", () => {
  it.each([
    ["2026-11-21T10:00:00", undefined, "2026-11-21T10:00:00.000Z"],
    ["2026-11-21T10:00:00", "UTC", "2026-11-21T10:00:00.000Z"],
    ["2026-11-21T10:00:00", "Europe/Berlin", "2026-11-21T09:00:00.000Z"],
    ["2026-07-21T10:00:00", "Europe/Berlin", "2026-07-21T08:00:00.000Z"],
    ["2026-11-21T10:00:00", "America/New_York", "2026-11-21T15:00:00.000Z"],
    ["2026-11-21T10:00:00", "Asia/Kathmandu", "2026-11-21T04:15:00.000Z"],
    ["2026-11-21T00:30:00", "Pacific/Auckland", "2026-11-20T11:30:00.000Z"],
    // The day on which Berlin's clocks go back: before, and after.
    ["2026-10-25T01:59:59", "Europe/Berlin", "2026-10-24T23:59:59.000Z"],
    ["2026-10-25T03:00:00", "Europe/Berlin", "2026-10-25T02:00:00.000Z"],
  ])("%s in %s is %s", (local, zone, expected) => {
    expect(momentOf(once(local, zone))?.toISOString()).toBe(expected);
  });

  it.each([
    ["2026-13-21T10:00:00", "UTC"],
    ["2026-11-21 10:00", "UTC"],
    ["2026-11-21T10:00:00", "Mars/Olympus"],
  ])("%s in %s is not understood", (local, zone) => {
    expect(isUnderstood(once(local, zone))).toBe(false);
  });

  it("counts, and the dates do not", () => {
    const EndDate = new Date("2026-01-01T00:00:00Z");

    expect(endOf({ ...once("2026-11-21T10:00:00"), EndDate })?.toISOString()).toBe(
      "2026-11-21T10:00:00.000Z",
    );
    expect(endOf({ ScheduleExpression: "rate(5 minutes)", EndDate })).toBe(EndDate);
    expect(endOf({ ScheduleExpression: "cron(0 3 * * ? *)" })).toBeUndefined();
  });
});

describe("what was due", () => {
  it("is over after its flexible window and a minute", () => {
    const end = new Date("2026-11-21T10:00:00Z");

    expect(quietAfter({}, end).toISOString()).toBe("2026-11-21T10:01:00.000Z");
    const FlexibleTimeWindow = { Mode: "FLEXIBLE" as const, MaximumWindowInMinutes: 15 };
    expect(quietAfter({ FlexibleTimeWindow }, end).toISOString()).toBe("2026-11-21T10:16:00.000Z");
  });
});
