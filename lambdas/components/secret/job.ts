import type { KMSClient } from "@aws-sdk/client-kms";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { SecretMove } from "../../contracts/kinds/secret.ts";
import type { Move } from "../../contracts/plan.ts";
import type { Answers } from "../answers.ts";
import type { Clock, Journal } from "../component.ts";
import type { MeasuredStep, Steps } from "../steps.ts";

export interface DriverServices {
  readonly secrets: SecretsManagerClient;
  readonly kms: KMSClient;
  readonly clock: Clock;
  readonly journal: Journal;
  /** A rotation's token is made of it. */
  readonly rollbackId: string;
}

/** One tick's view of one move: the clients, the move, what was written down so far, and how to answer. */
export interface Job extends DriverServices {
  readonly move: Move;
  readonly details: SecretMove;
  readonly steps: Steps<Step>;
  readonly answer: Answers;
}

/** How long AWS may deny what it shows: that DescribeSecret is consistent at once is unverified. */
export const SETTLING_SECONDS = 60;

/** The steps that a move of this kind writes down; `X-intended` always stands before the call that does X. */
export type Step =
  | MeasuredStep
  | "pending-off-intended"
  | "pending-off"
  | "stage-intended"
  | "stage-moved"
  | "rotate-intended"
  | "rotate-started"
  | "revert-began"
  | "stage-back-intended"
  | "reverted";

/** Steps after which readers may get another value. */
export const TOUCHING: readonly Step[] = ["stage-intended", "rotate-intended"];

/** One read of a secret every few seconds is far below any limit, and the end is noticed within one wait. */
export const WAIT_SECONDS = 4;
/** While a rotation function works: four steps, each of them a Lambda invocation. */
export const ROTATION_WAIT_SECONDS = 10;
