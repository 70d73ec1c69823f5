import type { CreateScheduleInput, Target } from "@aws-sdk/client-scheduler";
import fc from "fast-check";
import { START } from "../ecs/make-region.ts";
import { ROLE } from "./scheduled-stage.ts";

const ACCOUNT = "eu-west-1:123456789012";
const hours = (count: number) => new Date(START + count * 3_600_000);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const text = fc.string({ minLength: 1, maxLength: 20 });

/** Every kind of target that the region knows, with everything that such a target may have. */
const target: fc.Arbitrary<Target> = fc
  .record({
    kind: fc.constantFrom("ecs", "lambda", "sqs", "states"),
    Input: maybe(fc.dictionary(text, text).map((input) => JSON.stringify(input))),
    DeadLetterConfig: maybe(fc.constant({ Arn: `arn:aws:sqs:${ACCOUNT}:letters` })),
    RetryPolicy: maybe(
      fc.record({
        MaximumEventAgeInSeconds: fc.integer({ min: 60, max: 86_400 }),
        MaximumRetryAttempts: fc.integer({ min: 0, max: 185 }),
      }),
    ),
    EcsParameters: fc.record({
      TaskDefinitionArn: fc.constant("worker"),
      TaskCount: maybe(fc.integer({ min: 1, max: 10 })),
      LaunchType: maybe(fc.constantFrom("EC2", "FARGATE")),
      PlatformVersion: maybe(fc.constant("1.4.0")),
      Group: maybe(text),
      PropagateTags: maybe(fc.constant("TASK_DEFINITION" as const)),
      NetworkConfiguration: maybe(
        fc.record({
          awsvpcConfiguration: fc.record({
            Subnets: fc.array(text, { minLength: 1, maxLength: 3 }),
            SecurityGroups: maybe(fc.array(text, { minLength: 1, maxLength: 3 })),
            AssignPublicIp: maybe(fc.constantFrom("ENABLED", "DISABLED")),
          }),
        }),
      ),
    }),
  })
  .map(({ kind, EcsParameters, ...rest }) => ({
    ...rest,
    Arn: ARNS[kind],
    RoleArn: ROLE,
    ...(kind === "ecs" ? { EcsParameters } : {}),
  }));

const ARNS = {
  ecs: `arn:aws:ecs:${ACCOUNT}:cluster/shop`,
  lambda: `arn:aws:lambda:${ACCOUNT}:function:job`,
  sqs: `arn:aws:sqs:${ACCOUNT}:jobs`,
  states: `arn:aws:states:${ACCOUNT}:stateMachine:job`,
} as const;

const expression = fc.oneof(
  fc.record({
    ScheduleExpression: fc.integer({ min: 2, max: 90 }).map((count) => `rate(${count} minutes)`),
    ScheduleExpressionTimezone: maybe(fc.constantFrom("UTC", "Europe/Berlin", "America/New_York")),
    // Of before, or so far away that it is no matter.
    StartDate: maybe(fc.constantFrom(hours(0.15), hours(100))),
    EndDate: maybe(fc.constantFrom(hours(200), hours(1_000))),
  }),
  fc.record({
    ScheduleExpression: fc
      .tuple(fc.nat(59), fc.nat(23))
      .map(([minute, hour]) => `cron(${minute} ${hour} * * ? *)`),
    ScheduleExpressionTimezone: maybe(fc.constant("UTC")),
    StartDate: maybe(fc.constantFrom(hours(0.15), hours(100))),
    EndDate: maybe(fc.constantFrom(hours(200), hours(1_000))),
  }),
  fc.record({
    ScheduleExpression: fc
      .integer({ min: 24, max: 900 })
      .map((after) => `at(${hours(after).toISOString().slice(0, 19)})`),
    ScheduleExpressionTimezone: maybe(fc.constant("UTC")),
  }),
);

const rest = fc.record({
  Description: maybe(text),
  State: maybe(fc.constantFrom("ENABLED", "DISABLED")),
  ActionAfterCompletion: maybe(fc.constantFrom("NONE", "DELETE")),
  FlexibleTimeWindow: fc.oneof(
    fc.constant({ Mode: "OFF" as const }),
    fc
      .integer({ min: 1, max: 1_440 })
      .map((MaximumWindowInMinutes) => ({ Mode: "FLEXIBLE" as const, MaximumWindowInMinutes })),
  ),
  Target: target,
});

/** Settings of a schedule that can be paused and put back within a few hours. */
export const settings: fc.Arbitrary<Partial<CreateScheduleInput>> = fc
  .tuple(expression, rest)
  .map(([times, others]) => ({ ...times, ...others }));
