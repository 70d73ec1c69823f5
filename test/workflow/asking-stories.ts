import { ASK, makePlanned } from "./make-planned.ts";
import { done } from "./perform.ts";
import {
  ASKED,
  broken,
  COPYING,
  cannotStart,
  copying,
  DECIDED,
  down,
  HELD,
  held,
  isAhead,
  NO,
  RECOVERING,
  recovers,
  rejected,
  type Story,
  slow,
  TOLD_RECOVERED,
  WAITS,
  WAITS_ON,
} from "./story.ts";

/** Ways through a rollback that people are asked about. */
export const ASKING_STORIES: Readonly<Record<string, Story>> = {
  "rolls back when a person approves": {
    ...recovers({ plan: () => makePlanned({ decision: ASK }) }),
    path: [...ASKED, ...RECOVERING],
    inside: ["Ask for approval", "Answered"],
  },
  "does nothing when a person rejects": rejected(() => ({ answer: "reject", by: "ada" })),
  "does nothing when nobody answers": rejected(() => undefined),
  "says so when the question cannot be asked": cannotStart(
    { plan: () => makePlanned({ decision: ASK }), ask: broken },
    ASKED,
  ),
  "makes copies while people are asked, and begins when they approve": {
    ...recovers(copying),
    path: [...COPYING, ...RECOVERING],
    inside: ["Component prepared", "Announce copies", "Release lock of copies"],
    told: ["approval", ...TOLD_RECOVERED],
  },
  "begins when they approve though the copies are not ready": {
    ...recovers({ ...copying, move: (request, { turn }) => (isAhead(request) ? slow(turn) : done(request)) }),
    path: [...COPYING, ...RECOVERING],
    inside: ["Wait for preparation"],
  },
  "tells people whose copy cannot be made, and does nothing when they reject": {
    ...rejected(() => ({ answer: "reject", by: "ada" }), { ...copying, move: broken }),
    path: [...COPYING, ...NO],
    inside: ["Preparation failed"],
    told: ["approval", "outcome Rejected"],
  },
  "asks without copies when the plan cannot be kept": {
    ...recovers({ ...copying, evidence: down("ServiceUnavailable") }),
    path: [...DECIDED, "Keep the plan", "Wait for the answer", ...RECOVERING],
  },
  "asks without copies when another question has some": {
    ...recovers({ ...copying, lockCopies: held }),
    path: [...COPYING, ...RECOVERING],
  },
  "makes copies though nobody can be told that they are ready": {
    ...recovers({ ...copying, publish: ({ turn }) => (turn < 4 ? down("InternalError")() : undefined) }),
    path: [...COPYING, ...RECOVERING],
  },
  "begins although the lock of copies cannot be given back": {
    ...recovers({ ...copying, releaseCopies: down("InternalServerError") }),
    path: [...COPYING, ...RECOVERING],
    told: ["approval", ...TOLD_RECOVERED],
  },
  "waits for the rollback that holds the lock when a person approved, and goes on by itself": {
    ...recovers({
      plan: () => makePlanned({ decision: ASK }),
      lock: ({ turn }) => (turn < 2 ? held() : undefined),
    }),
    path: [...ASKED, ...WAITS, ...WAITS_ON, ...RECOVERING],
    told: ["decision", ...TOLD_RECOVERED],
  },
  "waits too when nobody can be told": {
    ...recovers({
      plan: () => makePlanned({ decision: ASK }),
      lock: ({ turn }) => (turn < 1 ? held() : undefined),
      publish: ({ turn }) => (turn < 4 ? down("InternalError")() : undefined),
    }),
    path: [...ASKED, ...WAITS, ...RECOVERING],
  },
  "says after half an hour that what was approved did not begin": {
    ...rejected(() => ({ answer: "approve", by: "ada" }), { lock: () => held() }),
    path: [
      ...ASKED,
      ...WAITS,
      ...Array.from({ length: 59 }, () => WAITS_ON).flat(),
      ...[...HELD, "Give up waiting", "Announce rejection", "Rollback rejected"],
    ],
    told: ["decision", "outcome Rejected"],
  },
  "rejects although nobody can be told": {
    ...rejected(() => undefined, { publish: down("InternalError") }),
    told: [],
  },
};
