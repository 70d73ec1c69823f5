import * as z from "zod";

/** Every closed set of words that crosses a boundary: requests, plans, states, messages. One meaning each, see docs/glossary.md. */
export const KINDS = [
  "ecs-service",
  "database",
  "frontend",
  "secret",
  "parameter",
  "cache",
  "task",
  "maintenance",
] as const;
/**
 * What can be asked of a component. `prepare` is not noticed by users; `pause` and `resume` stop and start writers;
 * `cutOver` is the change; `confirm` only reads; `revert` undoes the cut-over; `discard` removes only what `prepare` made;
 * `tidy` puts temporary settings back and leaves what is good, whatever happened before; `complete` sets what nobody waits
 * for, when all is over.
 */
export const VERBS = [
  "prepare",
  "pause",
  "cutOver",
  "resume",
  "confirm",
  "revert",
  "discard",
  "tidy",
  "complete",
] as const;
/** How far an action goes back again by itself: code and frontends, configuration with evidence, data never. */
export const TIERS = ["reversible", "configuration", "data"] as const;
/**
 * `fast-first`: what is reversible goes as soon as it can, data prepares meanwhile and cuts over last. `together`: nobody
 * moves before everybody is prepared.
 */
export const STRATEGIES = ["fast-first", "together"] as const;
export const MODES = ["plan", "rehearse", "execute", "undo"] as const;
export const AUTHORIZATIONS = ["emergency", "planned", "security", "maintenance"] as const;
export const SEVERITIES = ["critical", "high", "medium", "low"] as const;
export const IMPACTS = ["high", "medium", "low", "none"] as const;
export const STABILITIES = ["unstable", "stable"] as const;
export const FAILURE_POLICIES = ["stop", "revert", "continue"] as const;
export const APPROVER_GROUPS = ["senior", "security", "change-management"] as const;
export const CHECKPOINT_STATUSES = ["candidate", "proven", "suspect", "quarantined"] as const;

/**
 * How a rollback ended. Only `Recovered` means that the target is what really runs *and* the alarm is OK again.
 */
export const OUTCOMES = [
  "Recovered",
  "RolledBackNotRecovered",
  "PartlyRolledBack",
  "Failed",
  "Refused",
  "Rejected",
  "FixForward",
  "Joined",
  "Planned",
  "Rehearsed",
  "Stopped",
] as const;

/** What a message to people is about; subscribers filter on it (docs/runbook.md, Messages). */
export const PHASES = ["decision", "approval", "start", "outcome", "failure", "reminder"] as const;

export const Kind = z.enum(KINDS);
export const Verb = z.enum(VERBS);
export const Tier = z.enum(TIERS);
export const Strategy = z.enum(STRATEGIES);
export const Mode = z.enum(MODES);
export const Authorization = z.enum(AUTHORIZATIONS);
export const Severity = z.enum(SEVERITIES);
export const Impact = z.enum(IMPACTS);
export const Stability = z.enum(STABILITIES);
export const FailurePolicy = z.enum(FAILURE_POLICIES);
export const ApproverGroup = z.enum(APPROVER_GROUPS);
export const CheckpointStatus = z.enum(CHECKPOINT_STATUSES);
export const Outcome = z.enum(OUTCOMES);

export type Kind = z.infer<typeof Kind>;
export type Verb = z.infer<typeof Verb>;
export type Tier = z.infer<typeof Tier>;
export type Strategy = z.infer<typeof Strategy>;
export type Mode = z.infer<typeof Mode>;
export type Authorization = z.infer<typeof Authorization>;
export type Severity = z.infer<typeof Severity>;
export type Impact = z.infer<typeof Impact>;
export type Stability = z.infer<typeof Stability>;
export type FailurePolicy = z.infer<typeof FailurePolicy>;
export type ApproverGroup = z.infer<typeof ApproverGroup>;
export type CheckpointStatus = z.infer<typeof CheckpointStatus>;
export type Outcome = z.infer<typeof Outcome>;
export type Phase = (typeof PHASES)[number];
