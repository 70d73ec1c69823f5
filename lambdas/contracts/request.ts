import * as z from "zod";
import { Authorization, Impact, Mode, Severity, Stability, Strategy } from "./vocabulary.ts";

const TargetChoice = z.union([
  z.enum(["proven", "previous"]),
  z.strictObject({ checkpoint: z.string().min(1).max(100) }),
  z.strictObject({ at: z.iso.datetime({ offset: true }) }),
  z.strictObject({
    components: z
      .record(z.string().max(60), z.string().min(1).max(300))
      // Not only `{}`: zod drops a key `__proto__` without a word.
      .refine((all) => Object.keys(all).length > 0, "at least one component"),
  }),
]);

/**
 * What starts a rollback: the same for an alarm, the console and the command line.
 *
 * `{"reason": "…"}` is enough for a person. Unknown keys are errors: a misspelt `scope` must never widen a rollback.
 */
export const Request = z.strictObject({
  reason: z.string().trim().min(3).max(500).optional(),
  mode: Mode.default("execute"),
  authorization: Authorization.default("emergency"),
  severity: Severity.optional(),
  userImpact: Impact.optional(),
  stability: Stability.optional(),
  /** Component names; absent: what the alarm names, else every component without data. */
  scope: z.array(z.string().min(1).max(60)).min(1).max(50).optional(),
  target: TargetChoice.default("proven"),
  /** The environment's policy unless told. */
  strategy: Strategy.optional(),
  /** With mode `undo`: the rollback to reverse. */
  undoes: z.string().max(100).optional(),
  /** The IAM ARN of whoever asks, filled in by the command line; four eyes are checked against it. */
  requestedBy: z.string().max(300).optional(),
  /** Set by the EventBridge rule: the whole event, untouched. */
  trigger: z.strictObject({ type: z.literal("alarm"), event: z.unknown() }).optional(),
});
export type Request = z.infer<typeof Request>;
export type TargetChoice = z.infer<typeof TargetChoice>;

/**
 * The part of a CloudWatch "Alarm State Change" event that Stepback reads; other members may come and go.
 * Source: docs/facts/frontend-secrets-config.md G (EventBridge events reference). What ends up in a sentence for people is
 * bounded: a person's own request may carry anything as its event.
 */
export const AlarmEvent = z.looseObject({
  id: z.string().min(1).max(100),
  account: z.string().max(20),
  region: z.string().max(40),
  time: z.string().max(60),
  source: z.literal("aws.cloudwatch"),
  "detail-type": z.literal("CloudWatch Alarm State Change"),
  resources: z.array(z.string().max(400)).min(1),
  detail: z.looseObject({
    alarmName: z.string().min(1).max(255),
    state: z.looseObject({
      value: z.string().max(30),
      reason: z.string().optional(),
      timestamp: z.string().max(60),
    }),
    previousState: z.looseObject({ value: z.string() }).optional(),
    muteDetail: z.looseObject({ mutedByArn: z.string().optional() }).optional(),
  }),
});
export type AlarmEvent = z.infer<typeof AlarmEvent>;
