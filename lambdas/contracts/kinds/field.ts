import * as z from "zod";

/** Building blocks of the kinds' configurations, so that one thing is checked and explained in one way. */
export const componentName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,29}$/, "lower-case letters, digits and hyphens, 1 to 30, starting with a letter");

export const minutes = (fallback: number) => z.number().int().min(1).max(1440).default(fallback);

export const dependsOn = z
  .array(componentName)
  .default([])
  .describe("Components that go back before this one");

/** Names of other components; the environment's schema checks that they exist and are of the kind that the field means. */
export const componentNames = (meaning: string) =>
  z.array(componentName).max(20).default([]).describe(meaning);

export const roleArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
    "a role ARN like arn:aws:iam::111122223333:role/task",
  );

/** AWS's own patterns of both names (API reference of EventBridge Scheduler, CreateSchedule). */
export const scheduleName = z
  .string()
  .regex(
    /^([0-9a-zA-Z_.-]{1,64}\/)?[0-9a-zA-Z_.-]{1,64}$/,
    "a schedule's name, or its group and name like jobs/nightly",
  );

export const functionArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+$/,
    "a function ARN like arn:aws:lambda:eu-west-1:111122223333:function:notice",
  );

export const ruleArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener-rule\/app\/[\w-]+\/[0-9a-f]+\/[0-9a-f]+\/[0-9a-f]+$/,
    "the ARN of an Application Load Balancer listener rule",
  );

export const keyValueStoreArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:cloudfront::\d{12}:key-value-store\/[0-9a-f-]{36}$/,
    "a KeyValueStore ARN like arn:aws:cloudfront::111122223333:key-value-store/<uuid>",
  );

export const parameterName = z
  .string()
  .regex(/^\/?[a-zA-Z0-9_.-]+(\/[a-zA-Z0-9_.-]+)*$/, "a parameter name like /shop/api/feature-flags");

/** Host names that Stepback may probe: written here, in the deployed environment, and nowhere else (DESIGN §9). */
export const hostName = z
  .string()
  .regex(
    /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    "a public host name like www.example.com",
  );
