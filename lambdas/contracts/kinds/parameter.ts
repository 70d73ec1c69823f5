import * as z from "zod";
import { componentNames, dependsOn, minutes, parameterName } from "./field.ts";

/** Where configuration lives and how it goes back (docs/facts/frontend-secrets-config.md §C). */
const Source = z.discriminatedUnion("store", [
  z.strictObject({
    store: z.literal("ssm-label"),
    names: z.array(parameterName).min(1).max(20),
    label: z
      .string()
      .regex(/^(?!aws|ssm)[a-zA-Z_.-][\w.-]{0,99}$/)
      .default("live")
      .describe("Consumers read name:label; the label moves"),
  }),
  z.strictObject({
    store: z.literal("ssm-value"),
    names: z.array(parameterName).min(1).max(20),
    kmsKeys: z
      .array(z.string().regex(/^arn:aws[a-z-]*:kms:/))
      .max(3)
      .default([]),
  }),
  z.strictObject({
    store: z.literal("appconfig"),
    application: z.string().regex(/^[a-z0-9]{4,7}$/, "an AppConfig application id"),
    environment: z.string().regex(/^[a-z0-9]{4,7}$/, "an AppConfig environment id"),
    profile: z.string().regex(/^[a-z0-9]{4,7}$/, "an AppConfig configuration profile id"),
    strategy: z
      .string()
      .min(1)
      .max(64)
      .default("AppConfig.AllAtOnce")
      .describe("Deployment strategy for going back; one without duration and bake time is quickest"),
  }),
]);

/** Configuration in Parameter Store or AppConfig. */
export const ParameterComponent = z.strictObject({
  kind: z.literal("parameter"),
  source: Source,
  readBy: componentNames("The ECS services that read it at start: they are restarted once, after it changed"),
  dependsOn,
  deadlineMinutes: minutes(15),
});

/** Which versions were live at a checkpoint: `name=version` for each parameter, sorted; AppConfig's configuration version. */
export const ParameterVersion = z.strictObject({
  kind: z.literal("parameter"),
  versions: z.record(z.string(), z.string()),
});

/** What a move of configuration carries: versions, never values. */
export const ParameterMove = z.strictObject({
  source: Source,
  /** By name (AppConfig: by profile): what is live when the plan is made, and what shall be. */
  from: z.record(z.string(), z.string()),
  to: z.record(z.string(), z.string()),
  /**
   * AppConfig: the deployment that is newest when the plan is made (compare-and-set), and the way back: stopping or
   * reverting it, deploying another version over it, or stopping it to make room for another (`replace`).
   */
  deployment: z
    .strictObject({ number: z.number().int(), way: z.enum(["stop", "revert", "start", "replace"]) })
    .optional(),
  deadlineSeconds: z.number().int().min(60),
});

export type ParameterComponent = z.infer<typeof ParameterComponent>;
export type ParameterVersion = z.infer<typeof ParameterVersion>;
export type ParameterMove = z.infer<typeof ParameterMove>;
export type ParameterSource = z.infer<typeof Source>;
