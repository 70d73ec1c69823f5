import type { CreateScheduleInput } from "@aws-sdk/client-scheduler";
import { arnOf } from "../../region-context.ts";
import { BOARDROOM } from "../boardroom-names.ts";
import { COMPLETE } from "../complete-names.ts";
import type { Installation } from "../install-boardroom.ts";
import { roleOfStarter, TASK_NETWORK } from "./connected-tasks.ts";
import { apiContainer, registerFamily } from "./task-families.ts";

/** Registers the family, and the schedule that starts a digest every five minutes. */
export async function installConnectedSchedules(
  installation: Installation,
  passwordSecretArn: string,
): Promise<void> {
  const { context, call } = installation;
  const { digest: Name, group: GroupName } = COMPLETE.scheduled;
  const container = { ...apiContainer(passwordSecretArn), command: ["digest"] };
  await registerFamily(installation, Name, { release: BOARDROOM.goodRelease, container });
  await call("scheduler", "CreateScheduleGroup", { Name: GroupName });
  const schedule: CreateScheduleInput = {
    ...{ Name, GroupName },
    Description: "What was written, by mail to the board",
    ScheduleExpression: "cron(0/5 * * * ? *)",
    ScheduleExpressionTimezone: "UTC",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: {
      Arn: arnOf(context, "ecs", `cluster/${BOARDROOM.cluster}`),
      RoleArn: roleOfStarter(installation, "boardroom-digest-schedule", "scheduler.amazonaws.com"),
      RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 240 },
      EcsParameters: {
        TaskDefinitionArn: arnOf(context, "ecs", `task-definition/${Name}`),
        LaunchType: "FARGATE",
        NetworkConfiguration: TASK_NETWORK,
      },
    },
  };
  await call("scheduler", "CreateSchedule", schedule);
}
