import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aMonthAfter, isDue, untilWords } from "../../../../lambdas/domain/kept/due.ts";

const DAY = 86_400_000;
/** A Saturday. */
const EXPIRES = "2026-11-28";
const on = (day: number, time = "T09:00:00Z") => new Date(Date.parse(`${EXPIRES}${time}`) + day * DAY);

describe("when people are reminded", () => {
  it("is the day of the tag and every seventh day after it, and no other", () => {
    const days = Array.from({ length: 31 }, (_, index) => index - 3);

    expect(days.filter((day) => isDue(EXPIRES, on(day)))).toEqual([0, 7, 14, 21]);
  });

  it("is the same at any hour of the day, UTC", () => {
    for (const time of ["T00:00:00Z", "T12:34:56Z", "T23:59:59Z"]) {
      expect([-1, 0, 1].map((day) => isDue(EXPIRES, on(day, time)))).toEqual([false, true, false]);
    }
  });

  it("comes exactly once in any seven days after the day, whatever the day and the hour", () => {
    const moments = fc.date({
      min: new Date("2020-01-01T00:00:00Z"),
      max: new Date("2090-01-01T00:00:00Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(
        moments,
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 0, max: DAY - 1 }),
        (tag, from, hour) => {
          const expires = tag.toISOString().slice(0, 10);
          const start = Date.parse(`${expires}T00:00:00Z`) + from * DAY + hour;
          const due = Array.from({ length: 7 }, (_, day) => isDue(expires, new Date(start + day * DAY)));

          expect(due.filter(Boolean)).toHaveLength(1);
          expect(isDue(expires, new Date(Date.parse(`${expires}T00:00:00Z`) - 1 - hour))).toBe(false);
        },
      ),
    );
  });

  it.each(["", "soon", "2026-02-31", "2026-11-28T10:00:00Z", "28.11.2026", "2026-1-1"])(
    "is on Mondays when the tag says %j, so that it is told at all",
    (expires) => {
      const week = Array.from({ length: 7 }, (_, day) => on(day));

      expect(week.filter((at) => isDue(expires, at)).map((at) => at.getUTCDay())).toEqual([1]);
      expect(untilWords(expires, on(0))).toContain("is no day like 2026-11-28");
    },
  );

  it("moves when somebody writes another day", () => {
    expect(isDue(aMonthAfter(on(0)), on(0))).toBe(false);
    expect(aMonthAfter(on(0))).toBe("2026-12-28");
    expect(isDue("2026-12-28", new Date("2026-12-28T09:00:00Z"))).toBe(true);
  });
});

describe("until when", () => {
  it.each([
    [-2, "until 2026-11-28"],
    [0, "until 2026-11-28, which is today"],
    [1, "until 2026-11-28, which was yesterday"],
    [14, "until 2026-11-28, which was 14 days ago"],
  ])("is told %i days after the day as %j", (day, words) => {
    expect(untilWords(EXPIRES, on(day))).toBe(words);
  });
});
