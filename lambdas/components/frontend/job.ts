import type { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import type { CloudFrontKeyValueStoreClient } from "@aws-sdk/client-cloudfront-keyvaluestore";
import type { S3Client } from "@aws-sdk/client-s3";
import type { FrontendMove } from "../../contracts/kinds/frontend.ts";
import type { Move } from "../../contracts/plan.ts";
import type { HttpProbe } from "../../platform/http-probe.ts";
import type { Answers } from "../answers.ts";
import { refusalText } from "../aws-call.ts";
import type { Clock, Journal } from "../component.ts";
import type { MeasuredStep, Steps } from "../steps.ts";
import type { Direction } from "./copying/write.ts";

/** AWS as a frontend needs it. CloudFront is a global service, its KeyValueStore has a client of its own. */
export interface Clients {
  readonly s3: S3Client;
  readonly cloudfront: CloudFrontClient;
  readonly keyValueStore: CloudFrontKeyValueStoreClient;
}

export interface DriverServices extends Clients {
  readonly probe: HttpProbe;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly rollbackId: string;
  readonly account: string;
  readonly environment: string;
  /** Where frozen plans lie. */
  readonly reportBucket: string;
}

/** One tick's view of one move: the clients, the move, what was written down so far, and how to answer. */
export interface Job extends DriverServices {
  readonly move: Move;
  readonly details: FrontendMove;
  readonly steps: Steps<Step>;
  readonly answer: Answers;
}

/** The steps that a move of this kind writes down; `X-intended` always stands before the call that does X. */
export type Step =
  | MeasuredStep
  | "confirm-began"
  | "compared"
  | "reverted"
  | `${Direction}-${"intended" | "progress" | "placed" | "deploying" | "invalidated" | "fresh"}`;

/** Whether users may notice this rollback: something was intended, and AWS did not refuse it. */
export function isTouched(steps: Steps<Step>): boolean {
  return steps.has("forth-intended") && steps.text("forth-intended", "answer") !== "refused";
}

/**
 * Makes the one call that switches users over, with the intention written before. AWS's refusal is written down too: it
 * says that nothing was changed, which trouble on the way does not.
 */
export async function intending<T>(
  steps: Steps<Step>,
  direction: Direction,
  call: () => Promise<T>,
): Promise<T> {
  await steps.write(`${direction}-intended`);
  try {
    return await call();
  } catch (error) {
    if (refusalText(error) !== undefined) await steps.write(`${direction}-intended`, { answer: "refused" });
    throw error;
  }
}

/** A look a few seconds from now: ends are noticed within one. */
export const WAIT_SECONDS = 5;
