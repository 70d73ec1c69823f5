import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { circleIn } from "../../lambdas/contracts/circle-in.ts";
import { planOf } from "../../lambdas/domain/planning/plan-of.ts";
import { makeDependencies } from "../support/make-relations.ts";
import { makeMove } from "../unit/domain/make-move.ts";

const names = ["a", "b", "c", "d", "e", "f"];
const someNames = fc.subarray(names);
/** Who goes back before whom; `ordered` only ever points backwards, so that there is no circle. */
const dependencies = (ordered: boolean) =>
  fc
    .tuple(...names.map((_, index) => fc.subarray(ordered ? names.slice(0, index) : names)))
    .map((lists) => new Map(names.map((name, index) => [name, lists[index] ?? []] as const)));
const planned = (moves: Parameters<typeof planOf>[0], dependsOn: ReadonlyMap<string, readonly string[]>) =>
  planOf(moves, [], makeDependencies(Object.fromEntries(dependsOn))).plan;
const movesOf = (components: readonly string[]) => components.map((component) => makeMove({ component }));
const shuffled = fc.shuffledSubarray(names);

describe("a plan", () => {
  it("loses no move and moves nothing twice, even in a circle", () => {
    fc.assert(
      fc.property(shuffled, dependencies(false), (components, dependsOn) => {
        const { waves } = planned(movesOf(components), dependsOn);
        const moved = waves.flatMap((wave) => wave.actions.map((action) => action.component));

        expect(moved.toSorted()).toEqual(components.toSorted());
        expect(waves.every((wave) => wave.actions.length > 0)).toBe(true);
      }),
    );
  });

  it("puts everything into a later wave than what it depends on, and no later than it must", () => {
    fc.assert(
      fc.property(shuffled, dependencies(true), (components, dependsOn) => {
        const { waves } = planned(movesOf(components), dependsOn);
        const waveOf = new Map(
          waves.flatMap((wave, index) => wave.actions.map((action) => [action.component, index] as const)),
        );

        for (const [component, wave] of waveOf) {
          const before = (dependsOn.get(component) ?? []).map((name) => waveOf.get(name) ?? -1);
          expect(wave).toBe(Math.max(-1, ...before) + 1);
        }
      }),
    );
  });

  it("takes at least as long as its slowest move and at most as long as all of them", () => {
    const seconds = fc.array(fc.integer({ min: 0, max: 900 }), {
      minLength: names.length,
      maxLength: names.length,
    });
    fc.assert(
      fc.property(seconds, dependencies(false), (estimates, dependsOn) => {
        const moves = names.map((component, index) =>
          makeMove({ component, estimateSeconds: estimates[index] ?? 0 }),
        );
        const { estimateSeconds } = planned(moves, dependsOn);

        expect(estimateSeconds).toBeGreaterThanOrEqual(Math.max(...estimates));
        expect(estimateSeconds).toBeLessThanOrEqual(estimates.reduce((sum, one) => sum + one, 0));
      }),
    );
  });

  it("has a hash that survives JSON and any order of keys, and that no change of a detail survives", () => {
    const details = fc.dictionary(fc.string(), fc.jsonValue());
    const hashOf = (one: Record<string, unknown>) => planned([makeMove({ details: one })], new Map()).hash;
    fc.assert(
      fc.property(details, details, (one, other) => {
        const travelled = JSON.parse(JSON.stringify(one)) as Record<string, unknown>;
        const turned = Object.fromEntries(Object.entries(travelled).toReversed());
        const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

        expect(hashOf(turned)).toBe(hashOf(one));
        expect(hashOf(one) === hashOf(other)).toBe(same);
      }),
    );
  });
});

describe("a circle of dependencies", () => {
  it("is found exactly when there is one, and is one", () => {
    fc.assert(
      fc.property(dependencies(false), (dependsOn) => {
        const circle = circleIn(dependsOn);
        const reaches = (from: string, seen: ReadonlySet<string>): boolean =>
          (dependsOn.get(from) ?? []).some(
            (name) => seen.has(name) || reaches(name, new Set([...seen, name])),
          );

        expect(circle !== undefined).toBe(names.some((name) => reaches(name, new Set([name]))));
        circle?.slice(1).forEach((name, index) => {
          expect(dependsOn.get(circle[index] ?? "")).toContain(name);
        });
        expect(circle?.at(-1)).toBe(circle?.[0]);
      }),
    );
  });

  it("is never found in what can be ordered, whatever is left out of it", () => {
    fc.assert(
      fc.property(dependencies(true), someNames, (dependsOn, left) => {
        const part = new Map([...dependsOn].filter(([name]) => left.includes(name)));

        expect(circleIn(part)).toBeUndefined();
      }),
    );
  });
});

/** With its keys in order at every depth, so that equal values have equal JSON. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => [key, sorted(member)]);
}
