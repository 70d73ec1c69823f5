import { z } from "zod";
import type { ResourceModel } from "../../service-model.ts";
import type { EventBus } from "./event-bus.ts";

/** `AWS::Events::Rule` on the default bus: Ref is the rule's name, the attribute Arn its ARN. */
export function ruleResource(bus: EventBus): ResourceModel {
  return {
    accepts: [
      "Name",
      "Description",
      "EventPattern",
      "ScheduleExpression",
      "State",
      "EventBusName",
      "RoleArn",
      ...Object.keys(targetProperties.shape).map((name) => `Targets.${name}`),
    ],
    namedBy: "Name",
    create: (_logicalId, properties) => {
      const { EventPattern, Targets, EventBusName: _default, ...rule } = ruleProperties.parse(properties);
      const pattern = typeof EventPattern === "object" ? JSON.stringify(EventPattern) : EventPattern;
      const { name, arn } = bus.putRule({ ...rule, EventPattern: pattern });
      bus.putTargets(name, Targets);
      return { ref: name, attributes: { Arn: arn } };
    },
  };
}

const targetProperties = z.strictObject({
  Id: z.string(),
  Arn: z.string(),
  RoleArn: z.string().optional(),
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: z
    .strictObject({ InputPathsMap: z.record(z.string(), z.string()).optional(), InputTemplate: z.string() })
    .optional(),
  RetryPolicy: z
    .strictObject({
      MaximumEventAgeInSeconds: z.coerce.number().optional(),
      MaximumRetryAttempts: z.coerce.number().optional(),
    })
    .optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
});

const ruleProperties = z.strictObject({
  Name: z.string(),
  Description: z.string().optional(),
  EventPattern: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  ScheduleExpression: z.string().optional(),
  State: z.enum(["ENABLED", "DISABLED"]).optional(),
  EventBusName: z.literal("default").optional(),
  RoleArn: z.string().optional(),
  Targets: z.array(targetProperties).default([]),
});
