import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Move, Plan } from "../../lambdas/contracts/plan.ts";
import { planOf } from "../../lambdas/domain/planning/plan-of.ts";
import type { Relations } from "../../lambdas/domain/planning/relations.ts";
import { makeRelations } from "../support/make-relations.ts";
import { makeMove } from "../unit/domain/make-move.ts";

const SERVICES = ["api", "web", "worker"];
const DATABASES = ["orders", "users"];

/** An application of up to eight components: who goes back, who is only held, who writes where, who waits for whom. */
const night = fc
  .record({
    services: fc.subarray(SERVICES, { minLength: 1 }),
    going: fc.subarray(SERVICES),
    databases: fc.subarray(DATABASES, { minLength: 1 }),
    writers: fc.tuple(fc.subarray(SERVICES), fc.subarray(SERVICES)),
    webWaits: fc.boolean(),
    apiWaitsForData: fc.boolean(),
    secret: fc.boolean(),
    flags: fc.boolean(),
    page: fc.boolean(),
    seconds: fc.integer({ min: 1, max: 2_000 }),
    strategy: fc.constantFrom("fast-first" as const, "together" as const),
  })
  .map((wish) => {
    const writersOf = (database: string) =>
      (wish.writers[DATABASES.indexOf(database)] ?? []).filter((name) => wish.services.includes(name));
    const paused = new Set(wish.databases.flatMap(writersOf));
    const services = wish.services.flatMap((component): Move[] => {
      if (wish.going.includes(component)) return [makeMove({ component })];
      return paused.has(component)
        ? [makeMove({ component, verbs: ["pause", "resume", "confirm"], stays: true })]
        : [];
    });
    const databases = wish.databases.map((component) =>
      makeMove({
        component,
        kind: "database",
        tier: "data",
        prepareSeconds: wish.seconds,
        estimateSeconds: 2_500,
      }),
    );
    const secret = makeMove({ component: "password", kind: "secret", tier: "configuration" });
    const flags = makeMove({
      component: "flags",
      kind: "parameter",
      tier: "configuration",
      verbs: ["cutOver"],
    });
    const page = makeMove({
      component: "page",
      kind: "maintenance",
      verbs: ["cutOver", "tidy"],
      stays: true,
    });
    const moves = [
      ...services,
      ...databases,
      ...(wish.secret ? [secret] : []),
      ...(wish.flags ? [flags] : []),
      ...(wish.page && paused.size > 0 ? [page] : []),
    ];
    const relations = makeRelations({
      web: { dependsOn: wish.webWaits ? ["api"] : [] },
      api: { dependsOn: wish.apiWaitsForData ? wish.databases : [] },
      ...Object.fromEntries(wish.databases.map((name) => [name, { pauses: writersOf(name) }])),
      password: { before: ["api"], withDataOf: wish.databases[0] },
      flags: { before: ["api", "web"] },
    });
    return { moves, relations, strategy: wish.strategy };
  });

type Night = { readonly moves: readonly Move[]; readonly relations: ReadonlyMap<string, Relations> };

const plannedOf = ({
  moves,
  relations,
  strategy,
}: Night & { readonly strategy: "fast-first" | "together" }) => planOf(moves, [], relations, { strategy });

/** The first and last wave in which a component does something, -1 when it never does. */
const waveOf = ({ waves }: Plan, component: string, verb: string) =>
  waves.findIndex(({ actions }) =>
    actions.some(
      (one) => one.component === component && !one.startOnly && one.verbs.some((name) => name === verb),
    ),
  );

const writersOf = ({ relations, moves }: Night, database: string) =>
  (relations.get(database)?.pauses ?? []).filter((name) => moves.some((move) => move.component === name));

describe("a plan that moves data", () => {
  it("changes data only after all of it is prepared and all its writers stopped, and before any of them runs again", () => {
    fc.assert(
      fc.property(night, (one) => {
        const { plan, circle } = plannedOf(one);
        expect(circle).toEqual([]);
        for (const { component } of one.moves.filter((move) => move.tier === "data")) {
          const change = waveOf(plan, component, "cutOver");
          expect(waveOf(plan, component, "prepare")).toBeLessThan(change);
          for (const writer of writersOf(one, component)) {
            expect(waveOf(plan, writer, "pause")).toBeLessThan(change);
            expect(waveOf(plan, writer, "resume")).toBeGreaterThan(change);
            expect(waveOf(plan, component, "confirm")).toBeGreaterThan(waveOf(plan, writer, "resume"));
          }
        }
      }),
    );
  });

  it("stops nobody before every copy that a writer waits for is ready", () => {
    fc.assert(
      fc.property(night, (one) => {
        const { plan } = plannedOf(one);
        for (const { component } of one.moves.filter((move) => move.tier === "data")) {
          for (const writer of writersOf(one, component)) {
            expect(waveOf(plan, writer, "pause")).toBeGreaterThan(waveOf(plan, component, "prepare"));
          }
        }
      }),
    );
  });

  it("shows the page exactly while somebody is stopped", () => {
    fc.assert(
      fc.property(night, (one) => {
        const { plan } = plannedOf(one);
        const on = waveOf(plan, "page", "cutOver");
        if (on < 0) return;
        const off = waveOf(plan, "page", "tidy");
        const stops = SERVICES.map((name) => waveOf(plan, name, "pause")).filter((wave) => wave >= 0);
        const starts = SERVICES.map((name) => waveOf(plan, name, "resume")).filter((wave) => wave >= 0);
        expect(on).toBeLessThan(Math.min(...stops));
        expect(off).toBeGreaterThan(Math.max(...starts));
      }),
    );
  });

  it("forgets no verb of any move, and resumes everybody whom it pauses, on every way out", () => {
    fc.assert(
      fc.property(night, (one) => {
        const { plan } = plannedOf(one);
        for (const move of one.moves) {
          for (const verb of move.verbs.filter((name) => name !== "cutOver")) {
            expect(waveOf(plan, move.component, verb)).toBeGreaterThanOrEqual(0);
          }
          const changes = Math.max(
            waveOf(plan, move.component, "cutOver"),
            waveOf(plan, move.component, "resume"),
          );
          expect(changes).toBeGreaterThanOrEqual(0);
        }
        const closing = plan.closing.flatMap((wave) => wave.actions.map((action) => action.component));
        const paused = SERVICES.filter((name) => waveOf(plan, name, "pause") >= 0);
        expect(closing).toEqual(expect.arrayContaining(paused));
      }),
    );
  });

  it("goes back from a wave only what that wave or an earlier one began", () => {
    fc.assert(
      fc.property(night, (one) => {
        const { plan } = plannedOf(one);
        for (const { after, actions } of plan.back) {
          const begun = plan.waves[after - 1]?.actions.map((action) => action.component) ?? [];
          for (const { component } of actions) expect(begun).toContain(component);
        }
      }),
    );
  });

  it("never takes longer than one after the other", () => {
    fc.assert(
      fc.property(night, (one) => {
        const { plan } = plannedOf(one);
        const serial = one.moves.reduce((sum, move) => sum + move.estimateSeconds, 0);
        const pauses = plan.waves
          .flatMap((wave) => wave.actions)
          .filter(({ verbs }) => verbs.includes("pause")).length;
        expect(plan.estimateSeconds).toBeLessThanOrEqual(serial + pauses * (300 + 120));
      }),
    );
  });
});
