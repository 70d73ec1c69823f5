import type { Tick } from "../../../lambdas/contracts/tick.ts";
import { configuration, makeStage, type Stage, type StageOptions } from "./make-stage.ts";

export const ROLE = "arn:aws:iam::123456789012:role/jobs";

/** The settings of a schedule that runs a task of the family `worker` every minute. */
export const SCHEDULE = {
  ScheduleExpression: "cron(* * * * ? *)",
  FlexibleTimeWindow: { Mode: "OFF" },
  Description: "counts documents",
  Target: {
    Arn: "arn:aws:ecs:eu-west-1:123456789012:cluster/shop",
    RoleArn: ROLE,
    EcsParameters: { TaskDefinitionArn: "worker", LaunchType: "EC2" },
    RetryPolicy: { MaximumRetryAttempts: 0 },
  },
};

/** A service whose environment names schedules; each is made as `settings` say, in its group. */
export async function makeScheduledStage(
  settings: Readonly<Record<string, object>>,
  options: StageOptions = {},
): Promise<Stage> {
  const run = () => ({ seconds: 600, exitCode: 0, logLines: [] });
  const stage = await makeStage({ tasks: { run }, ...options });
  const image = `${stage.region.ecr.images.registry}/shop:v1`;
  const worker = { family: "worker", containerDefinitions: [{ name: "app", image }] };
  await stage.region.ecsCall("RegisterTaskDefinition", worker);
  await stage.operate("scheduler", "CreateScheduleGroup", { Name: "jobs" });
  for (const [name, changes] of Object.entries(settings)) {
    await stage.operate("scheduler", "CreateSchedule", { ...SCHEDULE, ...addressOf(name), ...changes });
  }
  const schedules = Object.keys(settings);
  const connectedTasks = { families: ["worker"], rules: [], schedules, scheduleRoles: [ROLE] };
  stage.configuration = { ...configuration, connectedTasks };
  return stage;
}

export function addressOf(schedule: string): { GroupName: string; Name: string } {
  const [first = "", second] = schedule.split("/");
  return second === undefined ? { GroupName: "default", Name: first } : { GroupName: first, Name: second };
}

/** What people can set of a schedule, and its state. */
export async function settingsOf(stage: Stage, schedule: string): Promise<Record<string, unknown>> {
  const found = await stage.operate("scheduler", "GetSchedule", addressOf(schedule));
  const { Arn, CreationDate, LastModificationDate, ...settings } = found;
  return settings;
}

/** Somebody changes a schedule, as the console does: with everything that it shows. */
export async function edit(stage: Stage, schedule: string, changes: object): Promise<void> {
  await stage.operate("scheduler", "UpdateSchedule", { ...(await settingsOf(stage, schedule)), ...changes });
}

/** Pauses, and resumes `seconds` later. */
export async function pauseFor(
  stage: Stage,
  seconds: number,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<Tick> {
  const move = await stage.plan(undefined, "hold");
  const pause = await stage.run(move, ["pause"]);
  if (pause.status !== "done") return pause;
  await meanwhile();
  await stage.region.forSeconds(seconds);
  return stage.run(move, ["resume", "confirm"]);
}

/** The states that Stepback has written, in order. */
export const updates = (stage: Stage): unknown[] =>
  stage.mutations("UpdateSchedule").map(({ State }) => State);
