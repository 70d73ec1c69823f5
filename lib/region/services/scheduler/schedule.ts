import type { CreateScheduleInput, GetScheduleOutput, Target } from "@aws-sdk/client-scheduler";
import type { Timer } from "../../kernel/timer-queue.ts";

/** What people set of a schedule, complete: what a request leaves out has its default. */
export interface ScheduleSettings {
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: string;
  readonly StartDate: Date | undefined;
  readonly EndDate: Date | undefined;
  readonly Description: string | undefined;
  readonly State: "ENABLED" | "DISABLED";
  readonly KmsKeyArn: string | undefined;
  readonly Target: Target;
  readonly FlexibleTimeWindow: NonNullable<CreateScheduleInput["FlexibleTimeWindow"]>;
  readonly ActionAfterCompletion: "NONE" | "DELETE";
}

/** One schedule; an update replaces its settings. */
export interface Schedule {
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly createdAt: Date;
  settings: ScheduleSettings;
  modifiedAt: Date;
  /** Of the next occurrence, and of one whose moment inside its flexible window has not come yet. */
  timers: Timer[];
}

/** API reference, RetryPolicy: the defaults are the highest values of both. */
export const DEFAULT_RETRY = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } as const;

/** "If you do not set an optional field in your request, that field will be set to its system-default value" (UpdateSchedule). */
export function settingsOf(request: CreateScheduleInput): ScheduleSettings {
  const { Target, FlexibleTimeWindow, ScheduleExpression = "" } = request;
  return {
    ScheduleExpression,
    ScheduleExpressionTimezone: request.ScheduleExpressionTimezone ?? "UTC",
    StartDate: request.StartDate,
    EndDate: request.EndDate,
    Description: request.Description,
    State: request.State ?? "ENABLED",
    KmsKeyArn: request.KmsKeyArn,
    Target: {
      Arn: Target?.Arn,
      RoleArn: Target?.RoleArn,
      ...Target,
      RetryPolicy: { ...DEFAULT_RETRY, ...Target?.RetryPolicy },
    },
    FlexibleTimeWindow: { ...FlexibleTimeWindow, Mode: FlexibleTimeWindow?.Mode ?? "OFF" },
    ActionAfterCompletion: request.ActionAfterCompletion ?? "NONE",
  };
}

export function described(schedule: Schedule): Omit<GetScheduleOutput, "$metadata"> {
  return {
    Arn: schedule.arn,
    Name: schedule.name,
    GroupName: schedule.group,
    CreationDate: schedule.createdAt,
    LastModificationDate: schedule.modifiedAt,
    ...schedule.settings,
  };
}
