import * as z from "zod";
import { LockKey } from "./lock.ts";
import { ApproverGroup, FailurePolicy, Kind, Mode, Outcome, Tier, Verb } from "./vocabulary.ts";

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
 * What a data rollback costs, for the person who approves it (DESIGN §5). Times are ISO 8601, UTC.
 */
export const Receipt = z.strictObject({
  restoreTo: z.string(),
  /** The newest moment that could be restored when the plan was made. */
  latestRestorable: z.string().optional(),
  /** Seconds of writes that are lost if the cut-over came now; what is lost until then comes on top. */
  lossSeconds: z.number(),
  /** Where what is lost can still be found: the kept instance, the safety snapshot. */
  keptIn: z.string(),
  /** Seconds until users are on the restored data, from the start. */
  estimate: z.strictObject({ low: z.number(), high: z.number(), source: z.enum(["measured", "table"]) }),
  /** Settings that cannot be carried over, or only after the cut-over. */
  settingsThatDiffer: z.array(z.string()),
  alternatives: z.array(z.strictObject({ what: z.string(), whyNot: z.string() })),
});

/**
 * One component's part in a plan: the verbs it takes, in this order, and everything needed to carry them out and to
 * notice that the world has changed since. `details` belong to the kind (its own schema parses them).
 */
export const Move = z.strictObject({
  component: z.string(),
  kind: Kind,
  tier: Tier,
  verbs: z.array(Verb).min(1),
  from: Version,
  to: Version,
  reason: z.string(),
  /** The whole of it, seconds; of these, what `prepare` takes, which can run beside other work. */
  estimateSeconds: z.number(),
  prepareSeconds: z.number(),
  warnings: z.array(z.string()),
  receipt: Receipt.optional(),
  /** It keeps its version and only helps others to go back: paused and resumed, restarted, switched on and off. */
  stays: z.boolean().optional(),
  /** Components of the plan without which it does not stay on its target: a password that belongs to data, for instance. */
  waitsFor: z.array(z.string()).optional(),
  /** Its preparation makes a copy beside what serves, which `discard` removes: it may come before anybody has agreed. */
  makesCopy: z.boolean().optional(),
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
  /** With nothing to do now: it was asked for and is left out, and somebody has to ask for it again. */
  later: z.boolean().optional(),
});

/** Verbs of one component, carried out one after the other by its Lambda. */
export const Action = z.strictObject({
  component: z.string(),
  verbs: z.array(Verb).min(1),
  /** Components that must neither have failed nor been left out before: without one of them this action is left out. */
  needs: z.array(z.string()),
  /** Others that it only helps to move, each with what that takes: nobody needs it once none of them can go on. */
  serves: z.array(z.strictObject({ component: z.string(), needs: z.array(z.string()) })).default([]),
  /** Carried out only when one of these failed before; always, when there is none. */
  ifFailed: z.array(z.string()).default([]),
  /** Left out while a change of one of these stands half way and waits for a person. */
  unlessHalfWay: z.array(z.string()),
  /** A slow preparation that is only begun here; the wave that needs it waits for its end and hears how it went. */
  startOnly: z.boolean(),
});

/** Actions that run in parallel; waves run one after the other. */
export const Wave = z.strictObject({ why: z.string(), actions: z.array(Action).min(1) });

/** A wave on a way out: it runs only when at least `after` forward waves were begun, because of what those did. */
export const WayOut = Wave.extend({ after: z.number().int().min(0) });

/**
 * A rollback as data: what a person approves, what `--dry-run` prints and what the state machine executes.
 */
export const Plan = z.strictObject({
  /** SHA-256 over moves and waves: what a person approves is what runs. */
  hash: z.string(),
  moves: z.array(Move),
  waves: z.array(Wave),
  /** After a failure with onFailure revert: the mirror of the waves. */
  back: z.array(WayOut),
  /** After every failure: writers run again, maintenance mode is off, copies that nobody uses are removed. */
  closing: z.array(WayOut),
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
  /** Components whose copies are made while people are asked. */
  ahead: z.array(z.string()).default([]),
  /** When the trouble began: the alarm's transition or the start of the execution, ISO 8601. */
  since: z.string(),
  /** The lock to take, and the longest this rollback may take, which is its lease. */
  lock: LockKey,
  leaseSeconds: z.number(),
  /** What people are told now: the start of the rollback, or why there is none. */
  announcement: Announcement,
});

export type Announcement = z.infer<typeof Announcement>;
export type Version = z.infer<typeof Version>;
export type Move = z.infer<typeof Move>;
export type Receipt = z.infer<typeof Receipt>;
export type Action = z.infer<typeof Action>;
export type Wave = z.infer<typeof Wave>;
export type WayOut = z.infer<typeof WayOut>;
export type Verdict = z.infer<typeof Verdict>;
export type Plan = z.infer<typeof Plan>;
export type Decision = z.infer<typeof Decision>;
export type PlannedRollback = z.infer<typeof PlannedRollback>;
