import * as sdk from "@aws-sdk/client-scheduler";
import type { RegionContext } from "../../region-context.ts";
import { AwsError, type Permission, ServiceModel } from "../../service-model.ts";
import { described, type Schedule } from "./schedule.ts";
import type { SchedulerOptions } from "./scheduler-options.ts";
import { Schedules } from "./schedules.ts";

/** EventBridge Scheduler in the simulated region. */
export interface Scheduler {
  readonly model: ServiceModel;
}

/** Amazon EventBridge Scheduler: groups, and schedules that invoke their targets under a role. */
export function schedulerService(context: RegionContext, options: SchedulerOptions): Scheduler {
  const schedules = new Schedules(context, options);
  const client = new sdk.SchedulerClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("scheduler", sdk, client);
  writing(model, schedules);
  reading(model, schedules);
  return { model };
}

const ECS_MEMBERS = [
  ...["TaskDefinitionArn", "TaskCount", "LaunchType", "PlatformVersion", "Group", "PropagateTags"],
  "NetworkConfiguration.awsvpcConfiguration",
];

/** What a schedule may say. `KmsKeyArn` is kept and shown; the use of the key is not modelled. */
const MEMBERS = [
  ...["Name", "GroupName", "ClientToken", "Description", "State", "KmsKeyArn", "FlexibleTimeWindow"],
  ...["ScheduleExpression", "ScheduleExpressionTimezone", "StartDate", "EndDate", "ActionAfterCompletion"],
  ...["Arn", "RoleArn", "Input", "RetryPolicy", "DeadLetterConfig"].map((member) => `Target.${member}`),
  ...ECS_MEMBERS.map((member) => `Target.EcsParameters.${member}`),
];

function writing(model: ServiceModel, schedules: Schedules): void {
  const onSchedule = (
    action: string,
    { GroupName, Name }: { GroupName?: string | undefined; Name: string | undefined },
  ) => ({
    action: `scheduler:${action}`,
    resource: schedules.scheduleArn(GroupName, Name),
  });
  model
    .on(sdk.CreateScheduleGroupCommand, {
      accepts: ["Name", "ClientToken"],
      authorize: ({ Name }) => [
        { action: "scheduler:CreateScheduleGroup", resource: schedules.groupArn(Name) },
      ],
      handle: ({ Name = "" }) => ({ ScheduleGroupArn: schedules.createGroup(Name) }),
    })
    .on(sdk.CreateScheduleCommand, {
      accepts: MEMBERS,
      authorize: (input) => [onSchedule("CreateSchedule", input), ...passRole(input)],
      handle: (input) => ({ ScheduleArn: schedules.create(input).arn }),
    })
    .on(sdk.UpdateScheduleCommand, {
      accepts: MEMBERS,
      authorize: (input) => [onSchedule("UpdateSchedule", input), ...passRole(input)],
      handle: (input) => ({ ScheduleArn: schedules.update(input).arn }),
    })
    .on(sdk.DeleteScheduleCommand, {
      accepts: ["Name", "GroupName", "ClientToken"],
      authorize: (input) => [onSchedule("DeleteSchedule", input)],
      handle: (input) => {
        schedules.delete(input);
        return {};
      },
    });
}

function reading(model: ServiceModel, schedules: Schedules): void {
  model
    .on(sdk.GetScheduleCommand, {
      accepts: ["Name", "GroupName"],
      authorize: ({ GroupName, Name }) => [
        { action: "scheduler:GetSchedule", resource: schedules.scheduleArn(GroupName, Name) },
      ],
      handle: (input) => described(schedules.get(input)),
    })
    .on(sdk.ListSchedulesCommand, {
      accepts: ["GroupName", "NamePrefix", "State", "MaxResults", "NextToken"],
      // No resource-level permissions (Service Authorization Reference).
      authorize: () => [{ action: "scheduler:ListSchedules", resource: "*" }],
      handle: ({ GroupName, NamePrefix = "", State, MaxResults = 100, NextToken }) => {
        const from = NextToken === undefined ? 0 : Number.parseInt(NextToken, 36);
        // Unverified: the words.
        if (Number.isNaN(from)) throw new AwsError("ValidationException", "Invalid NextToken.");
        const matching = schedules.all
          .filter((one) => GroupName === undefined || one.group === GroupName)
          .filter((one) => one.name.startsWith(NamePrefix))
          .filter((one) => State === undefined || one.settings.State === State);
        const to = from + MaxResults;
        const next = to < matching.length ? { NextToken: to.toString(36) } : {};
        return { Schedules: matching.slice(from, to).map(summaryOf), ...next };
      },
    });
}

/** The schedule acts with the target's role (Service Authorization Reference, CreateSchedule and UpdateSchedule). */
function passRole({ Target }: Pick<sdk.CreateScheduleInput, "Target">): Permission[] {
  const context = { "iam:PassedToService": "scheduler.amazonaws.com" };
  return [{ action: "iam:PassRole", resource: Target?.RoleArn ?? "", context }];
}

function summaryOf(schedule: Schedule): sdk.ScheduleSummary {
  const { Arn, Name, GroupName, State, CreationDate, LastModificationDate } = described(schedule);
  const Target = { Arn: schedule.settings.Target.Arn };
  return { Arn, Name, GroupName, State, CreationDate, LastModificationDate, Target };
}
