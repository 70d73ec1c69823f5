import { StepbackError } from "../../lambdas/contracts/errors.ts";
import type { Decision } from "../../lambdas/contracts/plan.ts";
import type { TickRequest } from "../../lambdas/contracts/tick.ts";
import type { Outcome } from "../../lambdas/contracts/vocabulary.ts";
import { AwsError } from "../../lib/region/service-model.ts";
import { ASK, makePlanned } from "./make-planned.ts";
import { type Cast, done, failed, isForward, waitAt, working } from "./perform.ts";

/** One way through the rollback: who does what, how it ends, and by which states. */
export interface Story {
  readonly cast: Partial<Cast>;
  readonly status: "SUCCEEDED" | "FAILED";
  /** The outcome in the output, or the error of the failed execution. */
  readonly outcome: Outcome;
  /** The states of the machine itself, in order. */
  readonly path: readonly string[];
  /** States inside `Roll back` beyond the ordinary ones. */
  readonly inside?: readonly string[];
  /** `phase outcome` of every message that arrived. */
  readonly told: readonly string[];
}

export const DECIDED = ["Plan rollback", "What was decided?"];
export const ASKED = [...DECIDED, "Wait for the answer"];
export const COPYING = [...DECIDED, "Keep the plan", "Take lock of copies", "Wait for the answer"];
export const NO = ["Announce rejection", "Rollback rejected"];
export const HELD = ["Take rollback lock", "Was it approved?"];
export const WAITS_ON = [...HELD, "Wait for the running rollback"];
export const WAITS = [...HELD, "Announce waiting", "Wait for the running rollback"];
export const NOTHING = [...DECIDED, "Announce decision", "Why did nothing happen?"];
export const MOVED = ["Take rollback lock", "Roll back", "Did everything go back?"];
export const LOOKED = ["Verify recovery", "Recovered yet?"];
export const VERIFIED = ["Give way to people", ...LOOKED];
export const TOLD = ["Write report", "Announce outcome", "Is all put back?"];
export const ENDING = [...TOLD, "Release rollback lock", "How did it end?"];
/** What nobody answered for is the clean-up's, and the lock with it. */
export const LEAVING_SOMETHING = [...TOLD, "How did it end?", "Not recovered"];
export const RECOVERING = [...MOVED, ...VERIFIED, ...ENDING, "Recovered"];
export const FALLING_SHORT = [...DECIDED, ...MOVED, ...ENDING, "Not recovered"];
export const FAILING = ["Announce failure", "Rollback failed"];
export const WITHOUT_REPORT = ["Announce without report", "End without report", "How did it end?"];

export const TOLD_RECOVERED = ["start", "outcome Recovered"];
export const end = (outcome: Outcome): Decision => ({
  action: "end",
  outcome,
  sentence: `It is ${outcome}.`,
});
export const down = (code: string) => () => {
  throw new AwsError(code, "The service is down", 503);
};
export const held = down("ConditionalCheckFailedException");
export const broken = (): never => {
  throw new StepbackError(
    "LedgerCorrupt",
    "Cannot read checkpoint 7: its status is missing; repair the item.",
  );
};
/** Two of a first wave, one of a second; the first of all fails. */
export const unlucky = (onFailure: "stop" | "continue" | "revert"): Partial<Cast> => ({
  plan: () => makePlanned({ waves: [["api", "worker"], ["web"]], onFailure }),
  move: (request) =>
    request.move.component === "api" && isForward(request) ? failed(request) : done(request),
});
/** Copies of one of its components are wanted while people are asked. */
export const copying: Partial<Cast> = { plan: () => makePlanned({ decision: ASK, ahead: ["api"] }) };
export const slow = (turn: number) => working("api", "prepare", waitAt(turn));
export const isAhead = ({ verbs }: TickRequest) => verbs.join() === "prepare";
export const nothingHappens = (outcome: Outcome): Partial<Cast> => ({
  plan: () => makePlanned({ decision: end(outcome) }),
});

export function recovers(cast: Partial<Cast>): Story {
  return {
    cast,
    status: "SUCCEEDED",
    outcome: "Recovered",
    path: [...DECIDED, ...RECOVERING],
    told: TOLD_RECOVERED,
  };
}

export function ends(outcome: Outcome, last: string, cast: Partial<Cast> = {}): Story {
  const status = last === "Nothing was done" ? "SUCCEEDED" : "FAILED";
  const all = { ...nothingHappens(outcome), ...cast };
  return { cast: all, status, outcome, path: [...NOTHING, last], told: [`decision ${outcome}`] };
}

export function rejected(ask: Cast["ask"], cast: Partial<Cast> = {}): Story {
  return {
    cast: { plan: () => makePlanned({ decision: ASK }), ask, ...cast },
    status: "FAILED",
    outcome: "Rejected",
    path: [...ASKED, ...NO],
    told: ["outcome Rejected"],
  };
}

export function cannotStart(cast: Partial<Cast>, path: readonly string[]): Story {
  return { cast, status: "FAILED", outcome: "Failed", path: [...path, ...FAILING], told: ["failure"] };
}

export function fallsShort(cast: Partial<Cast>, outcome: Outcome): Story {
  return { cast, status: "FAILED", outcome, path: FALLING_SHORT, told: ["start", `outcome ${outcome}`] };
}

export function withoutReport(cast: Partial<Cast>): Story {
  return {
    cast: { report: broken, ...cast },
    status: "FAILED",
    outcome: "Failed",
    path: [...DECIDED, ...MOVED, ...VERIFIED, "Write report", ...WITHOUT_REPORT, "Not recovered"],
    told: ["start", "outcome Failed"],
  };
}
