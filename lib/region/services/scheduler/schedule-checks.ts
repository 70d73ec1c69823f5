import type { CreateScheduleInput } from "@aws-sdk/client-scheduler";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import { occurrencesOf, oneTimeOf } from "./occurrences.ts";
import type { ScheduleSettings } from "./schedule.ts";
import type { SchedulerOptions } from "./scheduler-options.ts";
import { checkTargetKind } from "./target-call.ts";

/** Names of schedules and groups (API reference, CreateSchedule). */
const NAME = /^[0-9a-zA-Z_.-]{1,64}$/;

/** "The StartDate you specify cannot be earlier than 5 minutes ago." */
const OLDEST_START_MS = 5 * 60_000;

export function checkName(member: "name" | "groupName", value: string | undefined): string {
  if (value !== undefined && NAME.test(value)) return value;
  throw invalid(`1 validation error detected: Value at '${member}' failed to satisfy constraint.`);
}

/** Refuses what AWS refuses of a schedule's settings, and what this region could not carry out faithfully. */
export function checkSettings(
  context: RegionContext,
  options: SchedulerOptions,
  settings: ScheduleSettings,
  { group, isUpdate }: { readonly group: string; readonly isUpdate: boolean },
): void {
  checkWindow(settings.FlexibleTimeWindow);
  const now = context.kernel.now;
  const at = oneTimeOf(settings);
  occurrencesOf(settings, now);
  if (at === undefined)
    checkDates(settings, now, isUpdate ? (options.updateTakesPastStart ?? "never") : "never");
  // Unverified: that a moment in the past is refused. Chosen because it punishes whoever repeats a schedule's settings.
  else if (at <= now) throw invalid(`Invalid Schedule Expression ${settings.ScheduleExpression}.`);
  checkTargetKind(settings.Target);
  const role = settings.Target.RoleArn ?? "";
  if (isAssumable(options, role, arnOf(context, "scheduler", `schedule-group/${group}`))) return;
  throw invalid("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.");
}

function isAssumable({ mayAssume }: SchedulerOptions, role: string, group: string): boolean {
  try {
    return mayAssume(role, group);
  } catch (error) {
    // There is no such role.
    if (error instanceof AwsError) return false;
    throw error;
  }
}

function checkWindow({
  Mode,
  MaximumWindowInMinutes: minutes,
}: NonNullable<CreateScheduleInput["FlexibleTimeWindow"]>) {
  const isFlexible = Mode === "FLEXIBLE";
  // API reference, FlexibleTimeWindow: 1 to 1440. Unverified: that OFF refuses a window; the words.
  if (isFlexible ? minutes !== undefined && minutes >= 1 && minutes <= 1_440 : minutes === undefined) return;
  throw invalid("Invalid FlexibleTimeWindow.");
}

/**
 * CreateSchedule refuses an old start in these words (getmoto/moto#8172, seen with AWS). Unverified: the same of
 * UpdateSchedule, an end that has passed, an end before the start, and their words.
 */
function checkDates(
  { StartDate, EndDate, State }: ScheduleSettings,
  now: number,
  takesPast: NonNullable<SchedulerOptions["updateTakesPastStart"]>,
): void {
  const passes = takesPast === "always" || (takesPast === "while-disabled" && State === "DISABLED");
  if (StartDate && StartDate.getTime() < now - OLDEST_START_MS && !passes) {
    throw invalid("The StartDate you specify cannot be earlier than 5 minutes ago.");
  }
  if (EndDate && EndDate.getTime() <= now) throw invalid("The EndDate you specify must be in the future.");
  if (StartDate && EndDate && StartDate >= EndDate)
    throw invalid("The StartDate must come before the EndDate.");
}

const invalid = (message: string) => new AwsError("ValidationException", message);
