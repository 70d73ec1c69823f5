import * as z from "zod";
import { ApproverGroup, FailurePolicy, Kind, Mode, Outcome, Verb } from "./vocabulary.ts";

/** A version of one component as people see it, with what a machine needs to find it again. */
export const Version = z.strictObject({
  /** The kind's own identity: for an ECS service the task definition ARN. */
  id: z.string(),
  /** Short and readable: `boardroom-api:41 (2.9.5)`. */
  label: z.string(),
  /** The checkpoint that proves it, when there is one. */
  checkpoint: z.string().optional(),
});

/**
 * One component's part in a plan: the verbs to carry out, in this order, and everything needed to carry them out and to
 * notice that the world has changed since. `details` belong to the kind (its own schema parses them).
 */
export const Move = z.strictObject({
  component: z.string(),
  kind: Kind,
  verbs: z.array(Verb).min(1),
  from: Version,
  to: Version,
  reason: z.string(),
  estimateSeconds: z.number(),
  warnings: z.array(z.string()),
  details: z.record(z.string(), z.unknown()),
});

/** The longest a move may take: every kind's details say it. */
export function deadlineOf(move: Pick<Move, "details" | "component">): number {
  const seconds = move.details["deadlineSeconds"];
  if (typeof seconds === "number") return seconds;
  throw new Error(`The move of ${move.component} has no deadlineSeconds`);
}

export const VERDICTS = ["roll-back", "nothing-to-do", "refuse"] as const;

/** What the planner says of one component, always with a reason that a person can act on. */
export const Verdict = z.strictObject({
  component: z.string(),
  kind: Kind,
  verdict: z.enum(VERDICTS),
  reason: z.string(),
  warnings: z.array(z.string()),
});

/** The waves of a rollback: components of one wave go back in parallel, waves one after the other. */
export const Plan = z.strictObject({
  /** SHA-256 over the moves: what a person approves is what runs. */
  hash: z.string(),
  waves: z.array(z.strictObject({ moves: z.array(Move).min(1) })),
  verdicts: z.array(Verdict),
  estimateSeconds: z.number(),
});

export const Decision = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("roll-back"), sentence: z.string() }),
  z.strictObject({ action: z.literal("ask"), group: ApproverGroup, sentence: z.string() }),
  z.strictObject({ action: z.literal("end"), outcome: Outcome, sentence: z.string() }),
]);

/** An SNS message: subjects are ASCII, "less than 100 characters" (SNS Publish); attributes let subscribers filter. */
export const Announcement = z.strictObject({ subject: z.string().max(99), message: z.string() });

/** What travels through the workflow after planning; small on purpose (≤ 8 KB, docs/facts/performance-reliability.md P9). */
export const PlannedRollback = z.strictObject({
  rollbackId: z.string(),
  mode: Mode,
  decision: Decision,
  plan: Plan,
  /** Who or what asked, in words: `alarm stepback-example-api-errors`, an IAM ARN, `somebody`. */
  requestedBy: z.string(),
  reason: z.string(),
  /** The alarm event's id; empty for people. Duplicates of one event carry the same. */
  eventId: z.string(),
  automatic: z.boolean(),
  /** Alarms that must be OK before the rollback counts as recovered. */
  alarms: z.array(z.string()),
  /** How long the alarms may take to be OK again after the last cut-over, minutes. */
  verifyMinutes: z.number(),
  onFailure: FailurePolicy,
  /** IAM ARN patterns of who may approve, when the decision is `ask`. */
  approvers: z.array(z.string()),
  approvalExpiresMinutes: z.number(),
  /** When the trouble began: the alarm's transition or the start of the execution, ISO 8601. */
  since: z.string(),
  /** The longest this rollback may take, and so the lease of its lock. */
  leaseSeconds: z.number(),
  /** What people are told now: the start of the rollback, or why there is none. */
  announcement: Announcement,
});

export type Announcement = z.infer<typeof Announcement>;
export type Version = z.infer<typeof Version>;
export type Move = z.infer<typeof Move>;
export type Verdict = z.infer<typeof Verdict>;
export type Plan = z.infer<typeof Plan>;
export type Decision = z.infer<typeof Decision>;
export type PlannedRollback = z.infer<typeof PlannedRollback>;
