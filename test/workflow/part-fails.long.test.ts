import { describe, expect, it } from "vitest";
import type { Move } from "../../lambdas/contracts/plan.ts";
import type { Kind, Tier, Verb } from "../../lambdas/contracts/vocabulary.ts";
import { planOf } from "../../lambdas/domain/planning/plan-of.ts";
import { relationsOf } from "../../lambdas/domain/planning/relations.ts";
import { loadEnvironment } from "../../lib/files/load-environment.ts";
import { makeMove } from "../unit/domain/make-move.ts";
import { makePlanned } from "./make-planned.ts";
import { done, failed, type Performance, perform } from "./perform.ts";

const environment = loadEnvironment("complete");
const of = (component: string, kind: Kind, tier: Tier, verbs: Verb[], extra: Partial<Move> = {}) =>
  makeMove({ component, kind, tier, verbs, ...extra });

/** All eight kinds, as their planners make them. */
const MOVES: readonly Move[] = [
  of("api", "ecs-service", "reversible", ["prepare", "cutOver", "confirm"]),
  of("web", "ecs-service", "reversible", ["prepare", "cutOver", "confirm"]),
  of("frontend", "frontend", "reversible", ["prepare", "cutOver", "confirm"]),
  of("flags", "parameter", "configuration", ["prepare", "cutOver", "confirm"]),
  of("database", "database", "data", ["prepare", "cutOver", "confirm"], {
    ...{ estimateSeconds: 3_000, prepareSeconds: 2_000 },
  }),
  of("db-password", "secret", "configuration", ["prepare", "cutOver", "confirm"]),
  of("cache", "cache", "reversible", ["cutOver", "confirm"]),
  of("migrate", "task", "data", ["cutOver"]),
  of("smoke", "task", "reversible", ["cutOver"]),
  of("page", "maintenance", "reversible", ["cutOver", "tidy"], { stays: true }),
];
const { plan } = planOf(MOVES, [], relationsOf(environment.components));

/** Everything is asked for, and this verb of this component fails, as often as it is asked. */
const play = (component: string, verb: Verb, onFailure: "stop" | "continue" | "revert" = "continue") =>
  perform(
    {
      plan: () => makePlanned({ plan, onFailure }),
      move: (request) =>
        request.move.component === component && request.verbs.includes(verb) && !request.once
          ? { ...failed(request), verb }
          : done(request),
    },
    { environment },
  );

/** `api: left-out because of web`, once a component. */
const leftOut = ({ reported }: Performance) => [
  ...new Set(
    reported[0]?.results.flatMap((one) =>
      "because" in one ? [`${one.component}: ${one.status} because of ${one.because.join(", ")}`] : [],
    ),
  ),
];

/** `api pause`, in order, in the waves and on the way out. */
const asked = ({ moved }: Performance) =>
  moved.flatMap(({ move, verbs, once }) => (once ? [] : verbs.map((verb) => `${move.component} ${verb}`)));

describe("with continue", () => {
  it.each<[string, Verb, string[]]>([
    [
      "api",
      "cutOver",
      [
        "web: left-out because of api",
        "page: not-needed because of api",
        "db-password: left-out because of api",
        // It would follow the database, which stays where it is.
        "db-password: left-out because of database",
        "database: left-out because of api, db-password",
        "migrate: left-out because of api, database, db-password",
        "smoke: left-out because of api, web",
        "page: left-out because of api",
      ],
    ],
    ["web", "cutOver", ["smoke: left-out because of web"]],
    [
      "database",
      "prepare",
      [
        "page: not-needed because of database",
        "api: not-needed because of database",
        "db-password: left-out because of database",
        "database: left-out because of db-password",
        "migrate: left-out because of database, db-password",
      ],
    ],
    [
      "database",
      "cutOver",
      ["db-password: left-out because of database", "migrate: left-out because of database"],
    ],
    ["frontend", "cutOver", []],
    ["flags", "cutOver", []],
    ["cache", "cutOver", []],
    ["migrate", "cutOver", []],
    ["smoke", "cutOver", []],
    ["database", "confirm", []],
    [
      "db-password",
      "cutOver",
      [
        "database: left-out because of db-password",
        "db-password: left-out because of database",
        "migrate: left-out because of database, db-password",
      ],
    ],
  ])(
    "and %s failing to %s, what needs it is left out, and nothing else",
    async (component, verb, expected) => {
      expect(leftOut(await play(component, verb)).sort()).toEqual([...expected].sort());
    },
  );
});

describe.each(["stop", "continue", "revert"] as const)("whatever fails, with %s", (onFailure) => {
  const parts = plan.waves.flatMap(({ actions }) =>
    actions.flatMap(({ component, verbs, startOnly, ifFailed }) =>
      startOnly || ifFailed.length > 0 ? [] : verbs.slice(0, 2).map((verb) => [component, verb] as const),
    ),
  );

  it.each(parts)(
    "%s failing to %s leaves data alone unless its password went and its writers stood still",
    async (component, verb) => {
      const calls = asked(await play(component, verb, onFailure));

      const change = calls.indexOf("database cutOver");
      const comesBefore = (call: string) => calls.indexOf(call) >= 0 && calls.indexOf(call) < change;
      if (change >= 0) {
        expect(["api pause", "db-password cutOver", "database prepare"].filter(comesBefore)).toHaveLength(3);
        expect(calls.slice(0, change)).not.toContain("api resume");
      }
      // Whoever stood still is started again before people are let in, and the page goes at last.
      const lastStart = Math.max(calls.lastIndexOf("api resume"), calls.lastIndexOf("api tidy"));
      if (calls.includes("api pause")) expect(lastStart).toBeGreaterThan(calls.lastIndexOf("api pause"));
      if (calls.includes("page cutOver")) {
        expect(calls.lastIndexOf("page tidy")).toBeGreaterThan(lastStart);
      }
      // A password goes where its data is, as soon as it is known where that is.
      const follows = calls.lastIndexOf("db-password tidy");
      expect(follows).toBeGreaterThan(calls.lastIndexOf("database tidy"));
      expect(follows).toBeLessThan(calls.lastIndexOf("api tidy"));
      const parted = verb === "cutOver" && (component === "database" || component === "db-password");
      if (parted && calls.includes("api resume")) {
        expect(calls.indexOf("db-password tidy")).toBeLessThan(calls.indexOf("api resume"));
      }
    },
  );
});
