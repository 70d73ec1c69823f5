import * as z from "zod";
import { dependsOn, keyValueStoreArn, minutes, parameterName, ruleArn } from "./field.ts";

const conditions = z
  .array(
    z.strictObject({
      field: z.enum(["path-pattern", "host-header"]),
      values: z.array(z.string().min(1).max(128)).min(1).max(5),
    }),
  )
  .min(1)
  .max(5);

/** What shows users the maintenance page (docs/facts/frontend-secrets-config.md §E). */
const Switch = z.discriminatedUnion("by", [
  z.strictObject({
    by: z.literal("load-balancer-rules"),
    rules: z.array(ruleArn).min(1).max(4).describe("One pre-made fixed-response rule a listener"),
    on: conditions.default([{ field: "path-pattern", values: ["*"] }]),
    off: conditions.default([{ field: "host-header", values: ["inactive.invalid"] }]),
  }),
  z.strictObject({
    by: z.literal("key-value-store"),
    keyValueStore: keyValueStoreArn,
    key: z.string().min(1).max(512).default("maintenance"),
    on: z.string().min(1).max(1_000).default("on"),
    off: z.string().min(1).max(1_000).default("off"),
  }),
  z.strictObject({
    by: z.literal("parameter"),
    parameter: parameterName,
    on: z.string().min(1).max(100).default("on"),
    off: z.string().min(1).max(100).default("off"),
    askedEverySeconds: z
      .number()
      .int()
      .min(0)
      .max(300)
      .default(30)
      .describe("How often the application asks for it: writers stop no sooner after the page went on"),
  }),
]);

/** What cuts attackers off: pre-made, so that one call turns it on and the reverse is known. */
const Isolation = z.strictObject({
  webAcl: z
    .strictObject({
      name: z.string().min(1).max(128),
      id: z.string().min(1).max(36),
      rule: z
        .string()
        .min(1)
        .max(128)
        .describe("Name of the pre-made rule that blocks everybody but the allow-list; Count becomes Block"),
    })
    .optional(),
  loadBalancer: z
    .strictObject({
      arn: z.string().regex(/^arn:aws[a-z-]*:elasticloadbalancing:/),
      allowListSecurityGroups: z
        .array(z.string().regex(/^sg-[0-9a-f]{8,17}$/))
        .min(1)
        .max(5),
    })
    .optional(),
});

/** Maintenance mode around disruptive waves; isolation, when the authorization is security. */
export const MaintenanceComponent = z.strictObject({
  kind: z.literal("maintenance"),
  switch: Switch,
  isolation: Isolation.optional(),
  dependsOn,
  deadlineMinutes: minutes(5),
});

/** What a move of maintenance mode carries. */
export const MaintenanceMove = z.strictObject({
  mode: z.enum(["maintenance", "isolation"]),
  switch: Switch,
  isolation: Isolation.optional(),
  deadlineSeconds: z.number().int().min(60),
});

export type MaintenanceComponent = z.infer<typeof MaintenanceComponent>;
export type MaintenanceMove = z.infer<typeof MaintenanceMove>;
export type MaintenanceSwitch = z.infer<typeof Switch>;
