import { compileSchedule } from "../../schedule-expression.ts";
import { AwsError } from "../../service-model.ts";
import type { ScheduleSettings } from "./schedule.ts";

/** The first moment at or after `from` at which the schedule is due; undefined when it is over. Epoch milliseconds. */
export type Occurrences = (from: number) => number | undefined;

const AT = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/;

/**
 * `at(…)`, `rate(…)` and the `cron(…)` forms that scheduled rules know.
 *
 * Sources: Scheduler user guide, "Schedule types": a rate counts from its StartDate, and without one begins at once;
 * SDK, CreateScheduleInput: StartDate and EndDate are ignored by one-time schedules.
 *
 * @param since when the settings were written: unverified, chosen so that a rate without a start begins anew with every update
 */
export function occurrencesOf(settings: ScheduleSettings, since: number): Occurrences {
  const at = oneTimeOf(settings);
  if (at !== undefined) return (from) => (at >= from ? at : undefined);
  const { StartDate, EndDate } = settings;
  const start = StartDate?.getTime();
  const recurring = recurringOf(settings, start ?? since);
  return (from) => {
    const next = recurring(Math.max(from, start ?? from));
    return EndDate === undefined || next < EndDate.getTime() ? next : undefined;
  };
}

/** When a one-time schedule is due; undefined for a recurring one. */
export function oneTimeOf(settings: ScheduleSettings): number | undefined {
  const { ScheduleExpression: expression } = settings;
  if (!expression.startsWith("at(")) return undefined;
  const local = AT.exec(expression)?.[1];
  const at = Date.parse(`${local}Z`);
  if (Number.isNaN(at)) throw notValid(expression);
  checkZone(settings);
  return at;
}

function recurringOf(settings: ScheduleSettings, since: number): (from: number) => number {
  const { ScheduleExpression: expression } = settings;
  const isRate = expression.startsWith("rate(");
  if (!isRate) checkZone(settings);
  const schedule = compiled(expression);
  return (from) => (isRate && from <= since ? since : schedule(from - 1, since));
}

function compiled(expression: string) {
  try {
    return compileSchedule(expression);
  } catch (error) {
    throw error instanceof AwsError && error.code === "ValidationException" ? notValid(expression) : error;
  }
}

function checkZone({ ScheduleExpressionTimezone: zone }: ScheduleSettings): void {
  if (zone === "UTC") return;
  throw new AwsError("NotImplemented", `The simulated region models schedules in UTC, not in ${zone}`, 501);
}

/** The words of the refusal: localstack/localstack#12191, compared with AWS there. */
function notValid(expression: string): AwsError {
  return new AwsError("ValidationException", `Invalid Schedule Expression ${expression}.`);
}
