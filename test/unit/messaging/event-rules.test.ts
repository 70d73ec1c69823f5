import { describe, expect, it } from "vitest";
import { compileSchedule } from "../../../lib/region/schedule-expression.ts";
import { eventBridgeService } from "../../../lib/region/services/eventbridge/eventbridge-service.ts";
import { invoke, makeRegion, permissionsOf, START } from "./make-region.ts";

const QUEUE = "arn:aws:sqs:eu-central-1:111122223333:q";
const MACHINE = "arn:aws:states:eu-central-1:111122223333:stateMachine:m";

describe("PutEvents", () => {
  it("judges every entry by itself", async () => {
    const { region, model } = await makeRule({ EventPattern: '{"source":["shop"]}' });
    const entry = { Source: "shop", DetailType: "t", Detail: "{}" };

    const output = await invoke(model, "PutEvents", {
      Entries: [
        entry,
        { ...entry, Source: "aws.ecs" },
        { ...entry, Detail: "[]" },
        { ...entry, DetailType: undefined },
      ],
    });
    await region.kernel.runUntil(START + 1_000);

    expect(output).toMatchObject({
      FailedEntryCount: 3,
      Entries: [
        { EventId: expect.any(String) },
        { ErrorCode: "NotAuthorizedForSourceException" },
        { ErrorCode: "MalformedDetail" },
        { ErrorCode: "InvalidArgument" },
      ],
    });
    expect(region.callsTo("sqs:SendMessage")).toHaveLength(1);
  });

  it("refuses a request without one complete entry whole", async () => {
    const { model } = await makeRule();

    await expect(invoke(model, "PutEvents", { Entries: [{ Source: "shop" }] })).rejects.toMatchObject({
      code: "ValidationException",
    });
  });

  it("refuses a request over the size limit whole", async () => {
    const { model } = await makeRule();
    const Detail = JSON.stringify({ text: "x".repeat(1_048_576) });

    await expect(
      invoke(model, "PutEvents", { Entries: [{ Source: "shop", DetailType: "t", Detail }] }),
    ).rejects.toMatchObject({
      code: "ValidationException",
      message: expect.stringContaining("over the limit"),
    });
  });
});

describe("a rule", () => {
  it("matches nothing while it is disabled", async () => {
    const { region, model, bridge } = await makeRule({ EventPattern: '{"source":["aws.ecs"]}' });
    const event = { source: "aws.ecs", detailType: "t", resources: [], detail: {} };

    await invoke(model, "DisableRule", { Name: "r" });
    bridge.emit(event);
    await invoke(model, "EnableRule", { Name: "r" });
    bridge.emit(event);
    await region.kernel.runUntil(START + 1_000);

    expect(region.callsTo("sqs:SendMessage")).toHaveLength(1);
  });

  it("fires on its schedule, in virtual time, with a scheduled event", async () => {
    const { region } = await makeRule({ ScheduleExpression: "rate(5 minutes)" });

    await region.kernel.runUntil(START + 16 * 60_000);

    const bodies = region
      .callsTo("sqs:SendMessage")
      .map(({ input }) => JSON.parse(String(input["MessageBody"])));
    expect(bodies.map(({ time }) => time)).toEqual([
      "2026-11-21T10:05:00Z",
      "2026-11-21T10:10:00Z",
      "2026-11-21T10:15:00Z",
    ]);
    expect(bodies[0]).toMatchObject({ source: "aws.events", "detail-type": "Scheduled Event" });
  });

  it("runs a task of the cluster that is its target, with its role", async () => {
    const { region, model } = await makeRule({ ScheduleExpression: "rate(5 minutes)" });
    const [Arn, RoleArn] = [
      "arn:aws:ecs:eu-central-1:111122223333:cluster/c",
      "arn:aws:iam::111122223333:role/r",
    ];
    const network = { awsvpcConfiguration: { Subnets: ["subnet-1"], SecurityGroups: ["sg-1"] } };
    const EcsParameters = { TaskDefinitionArn: "td", LaunchType: "FARGATE", NetworkConfiguration: network };
    const target = { Id: "t", Arn, EcsParameters };
    for (const lacking of [target, { Id: "t", Arn, RoleArn }]) {
      const put = invoke(model, "PutTargets", { Rule: "r", Targets: [lacking] });
      await expect(put).rejects.toMatchObject({ code: "ValidationException" });
    }

    await invoke(model, "PutTargets", { Rule: "r", Targets: [{ ...target, RoleArn }] });
    await region.kernel.runUntil(START + 6 * 60_000);

    const awsvpcConfiguration = { subnets: ["subnet-1"], securityGroups: ["sg-1"] };
    expect(region.callsTo("ecs:RunTask")).toMatchObject([
      {
        principal: { type: "role", arn: RoleArn },
        input: {
          cluster: Arn,
          taskDefinition: "td",
          count: 1,
          networkConfiguration: { awsvpcConfiguration },
        },
      },
    ]);
  });

  it("fires at its hour day after day, and each event says which day it is for", async () => {
    const { region } = await makeRule({ ScheduleExpression: "cron(0 9 * * ? *)" });

    await region.kernel.runUntil(START + 3 * 86_400_000);

    const bodies = region
      .callsTo("sqs:SendMessage")
      .map(({ input }) => JSON.parse(String(input["MessageBody"])));
    expect(bodies.map(({ time }) => time)).toEqual([
      "2026-11-22T09:00:00Z",
      "2026-11-23T09:00:00Z",
      "2026-11-24T09:00:00Z",
    ]);
  });

  it("is not deleted while it has targets", async () => {
    const { model } = await makeRule();

    await expect(invoke(model, "DeleteRule", { Name: "r" })).rejects.toThrow(/has targets/);
    await invoke(model, "RemoveTargets", { Rule: "r", Ids: ["q"] });
    await invoke(model, "DeleteRule", { Name: "r" });

    await expect(invoke(model, "DescribeRule", { Name: "r" })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
  });

  it("with an invalid pattern is refused with AWS's error", async () => {
    const { model } = await makeRule();

    await expect(invoke(model, "PutRule", { Name: "x", EventPattern: '{"a":"b"}' })).rejects.toMatchObject({
      code: "InvalidEventPatternException",
    });
  });
});

describe("PutTargets", () => {
  it.each<[why: string, target: object, code: string]>([
    ["a machine has no role", { Arn: MACHINE }, "ValidationException"],
    [
      "the kind is not modelled",
      { Arn: "arn:aws:kinesis:eu-central-1:111122223333:stream/s" },
      "NotImplemented",
    ],
    [
      "the maximum age is under a minute",
      { RetryPolicy: { MaximumEventAgeInSeconds: 59 } },
      "ValidationException",
    ],
    ["there are too many attempts", { RetryPolicy: { MaximumRetryAttempts: 186 } }, "ValidationException"],
    ["the dead-letter queue is FIFO", { DeadLetterConfig: { Arn: `${QUEUE}.fifo` } }, "ValidationException"],
    ["two inputs are given", { Input: "{}", InputPath: "$.detail" }, "ValidationException"],
    [
      "the template is not JSON",
      { InputTransformer: { InputTemplate: "plain text" } },
      "ValidationException",
    ],
    [
      "the template names a stranger",
      { InputTransformer: { InputTemplate: "<who>" } },
      "ValidationException",
    ],
    ["the path has a wildcard", { InputPath: "$.detail.*" }, "NotImplemented"],
    ["the input is too long", { Input: JSON.stringify("x".repeat(8_191)) }, "ValidationException"],
    [
      "the template is too long",
      { InputTransformer: { InputTemplate: JSON.stringify("x".repeat(8_191)) } },
      "ValidationException",
    ],
  ])("refuses when %s", async (_why, target, code) => {
    const { model } = await makeRule();

    await expect(
      invoke(model, "PutTargets", { Rule: "r", Targets: [{ Id: "t", Arn: QUEUE, ...target }] }),
    ).rejects.toMatchObject({ code });
  });

  it("refuses the sixth target of a rule", async () => {
    const { model } = await makeRule();
    const Targets = [1, 2, 3, 4, 5].map((number) => ({ Id: `t${number}`, Arn: QUEUE }));

    await expect(invoke(model, "PutTargets", { Rule: "r", Targets })).rejects.toMatchObject({
      code: "LimitExceededException",
    });
    await invoke(model, "PutTargets", { Rule: "r", Targets: Targets.slice(1) });
  });

  it("asks for the right to pass the target's role to EventBridge", async () => {
    const { model } = await makeRule();
    const RoleArn = "arn:aws:iam::111122223333:role/start";

    expect(permissionsOf(model, "PutTargets", { Rule: "r", Targets: [{ Arn: MACHINE, RoleArn }] })).toEqual([
      { action: "events:PutTargets", resource: "arn:aws:events:eu-central-1:111122223333:rule/r" },
      {
        action: "iam:PassRole",
        resource: RoleArn,
        context: { "iam:PassedToService": "events.amazonaws.com" },
      },
    ]);
  });
});

describe("a schedule expression", () => {
  it.each([
    ["rate(1 minute)", "2026-11-21T10:01:00.000Z"],
    ["rate(2 hours)", "2026-11-21T12:00:00.000Z"],
    ["cron(30 6 * * ? *)", "2026-11-22T06:30:00.000Z"],
    ["cron(0/15 * * * ? *)", "2026-11-21T10:15:00.000Z"],
    ["cron(5,10 10-11 * * ? *)", "2026-11-21T10:05:00.000Z"],
  ])("%s fires next at %s", (expression, expected) => {
    expect(new Date(compileSchedule(expression)(START, START)).toISOString()).toBe(expected);
  });

  it.each([
    ["rate(1 minutes)", /not valid/],
    ["rate(0 minutes)", /not valid/],
    ["cron(0 10 * * * *)", /not valid/],
    ["cron(60 10 * * ? *)", /not valid/],
    ["cron(0 10 ? * MON *)", /models cron schedules of minutes and hours only/],
  ])("%s is refused", (expression, reason) => {
    expect(() => compileSchedule(expression)).toThrow(reason);
  });
});

/** A bus with a rule named `r` whose target is a queue. */
async function makeRule(rule: object = { EventPattern: '{"source":["shop"]}' }) {
  const region = makeRegion();
  const bridge = eventBridgeService(region.context);
  await invoke(bridge.model, "PutRule", { Name: "r", ...rule });
  await invoke(bridge.model, "PutTargets", { Rule: "r", Targets: [{ Id: "q", Arn: QUEUE }] });
  return { region, bridge, model: bridge.model };
}
