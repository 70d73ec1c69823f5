import * as z from "zod";
import { componentName, componentNames, dependsOn, functionArn, minutes } from "./field.ts";

/** A Secrets Manager secret: its labels move, its value is never read. */
export const SecretComponent = z.strictObject({
  kind: z.literal("secret"),
  secretArn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/,
      "the secret's full ARN with its six last characters",
    ),
  readBy: componentNames("The ECS services that read it at start: they are restarted once, after it changed"),
  rotationFunction: functionArn
    .optional()
    .describe(
      "Its rotation function: after a breach (authorization security) the secret is rotated forward with it",
    ),
  database: componentName
    .optional()
    .describe("The database component whose password it holds: data and password then go back together"),
  dependsOn,
  deadlineMinutes: minutes(15),
});

/** Which version was current at a checkpoint. */
export const SecretVersion = z.strictObject({
  kind: z.literal("secret"),
  versionId: z.string(),
  /** ISO 8601. */
  createdAt: z.string().optional(),
});

/** What a move of a secret carries; `rotate` is the answer to a breach: forward, never back. */
export const SecretMove = z.strictObject({
  way: z.enum(["move-stage", "rotate"]),
  secretArn: z.string(),
  /** The version that is current when the plan is made: compared when the label moves. */
  fromVersionId: z.string(),
  /** Absent with `rotate`. */
  toVersionId: z.string().optional(),
  deadlineSeconds: z.number().int().min(60),
});

export type SecretComponent = z.infer<typeof SecretComponent>;
export type SecretVersion = z.infer<typeof SecretVersion>;
export type SecretMove = z.infer<typeof SecretMove>;
