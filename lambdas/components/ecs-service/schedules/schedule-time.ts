import type { GetScheduleOutput } from "@aws-sdk/client-scheduler";

/** What the times of a schedule depend on. */
export type Timed = Pick<
  GetScheduleOutput,
  "ScheduleExpression" | "ScheduleExpressionTimezone" | "StartDate" | "EndDate" | "FlexibleTimeWindow"
>;

/** "All schedule types invoke their targets with 60 second precision" (Scheduler user guide, "Schedule types"). */
export const PRECISION_SECONDS = 60;

const ONCE = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/;
const RECURRING = /^(rate|cron)\(.+\)$/;

/** When a one-time schedule is due; undefined for a recurring one, and for what is neither. */
export function momentOf({ ScheduleExpression, ScheduleExpressionTimezone }: Timed): Date | undefined {
  const local = ONCE.exec(ScheduleExpression ?? "")?.[1];
  return local === undefined ? undefined : instantOf(local, ScheduleExpressionTimezone ?? "UTC");
}

/** Whether its expression is one that AWS documents and that can be placed in time. */
export function isUnderstood(schedule: Timed): boolean {
  return RECURRING.test(schedule.ScheduleExpression ?? "") || momentOf(schedule) !== undefined;
}

/** After which moment a schedule is due no more; undefined for one that goes on. A one-time schedule ignores its dates (SDK). */
export function endOf(schedule: Timed): Date | undefined {
  return momentOf(schedule) ?? schedule.EndDate;
}

/** Whether it is due no more. */
export function isOver(schedule: Timed, now: Date): boolean {
  const end = endOf(schedule);
  return end !== undefined && end <= now;
}

/** Until when what was due at `end` may still be invoked: inside its flexible window, and within the minute. */
export function quietAfter({ FlexibleTimeWindow }: Timed, end: Date): Date {
  const minutes = FlexibleTimeWindow?.MaximumWindowInMinutes ?? 0;
  return new Date(end.getTime() + minutes * 60_000 + PRECISION_SECONDS * 1_000);
}

/** A local time of a zone as an instant; in the hour that a zone skips, one of its edges. Undefined for unknown zones. */
function instantOf(local: string, timeZone: string): Date | undefined {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  try {
    const guess = asUtc - offsetAt(asUtc, timeZone);
    return new Date(asUtc - offsetAt(guess, timeZone));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** How far a zone is ahead of UTC at an instant, in milliseconds. */
function offsetAt(instant: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
    ...{ hour: "numeric", minute: "numeric", second: "numeric" },
  });
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const [year, month, day] = [part("year"), part("month") - 1, part("day")];
  return Date.UTC(year, month, day, part("hour"), part("minute"), part("second")) - instant;
}
