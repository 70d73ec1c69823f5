import { describe, expect, it } from "vitest";
import type { Move } from "../../../../lambdas/contracts/plan.ts";
import { planOf } from "../../../../lambdas/domain/planning/plan-of.ts";
import { makeDependencies as dependencies } from "../../../support/make-relations.ts";
import { makeMove, makeVerdict } from "../make-move.ts";

const moves = (...components: string[]) => components.map((component) => makeMove({ component }));
const wavesOf = (all: readonly Move[], dependsOn: Readonly<Record<string, string[]>>) =>
  planOf(all, [], dependencies(dependsOn)).plan.waves.map((wave) =>
    wave.actions.map((action) => action.component),
  );
const hashOf = (...all: Move[]) => planOf(all, [], new Map()).plan.hash;

describe("the waves", () => {
  it.each<[string, string[], Record<string, string[]>, string[][]]>([
    ["go together without dependencies", ["a", "b"], {}, [["a", "b"]]],
    ["put dependants later", ["web", "api"], { web: ["api"] }, [["api"], ["web"]]],
    [
      "follow chains and branches",
      ["d", "c", "b", "a"],
      { b: ["a"], c: ["a"], d: ["b", "c"] },
      [["a"], ["c", "b"], ["d"]],
    ],
    ["do not wait for what is not in the plan", ["web"], { web: ["api"] }, [["web"]]],
    ["do not wait for themselves", ["web"], { web: ["web"] }, [["web"]]],
    [
      "go together in a circle, after what is outside it",
      ["a", "b", "c"],
      { a: ["b", "c"], b: ["a"] },
      [["c"], ["a", "b"]],
    ],
    ["are none without moves", [], { web: ["api"] }, []],
  ])("%s", (_, components, dependsOn, waves) => {
    expect(wavesOf(moves(...components), dependsOn)).toEqual(waves);
  });

  it("take as long as the slowest of each", () => {
    const [slow, fast, last] = [60, 20, 5].map((estimateSeconds, index) =>
      makeMove({ component: `c${index}`, estimateSeconds }),
    );
    if (!slow || !fast || !last) throw new Error("three moves");

    expect(planOf([slow, fast, last], [], dependencies({ c2: ["c0"] })).plan.estimateSeconds).toBe(65);
  });

  it("carry the verdicts of components that do not move", () => {
    const verdicts = [makeVerdict({ verdict: "nothing-to-do" })];

    expect(planOf([], verdicts, new Map()).plan).toMatchObject({ verdicts, waves: [], estimateSeconds: 0 });
  });
});

describe("the hash", () => {
  const move = makeMove({ details: { way: "update", seen: { count: 2, primary: "d-1" } } });

  it("is the same whatever the order of keys, and after travelling as JSON", () => {
    const turned = Object.fromEntries(Object.entries(move).toReversed()) as Move;
    const inner = { ...move, details: { seen: { primary: "d-1", count: 2 }, way: "update" } };

    expect(hashOf(turned)).toBe(hashOf(move));
    expect(hashOf(inner)).toBe(hashOf(move));
    expect(hashOf(JSON.parse(JSON.stringify(move)))).toBe(hashOf(move));
    expect(hashOf({ ...move, details: { ...move.details, nothing: undefined } })).toBe(hashOf(move));
    expect(hashOf(move)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, Partial<Move>]>([
    ["component", { component: "web", from: move.from, to: move.to }],
    ["verbs", { verbs: ["cutOver"] }],
    ["from", { from: { ...move.from, id: "other" } }],
    ["to", { to: { ...move.to, checkpoint: "cp-1" } }],
    ["reason", { reason: "another" }],
    ["estimate", { estimateSeconds: 121 }],
    ["warnings", { warnings: ["unproven"] }],
    ["details", { details: { way: "update", seen: { count: 3, primary: "d-1" } } }],
  ])("changes with the %s", (_, change) => {
    expect(hashOf({ ...move, ...change })).not.toBe(hashOf(move));
  });

  it("changes with the waves, and not with what does not move", () => {
    const two = moves("a", "b");

    expect(planOf(two, [], dependencies({ b: ["a"] })).plan.hash).not.toBe(
      planOf(two, [], new Map()).plan.hash,
    );
    expect(planOf(two, [makeVerdict()], new Map()).plan.hash).toBe(planOf(two, [], new Map()).plan.hash);
  });
});
