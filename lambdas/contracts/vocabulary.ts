import * as z from "zod";

/** Every closed set of words that crosses a boundary: requests, plans, states, messages. One meaning each, see docs/glossary.md. */
export const KINDS = ["ecs-service"] as const;
export const VERBS = ["prepare", "cutOver", "confirm", "revert", "tidy"] as const;
export const MODES = ["plan", "execute", "undo"] as const;
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
] as const;

export const Kind = z.enum(KINDS);
export const Verb = z.enum(VERBS);
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
export type Mode = z.infer<typeof Mode>;
export type Authorization = z.infer<typeof Authorization>;
export type Severity = z.infer<typeof Severity>;
export type Impact = z.infer<typeof Impact>;
export type Stability = z.infer<typeof Stability>;
export type FailurePolicy = z.infer<typeof FailurePolicy>;
export type ApproverGroup = z.infer<typeof ApproverGroup>;
export type CheckpointStatus = z.infer<typeof CheckpointStatus>;
export type Outcome = z.infer<typeof Outcome>;
