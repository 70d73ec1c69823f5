import { describe, expect, it } from "vitest";
import { AwsError } from "../../../lib/region/service-model.ts";
import type { SchedulerOptions } from "../../../lib/region/services/scheduler/scheduler-options.ts";
import { schedulerService } from "../../../lib/region/services/scheduler/scheduler-service.ts";
import { invoke, makeRegion, permissionsOf, START } from "./make-region.ts";

const ACCOUNT = "eu-central-1:111122223333";
const RoleArn = "arn:aws:iam::111122223333:role/r";
const CLUSTER = `arn:aws:ecs:${ACCOUNT}:cluster/c`;
const network = { awsvpcConfiguration: { Subnets: ["subnet-1"], SecurityGroups: ["sg-1"] } };
const EcsParameters = {
  TaskDefinitionArn: "td",
  LaunchType: "FARGATE",
  NetworkConfiguration: network,
};
const SCHEDULE = {
  Name: "s",
  ScheduleExpression: "cron(0/5 * * * ? *)",
  FlexibleTimeWindow: { Mode: "OFF" },
  Target: { Arn: CLUSTER, RoleArn, EcsParameters },
};
const minutes = (count: number) => START + count * 60_000;
const at = (count: number) => `at(${new Date(minutes(count)).toISOString().slice(0, 19)})`;

async function makeSchedule(settings: object = {}, options: Partial<SchedulerOptions> = {}) {
  const region = makeRegion();
  const { model } = schedulerService(region.context, { mayAssume: () => true, ...options });
  await invoke(model, "CreateSchedule", { ...SCHEDULE, ...settings });
  const get = () => invoke(model, "GetSchedule", { Name: "s" });
  const update = (changes: object) => invoke(model, "UpdateSchedule", { ...SCHEDULE, ...changes });
  const runs = () => region.callsTo("ecs:RunTask").map((call) => Math.floor((call.at - START) / 60_000));
  return { region, model, get, update, runs };
}

describe("a schedule", () => {
  it("runs its task within the minute, with the role of its target", async () => {
    const { region, runs } = await makeSchedule();

    await region.kernel.runUntil(minutes(16));

    expect(runs()).toEqual([0, 5, 10, 15]);
    expect(region.callsTo("ecs:RunTask")[0]).toMatchObject({
      principal: { type: "role", arn: RoleArn },
      input: {
        cluster: CLUSTER,
        taskDefinition: "td",
        count: 1,
        startedBy: "chronos-schedule/s",
        networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"] } },
      },
    });
  });

  it.each([
    ["a rate begins at once", { ScheduleExpression: "rate(5 minutes)" }, [0, 5, 10, 15]],
    [
      "a rate counts from its start",
      { ScheduleExpression: "rate(5 minutes)", StartDate: new Date(minutes(3)) },
      [3, 8, 13, 18],
    ],
    ["nothing comes at or after the end", { EndDate: new Date(minutes(10)) }, [0, 5]],
    ["a moment comes once", { ScheduleExpression: at(7) }, [7]],
    ["one that is disabled never", { State: "DISABLED" }, []],
  ])("keeps its times: %s", async (_why, settings, expected) => {
    const { region, runs } = await makeSchedule(settings);

    await region.kernel.runUntil(minutes(19));

    expect(runs()).toEqual(expected);
  });

  it("invokes its target somewhere inside its flexible window", async () => {
    const window = { Mode: "FLEXIBLE", MaximumWindowInMinutes: 4 };
    const { region, runs } = await makeSchedule({ ScheduleExpression: at(2), FlexibleTimeWindow: window });

    await region.kernel.runUntil(minutes(10));

    expect(runs()).toHaveLength(1);
    expect(runs()[0]).toBeGreaterThanOrEqual(2);
    expect(runs()[0]).toBeLessThanOrEqual(6);
  });

  it("that is disabled may still start what was due in that minute, and nothing later", async () => {
    const { region, update, runs } = await makeSchedule();
    await region.kernel.runUntil(minutes(5));

    await update({ State: "DISABLED" });
    await region.kernel.runUntil(minutes(30));

    expect(runs()).toEqual([0, 5]);
  });

  it("goes when it is over, if it says so", async () => {
    const { region, get } = await makeSchedule({
      ScheduleExpression: at(7),
      ActionAfterCompletion: "DELETE",
    });

    await region.kernel.runUntil(minutes(9));

    await expect(get()).rejects.toMatchObject({ code: "ResourceNotFoundException" });
  });

  it("tries again what passes, and then sends it to its dead-letter queue", async () => {
    const DeadLetterConfig = { Arn: `arn:aws:sqs:${ACCOUNT}:letters` };
    const RetryPolicy = { MaximumRetryAttempts: 2 };
    const Target = { ...SCHEDULE.Target, DeadLetterConfig, RetryPolicy };
    const { region, runs } = await makeSchedule({ ScheduleExpression: at(1), Target });
    region.refuse("ecs:RunTask", () => new AwsError("ThrottlingException", "slower", 429));

    await region.kernel.runUntil(minutes(20));

    expect(runs()).toHaveLength(3);
    expect(region.callsTo("sqs:SendMessage")).toHaveLength(1);
  });
});

describe("UpdateSchedule", () => {
  it("resets what it is not told", async () => {
    const { get, update } = await makeSchedule({
      ...{ State: "DISABLED", Description: "d", EndDate: new Date(minutes(60)) },
      ...{ ActionAfterCompletion: "DELETE", KmsKeyArn: `arn:aws:kms:${ACCOUNT}:key/k` },
      Target: { ...SCHEDULE.Target, Input: "{}", RetryPolicy: { MaximumRetryAttempts: 3 } },
    });

    await update({});

    expect(await get()).toMatchObject({ State: "ENABLED", ActionAfterCompletion: "NONE" });
    const { Description, EndDate, KmsKeyArn, Target } = await get();
    expect([Description, EndDate, KmsKeyArn]).toEqual([undefined, undefined, undefined]);
    expect(Target).toEqual({
      ...SCHEDULE.Target,
      RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
    });
  });

  it("needs the schedule, in its group", async () => {
    const { model, update } = await makeSchedule();
    await invoke(model, "CreateScheduleGroup", { Name: "g" });

    await expect(update({ GroupName: "g" })).rejects.toThrow("Schedule s does not exist.");
    await expect(update({ GroupName: "h" })).rejects.toThrow("Schedule group h does not exist.");
  });

  it.each([
    ["never", "ENABLED", /5 minutes ago/],
    ["never", "DISABLED", /5 minutes ago/],
    ["while-disabled", "ENABLED", /5 minutes ago/],
    ["while-disabled", "DISABLED", undefined],
    ["always", "ENABLED", undefined],
  ] as const)("takes an old start %s: %s", async (updateTakesPastStart, State, refusal) => {
    const StartDate = new Date(START);
    const { region, update } = await makeSchedule({ StartDate }, { updateTakesPastStart });
    await region.kernel.runUntil(minutes(6));

    const updated = update({ StartDate, State });

    await (refusal ? expect(updated).rejects.toThrow(refusal) : updated);
  });

  it("is carried out once for a token", async () => {
    const { update, get } = await makeSchedule();
    await update({ ClientToken: "t", Description: "first" });
    await update({ Description: "second" });

    await update({ ClientToken: "t", Description: "first" });

    expect(await get()).toMatchObject({ Description: "second" });
    const other = update({ ClientToken: "t", Description: "other" });
    await expect(other).rejects.toMatchObject({ code: "ConflictException" });
  });

  it("asks for the right to pass the target's role to the scheduler", async () => {
    const { model } = await makeSchedule();

    for (const operation of ["CreateSchedule", "UpdateSchedule"]) {
      expect(permissionsOf(model, operation, { ...SCHEDULE, GroupName: "g" })).toEqual([
        { action: `scheduler:${operation}`, resource: `arn:aws:scheduler:${ACCOUNT}:schedule/g/s` },
        {
          action: "iam:PassRole",
          resource: RoleArn,
          context: { "iam:PassedToService": "scheduler.amazonaws.com" },
        },
      ]);
    }
  });
});

describe("CreateSchedule refuses", () => {
  it.each([
    ["a name with a slash", { Name: "g/s" }, "ValidationException"],
    ["a name that is taken", { Name: "s" }, "ConflictException"],
    ["a group that is not there", { GroupName: "g" }, "ResourceNotFoundException"],
    ["an unknown expression", { ScheduleExpression: "every(5 minutes)" }, "ValidationException"],
    ["a moment that is no moment", { ScheduleExpression: "at(2026-13-01T00:00:00)" }, "ValidationException"],
    ["a moment that has passed", { ScheduleExpression: at(-1) }, "ValidationException"],
    ["cron in another time zone", { ScheduleExpressionTimezone: "Europe/Berlin" }, "NotImplemented"],
    ["a start of before", { StartDate: new Date(minutes(-6)) }, "ValidationException"],
    ["an end of before", { EndDate: new Date(minutes(-1)) }, "ValidationException"],
    [
      "an end before the start",
      { StartDate: new Date(minutes(9)), EndDate: new Date(minutes(8)) },
      "ValidationException",
    ],
    [
      "a flexible window without a length",
      { FlexibleTimeWindow: { Mode: "FLEXIBLE" } },
      "ValidationException",
    ],
    ["a task without a definition", { Target: { Arn: CLUSTER, RoleArn } }, "ValidationException"],
    [
      "a target of another kind",
      { Target: { Arn: "arn:aws:scheduler:::aws-sdk:rds:startDBInstance", RoleArn } },
      "NotImplemented",
    ],
  ])("%s", async (_what, settings, code) => {
    const { model } = await makeSchedule();

    const created = invoke(model, "CreateSchedule", { ...SCHEDULE, Name: "t", ...settings });

    await expect(created).rejects.toMatchObject({ code });
  });

  it("a role that the scheduler may not assume, or that is not there", async () => {
    const unknown = () => {
      throw new AwsError("NoSuchEntity", "no such role");
    };
    for (const mayAssume of [() => false, unknown]) {
      await expect(makeSchedule({}, { mayAssume })).rejects.toThrow(/must allow AWS EventBridge Scheduler/);
    }
  });
});

describe("ListSchedules", () => {
  it("finds by group, prefix and state, page by page", async () => {
    const { model } = await makeSchedule();
    await invoke(model, "CreateScheduleGroup", { Name: "g" });
    await invoke(model, "CreateSchedule", { ...SCHEDULE, Name: "sa", GroupName: "g", State: "DISABLED" });
    await invoke(model, "CreateSchedule", { ...SCHEDULE, Name: "x" });
    const names = async (input: object) => {
      const { Schedules } = await invoke(model, "ListSchedules", input);
      return (Schedules as { Name: string }[]).map(({ Name }) => Name);
    };

    expect(await names({ GroupName: "g" })).toEqual(["sa"]);
    expect(await names({ NamePrefix: "s" })).toEqual(["s", "sa"]);
    expect(await names({ State: "DISABLED" })).toEqual(["sa"]);
    const { NextToken } = await invoke(model, "ListSchedules", { MaxResults: 2 });
    expect(await names({ MaxResults: 2, NextToken })).toHaveLength(1);
    await invoke(model, "DeleteSchedule", { Name: "x" });
    expect(await names({})).toEqual(["s", "sa"]);
  });
});
