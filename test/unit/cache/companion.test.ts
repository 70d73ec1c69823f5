import { describe, expect, it } from "vitest";
import { assessAll } from "../../../lambdas/components/assess-all.ts";
import type { Observer } from "../../../lambdas/components/component.ts";
import type { Inquiry } from "../../../lambdas/components/inquiry.ts";
import { Environment } from "../../../lambdas/contracts/environment.ts";
import type { RollbackRecord } from "../../../lambdas/contracts/ledger.ts";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import { KINDS, type Kind } from "../../../lambdas/contracts/vocabulary.ts";
import { makeEnvironment } from "../domain/make-environment.ts";
import { makeMove, makeVerdict } from "../domain/make-move.ts";
import { makeMoved, makeRollbackRecord } from "../domain/make-rollback-record.ts";

const plain = makeEnvironment();
const environment = Environment.parse({
  ...plain,
  components: {
    ...plain.components,
    cache: {
      kind: "cache",
      clean: { way: "snapshot", replicationGroup: "shop", endpointParameter: "/shop/cache-host" },
      usedBy: ["api"],
    },
    data: {
      kind: "database",
      instance: "shop",
      cutOver: { strategy: "endpoint-parameter", parameter: "/shop/db-host" },
      writers: ["api"],
    },
  },
});

/** Every kind would go back; a cache takes as long as told. */
function moversOf(copySeconds: number): Record<Kind, Observer> {
  const observer = (kind: Kind): Observer => ({
    assess: async (_, { component, part }) => {
      const change: Partial<Move> = kind === "cache" ? { prepareSeconds: copySeconds } : {};
      const verbs: Move["verbs"] = part === "hold" ? ["pause", "resume"] : ["cutOver"];
      return {
        verdict: makeVerdict({ component, kind }),
        move: makeMove({
          component,
          kind,
          verbs,
          tier: kind === "database" ? "data" : "reversible",
          ...change,
        }),
        lastChangedAt: new Date("2026-11-21T00:55:00Z"),
      };
    },
  });
  return Object.fromEntries(KINDS.map((kind) => [kind, observer(kind)])) as Record<Kind, Observer>;
}

async function assessed(inquiry: Partial<Inquiry>, copySeconds = 1_800) {
  const all = await assessAll({
    environment,
    scope: ["api", "cache"],
    target: "proven",
    strategy: "fast-first",
    byAlarm: false,
    observers: moversOf(copySeconds),
    wish: { rollbackId: "rb-1", authorization: "emergency", checkpoints: [], past: [] },
    ...inquiry,
  });
  const reason = all.find(({ verdict }) => verdict.component === "cache")?.verdict.reason;
  return { moving: all.flatMap(({ move }) => move?.component ?? []), reason };
}

describe("the copy of a cache", () => {
  it.each([true, false])(
    "does not hold up the code that would start after it (by an alarm: %s)",
    async (byAlarm) => {
      const { moving, reason } = await assessed({ byAlarm });

      expect(moving).toEqual(["api"]);
      expect(reason).toContain('with scope ["cache"] and target {"at":"2026-11-21T00:55:00.000Z"}');
    },
  );

  it("goes along with data that its services write, though none of them changes its version", async () => {
    expect((await assessed({ scope: ["cache", "data"] })).moving).toEqual(["data", "cache", "api"]);
    expect((await assessed({ scope: ["cache", "web"] })).moving).toEqual(["web"]);
  });

  it("goes along with data that is there already: a rollback was stopped between the two, and is started again", async () => {
    const observers = moversOf(0);
    const there: Observer = {
      assess: async (_, { component }) => ({
        verdict: makeVerdict({ component, kind: "database", verdict: "nothing-to-do" }),
      }),
    };
    const again = { scope: ["cache", "data"], observers: { ...observers, database: there } };

    expect((await assessed(again)).moving).toEqual(["cache", "api"]);
    expect((await assessed({ ...again, byAlarm: true })).moving).toEqual([]);
  });

  it.each([
    ["Stopped", ["cache"]],
    ["PartlyRolledBack", ["cache"]],
    ["Recovered", []],
  ] as const)(
    "goes along with services that a rollback which ended %s left with it: %j",
    async (outcome, moving) => {
      const there: Observer = {
        assess: async (_, { component }) => ({
          verdict: makeVerdict({ component, verdict: "nothing-to-do" }),
        }),
      };
      const observers = { ...moversOf(0), "ecs-service": there };
      const wish = { rollbackId: "rb-2", authorization: "emergency", checkpoints: [] } as const;
      const left = makeRollbackRecord({ outcome, moves: [makeMoved({ component: "api" })] });
      const both = [makeMoved({ component: "api" }), makeMoved({ component: "cache" })];
      const cleaned = makeRollbackRecord({ outcome, moves: both });
      const again = (past: readonly RollbackRecord[], byAlarm = false) =>
        assessed({ scope: ["api", "cache"], observers, wish: { ...wish, past }, byAlarm });

      expect((await again([left])).moving).toEqual(moving);
      expect((await again([left], true)).moving).toEqual([]);
      expect((await again([cleaned, left])).moving).toEqual([]);
      const rehearsed = makeRollbackRecord({ mode: "rehearse", outcome: "Rehearsed", moves: both });
      expect((await again([rehearsed, left])).moving).toEqual(moving);
    },
  );

  it("goes along when everybody shall wait for everybody, when writers stop anyway, or when it is quick", async () => {
    expect((await assessed({ strategy: "together" })).moving).toEqual(["api", "cache"]);
    expect((await assessed({ scope: ["api", "cache", "data"] })).moving).toEqual(["api", "data", "cache"]);
    expect((await assessed({}, 0)).moving).toEqual(["api", "cache"]);
  });

  it("is made for a person who names nothing else, and then its services start again", async () => {
    expect((await assessed({ scope: ["cache"] })).moving).toEqual(["cache", "api"]);
    expect((await assessed({ scope: ["cache"], byAlarm: true })).moving).toEqual([]);
    expect((await assessed({ scope: ["cache", "web"] })).moving).toEqual(["web"]);
  });
});
