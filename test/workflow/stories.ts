import { ASKING_STORIES } from "./asking-stories.ts";
import { makePlanned } from "./make-planned.ts";
import { done, failed, isForward, RECOVERED, WAITING, waitAt, working } from "./perform.ts";
import {
  broken,
  cannotStart,
  DECIDED,
  down,
  ENDING,
  ends,
  fallsShort,
  HELD,
  LEAVING_SOMETHING,
  LOOKED,
  MOVED,
  recovers,
  type Story,
  unlucky,
  VERIFIED,
  withoutReport,
} from "./story.ts";

/** Every way through the rollback. */
export const STORIES: Readonly<Record<string, Story>> = {
  "rolls back at once": recovers({}),
  "does nothing when the request is refused": ends("Refused", "Request refused"),
  "does nothing when nobody may approve": ends("Rejected", "Nobody may approve"),
  "does nothing when the fix goes forward": ends("FixForward", "Nothing was done"),
  "does nothing when only the plan was wanted": ends("Planned", "Nothing was done"),
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
          return turn < 2 ? working(request.move.component, "revert", waitAt(turn)) : done(request);
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
      move: (request, { turn }) =>
        turn < 3 ? working(request.move.component, "cutOver", waitAt(turn)) : done(request),
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
    path: [...DECIDED, ...MOVED, ...VERIFIED, ...LOOKED, ...LOOKED, ...ENDING, "Recovered"],
  },
  "does not call it recovered while an alarm rings": {
    ...fallsShort({ verify: () => ({ ...WAITING, status: "not-recovered" }) }, "RolledBackNotRecovered"),
    path: [...DECIDED, ...MOVED, ...VERIFIED, ...ENDING, "Not recovered"],
  },
  "does not call it recovered when nobody could look": {
    ...fallsShort({ verify: broken }, "RolledBackNotRecovered"),
    path: [...DECIDED, ...MOVED, "Give way to people", "Verify recovery", ...ENDING, "Not recovered"],
  },
  "recovers although it cannot give way to people": recovers({ giveWay: down("InternalServerError") }),
  "recovers although nobody can be told": { ...recovers({ publish: down("InternalError") }), told: [] },
  "refuses although nobody can be told": {
    ...ends("Refused", "Request refused", { publish: down("InternalError") }),
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
  ...ASKING_STORIES,
};
