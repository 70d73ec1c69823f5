import { StepbackError } from "../../lambdas/contracts/errors.ts";
import type { Decision } from "../../lambdas/contracts/plan.ts";
import type { Outcome } from "../../lambdas/contracts/vocabulary.ts";
import { AwsError } from "../../lib/region/service-model.ts";
import { ASK, makePlanned } from "./make-planned.ts";
import { type Cast, done, failed, isForward, RECOVERED, WAITING, working } from "./perform.ts";

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

const DECIDED = ["Plan rollback", "What was decided?"];
const ASKED = [...DECIDED, "Ask for approval"];
const APPROVED = [...ASKED, "What was answered?"];
const HELD = ["Take rollback lock", "Was it approved?"];
const WAITS_ON = [...HELD, "Wait for the running rollback"];
const WAITS = [...HELD, "Announce waiting", "Wait for the running rollback"];
const NOTHING = [...DECIDED, "Announce decision", "Why did nothing happen?"];
const MOVED = ["Take rollback lock", "Roll back", "Did everything go back?"];
const VERIFIED = ["Verify recovery", "Recovered yet?"];
const TOLD = ["Write report", "Announce outcome", "Is all put back?"];
const ENDING = [...TOLD, "Release rollback lock", "How did it end?"];
/** What nobody answered for is the clean-up's, and the lock with it. */
const LEAVING_SOMETHING = [...TOLD, "How did it end?", "Not recovered"];
const RECOVERING = [...MOVED, ...VERIFIED, ...ENDING, "Recovered"];
const FALLING_SHORT = [...DECIDED, ...MOVED, ...ENDING, "Not recovered"];
const FAILING = ["Announce failure", "Rollback failed"];
const WITHOUT_REPORT = ["Announce without report", "End without report", "How did it end?"];

const TOLD_RECOVERED = ["start", "outcome Recovered"];
const end = (outcome: Outcome): Decision => ({ action: "end", outcome, sentence: `It is ${outcome}.` });
const down = (code: string) => () => {
  throw new AwsError(code, "The service is down", 503);
};
const held = down("ConditionalCheckFailedException");
const broken = (): never => {
  throw new StepbackError(
    "LedgerCorrupt",
    "Cannot read checkpoint 7: its status is missing; repair the item.",
  );
};
/** Two of a first wave, one of a second; the first of all fails. */
const unlucky = (onFailure: "stop" | "continue" | "revert"): Partial<Cast> => ({
  plan: () => makePlanned({ waves: [["api", "worker"], ["web"]], onFailure }),
  move: (request) =>
    request.move.component === "api" && isForward(request) ? failed(request) : done(request),
});
const nothingHappens = (outcome: Outcome): Partial<Cast> => ({
  plan: () => makePlanned({ decision: end(outcome) }),
});

export const STORIES: Readonly<Record<string, Story>> = {
  "rolls back at once": recovers({}),
  "rolls back when a person approves": {
    ...recovers({ plan: () => makePlanned({ decision: ASK }) }),
    path: [...ASKED, "What was answered?", ...RECOVERING],
  },
  "does nothing when the request is refused": ends("Refused", "Request refused"),
  "does nothing when nobody may approve": ends("Rejected", "Nobody may approve"),
  "does nothing when the fix goes forward": ends("FixForward", "Nothing was done"),
  "does nothing when only the plan was wanted": ends("Planned", "Nothing was done"),
  "does nothing when a person rejects": {
    ...rejected(() => ({ answer: "reject", by: "ada" })),
    path: [...ASKED, "What was answered?", "Announce rejection", "Rollback rejected"],
  },
  "does nothing when nobody answers": rejected(() => undefined),
  "says so when the question cannot be asked": cannotStart(
    { plan: () => makePlanned({ decision: ASK }), ask: broken },
    ASKED,
  ),
  "says so when planning is broken": cannotStart({ plan: broken }, ["Plan rollback"]),
  "says so when the lock table is down": cannotStart({ lock: down("InternalServerError") }, [
    ...DECIDED,
    "Take rollback lock",
  ]),
  "joins the rollback that holds the lock": {
    cast: { lock: down("ConditionalCheckFailedException") },
    status: "SUCCEEDED",
    outcome: "Joined",
    path: [...DECIDED, ...HELD, "Join the running rollback"],
    told: [],
  },
  "waits for the rollback that holds the lock when a person approved, and goes on by itself": {
    ...recovers({
      plan: () => makePlanned({ decision: ASK }),
      lock: ({ turn }) => (turn < 2 ? held() : undefined),
    }),
    path: [...APPROVED, ...WAITS, ...WAITS_ON, ...RECOVERING],
    told: ["decision", ...TOLD_RECOVERED],
  },
  "waits too when nobody can be told": {
    ...recovers({
      plan: () => makePlanned({ decision: ASK }),
      lock: ({ turn }) => (turn < 1 ? held() : undefined),
      publish: ({ turn }) => (turn < 4 ? down("InternalError")() : undefined),
    }),
    path: [...APPROVED, ...WAITS, ...RECOVERING],
  },
  "says after half an hour that what was approved did not begin": {
    ...rejected(() => ({ answer: "approve", by: "ada" }), { lock: () => held() }),
    path: [
      ...APPROVED,
      ...WAITS,
      ...Array.from({ length: 59 }, () => WAITS_ON).flat(),
      ...[...HELD, "Give up waiting", "Announce rejection", "Rollback rejected"],
    ],
    told: ["decision", "outcome Rejected"],
  },
  "stops after the wave in which a component failed": fallsShort(unlucky("stop"), "PartlyRolledBack"),
  "continues after a failed component": fallsShort(unlucky("continue"), "PartlyRolledBack"),
  "reverts what moved when a component fails": {
    ...fallsShort(unlucky("revert"), "Failed"),
    inside: [
      "Choose the way out",
      "Go the way out",
      "Move component out",
      "Component out?",
      "Component out",
      "Way out finished",
    ],
  },
  "waits for a slow revert, goes on when one is broken, and leaves that and the lock to the clean-up": {
    ...fallsShort(
      {
        ...unlucky("revert"),
        move: (request, { turn }) => {
          if (isForward(request)) return request.move.component === "api" ? failed(request) : done(request);
          if (request.move.component === "api") return broken();
          return turn < 2 ? working(request.move.component, "revert") : done(request);
        },
      },
      "Failed",
    ),
    path: [...DECIDED, ...MOVED, ...LEAVING_SOMETHING],
    inside: [
      "Go the way out",
      "Move component out",
      "Component out?",
      "Component out",
      "Wait for component out",
      "Way out failed",
    ],
  },
  "asks a slow component again until it has settled": {
    ...recovers({
      move: (request, { turn }) => (turn < 3 ? working(request.move.component) : done(request)),
    }),
    inside: ["Wait for component"],
  },
  "makes a result of a mover that throws, and leaves it and the lock to the clean-up": {
    ...fallsShort({ move: broken }, "Failed"),
    path: [...DECIDED, ...MOVED, ...LEAVING_SOMETHING],
    inside: ["Component failed"],
  },
  "reports when walking the waves breaks, and leaves everything and the lock to the clean-up": {
    ...fallsShort({ plan: () => makePlanned({ waves: [] }) }, "RolledBackNotRecovered"),
    path: [...DECIDED, "Take rollback lock", "Roll back", ...LEAVING_SOMETHING],
    // The other branch is stopped with the broken one, in the middle of its message.
    told: ["outcome RolledBackNotRecovered"],
  },
  "recovers after waiting for the alarms": {
    ...recovers({ verify: ({ turn }) => (turn < 2 ? WAITING : RECOVERED) }),
    path: [...DECIDED, ...MOVED, ...VERIFIED, ...VERIFIED, ...VERIFIED, ...ENDING, "Recovered"],
  },
  "does not call it recovered while an alarm rings": {
    ...fallsShort({ verify: () => ({ ...WAITING, status: "not-recovered" }) }, "RolledBackNotRecovered"),
    path: [...DECIDED, ...MOVED, ...VERIFIED, ...ENDING, "Not recovered"],
  },
  "does not call it recovered when nobody could look": {
    ...fallsShort({ verify: broken }, "RolledBackNotRecovered"),
    path: [...DECIDED, ...MOVED, "Verify recovery", ...ENDING, "Not recovered"],
  },
  "recovers although nobody can be told": { ...recovers({ publish: down("InternalError") }), told: [] },
  "refuses although nobody can be told": {
    ...ends("Refused", "Request refused", { publish: down("InternalError") }),
    told: [],
  },
  "rejects although nobody can be told": {
    ...rejected(() => undefined, { publish: down("InternalError") }),
    told: [],
  },
  "fails although nobody can be told": {
    ...cannotStart({ plan: broken, publish: down("InternalError") }, ["Plan rollback"]),
    told: [],
  },
  "recovers although the evidence cannot be kept": {
    ...recovers({ evidence: down("ServiceUnavailable") }),
    inside: ["Go on without it"],
  },
  "says so when the report cannot be written": withoutReport({}),
  "ends although neither report nor message went out": {
    ...withoutReport({ publish: down("InternalError") }),
    told: [],
  },
  "recovers although the lock was lost meanwhile": recovers({
    release: down("ConditionalCheckFailedException"),
  }),
  "recovers although the lock cannot be given back": recovers({ release: down("InternalServerError") }),
};

function recovers(cast: Partial<Cast>): Story {
  return {
    cast,
    status: "SUCCEEDED",
    outcome: "Recovered",
    path: [...DECIDED, ...RECOVERING],
    told: TOLD_RECOVERED,
  };
}

function ends(outcome: Outcome, last: string, cast: Partial<Cast> = {}): Story {
  const status = last === "Nothing was done" ? "SUCCEEDED" : "FAILED";
  const all = { ...nothingHappens(outcome), ...cast };
  return { cast: all, status, outcome, path: [...NOTHING, last], told: [`decision ${outcome}`] };
}

function rejected(ask: Cast["ask"], cast: Partial<Cast> = {}): Story {
  return {
    cast: { plan: () => makePlanned({ decision: ASK }), ask, ...cast },
    status: "FAILED",
    outcome: "Rejected",
    path: [...ASKED, "Announce rejection", "Rollback rejected"],
    told: ["outcome Rejected"],
  };
}

function cannotStart(cast: Partial<Cast>, path: readonly string[]): Story {
  return { cast, status: "FAILED", outcome: "Failed", path: [...path, ...FAILING], told: ["failure"] };
}

function fallsShort(cast: Partial<Cast>, outcome: Outcome): Story {
  return { cast, status: "FAILED", outcome, path: FALLING_SHORT, told: ["start", `outcome ${outcome}`] };
}

function withoutReport(cast: Partial<Cast>): Story {
  return {
    cast: { report: broken, ...cast },
    status: "FAILED",
    outcome: "Failed",
    path: [...DECIDED, ...MOVED, ...VERIFIED, "Write report", ...WITHOUT_REPORT, "Not recovered"],
    told: ["start", "outcome Failed"],
  };
}
