import { AwsError } from "./service-model.ts";

const MINUTE_MS = 60_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: 1_440 * MINUTE_MS,
};

/**
 * When a scheduled rule fires next, strictly after `after`; `since` is when the rule was made. Epoch
 * milliseconds.
 */
export type Schedule = (after: number, since: number) => number;

/**
 * Compiles `rate(…)` and the `cron(…)` forms that name minutes and hours of every day; other cron forms are
 * refused.
 *
 * Source: EventBridge user guide, "Setting a schedule pattern": a rate starts counting when the rule is made,
 * its unit is singular for the value 1; cron has six fields in UTC and one of day-of-month and day-of-week
 * must be `?`.
 */
export function compileSchedule(expression: string): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression);
  if (rate) return rateSchedule(Number(rate[1]), rate[2] ?? "", rate[3] === "s");
  const cron = /^cron\((.+)\)$/.exec(expression);
  if (cron?.[1] !== undefined) return cronSchedule(cron[1]);
  throw notValid();
}

function rateSchedule(value: number, unit: string, plural: boolean): Schedule {
  const period = value * (UNIT_MS[unit] ?? 0);
  if (period === 0 || plural === (value === 1)) throw notValid();
  return (after, since) => since + (Math.floor(Math.max(0, after - since) / period) + 1) * period;
}

function cronSchedule(fields: string): Schedule {
  const parts = fields.trim().split(/\s+/);
  const [minuteField, hourField, dayOfMonth, month, dayOfWeek, year] = parts;
  if (parts.length !== 6 || minuteField === undefined || hourField === undefined) throw notValid();
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) throw notValid();
  if (![dayOfMonth, month, dayOfWeek, year].every((field) => field === "*" || field === "?")) {
    throw new AwsError(
      "NotImplemented",
      `The simulated region models cron schedules of minutes and hours only, not cron(${fields})`,
      501,
    );
  }
  const [minutes, hours] = [allowedValues(minuteField, 59), allowedValues(hourField, 23)];
  return (after) => {
    for (let at = (Math.floor(after / MINUTE_MS) + 1) * MINUTE_MS; ; at += MINUTE_MS) {
      const moment = new Date(at);
      if (minutes.has(moment.getUTCMinutes()) && hours.has(moment.getUTCHours())) return at;
    }
  };
}

/** `*`, `5`, `1-5`, `0/15`, `1-30/5` and comma-separated lists of them; never empty. */
function allowedValues(field: string, highest: number): Set<number> {
  const allowed = new Set<number>();
  for (const part of field.split(",")) {
    const match = /^(?:(\*)|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) throw notValid();
    const [, star, first, last, step] = match;
    const from = star ? 0 : Number(first);
    const to = star || (step !== undefined && last === undefined) ? highest : Number(last ?? first);
    const stride = Number(step ?? 1);
    if (from > to || to > highest || stride === 0) throw notValid();
    for (let value = from; value <= to; value += stride) allowed.add(value);
  }
  return allowed;
}

function notValid(): AwsError {
  return new AwsError("ValidationException", "Parameter ScheduleExpression is not valid.");
}
