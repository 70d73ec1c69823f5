import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { RDSClient } from "@aws-sdk/client-rds";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { DatabaseMove } from "../../contracts/kinds/database.ts";
import type { Move } from "../../contracts/plan.ts";
import type { Answers } from "../answers.ts";
import type { Clock, Journal } from "../component.ts";
import type { MeasuredStep, Steps } from "../steps.ts";
import type { Shape } from "./shapes/shape.ts";

export interface DriverServices {
  readonly rds: RDSClient;
  /**
   * The same with a single attempt: what it answers is the answer to that one request. After several attempts a
   * throttled one may hide an earlier one that was carried out (docs/facts/database.md §7).
   */
  readonly rdsOnce: RDSClient;
  readonly ssm: SSMClient;
  readonly secrets: SecretsManagerClient;
  readonly ecs: ECSClient;
  readonly logs: CloudWatchLogsClient;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Marks what this rollback makes, so that it is found again after a crash and nothing else is deleted. */
  readonly rollbackId: string;
}

/** One tick's view of one move: the clients, the move, what was written down so far, and how to answer. */
export interface Job extends DriverServices {
  readonly move: Move;
  readonly details: DatabaseMove;
  readonly steps: Steps<Step>;
  readonly answer: Answers;
  /** How instances or clusters are handled, whichever the move is about. */
  readonly shape: Shape;
}

/** The steps that a move of this kind writes down; `X-intended` always stands before the call that does X. */
export type Step =
  | MeasuredStep
  | "copy-made"
  | "prepare-again"
  | "switch-intended"
  | "switched"
  | "name-leads"
  | "backtrack-started"
  | "backtrack-back-started"
  | "retire-intended"
  | "confirm-began"
  | "warm-up-began"
  | "drained"
  | "put-back-began"
  | "put-back"
  | "revert-began"
  | "moved-back"
  | "reverted"
  | "lacks"
  | "complete-began"
  | "old-locked"
  | "discard-began"
  | "discarded"
  | `${string}-intended`
  | `steady-${string}`
  | `check-${string}`
  | `again-${string}`
  | `run-${string}`
  | `${string}-written`;

/** Forward, or back to what served before. */
export type Direction = "cut-over" | "back";

/**
 * Whether users may see a difference: from the moment at which the switch was intended, unless all of it was put back.
 */
export function isTouched(steps: Steps<Step>): boolean {
  return steps.has("switch-intended") && !steps.has("put-back") && !steps.has("reverted");
}

/** The pace while something is about to happen: its end is noticed within one wait. */
export const WAIT_SECONDS = 10;
