import { describe, expect, it } from "vitest";
import type { Result } from "../../../lambdas/contracts/left-out.ts";
import type { Tick } from "../../../lambdas/contracts/tick.ts";
import type { Verb } from "../../../lambdas/contracts/vocabulary.ts";
import { planOf } from "../../../lambdas/domain/planning/plan-of.ts";
import { type Standing, standingsOf } from "../../../lambdas/domain/standing.ts";
import { makeRelations } from "../../support/make-relations.ts";
import { makeMove } from "./make-move.ts";

const moves = [
  makeMove({ component: "api" }),
  makeMove({ component: "web" }),
  makeMove({ component: "data", kind: "database", tier: "data", prepareSeconds: 900 }),
  makeMove({ component: "page", kind: "maintenance", verbs: ["cutOver", "tidy"], stays: true }),
];
const relations = makeRelations({ web: { dependsOn: ["api"] }, data: { pauses: ["api"] } });
const { plan } = planOf(moves, [], relations);

const done = (component: string, verb: Verb, note = "It is so."): Tick => ({
  status: "done",
  component,
  verb,
  note,
});
const failed = (component: string, verb: Verb, touched: boolean, code = "STUCK"): Tick => ({
  ...{ status: "failed", component, verb, code, touched },
  note: "It cannot be.",
});
const leftOut = (component: string, ...because: string[]): Result => ({
  ...{ status: "left-out", component, verb: "prepare", because },
});
const went = [done("api", "confirm", "3 of 3 tasks run api:41."), done("web", "confirm")];

/** The row of one component, as the message tells it. */
const row = (component: string, results: readonly Result[], wayOut: readonly Tick[] = []) => {
  const found = standingsOf(plan, results, wayOut).find(({ move }) => move.component === component);
  const { state, where, note } = found ?? ({} as Partial<Standing>);
  return `${state}, at ${where}. ${note}`;
};

describe("who is where", () => {
  it.each<[string, string, readonly Result[], readonly Tick[], string]>([
    ["is at its target when it is done", "web", went, [], "done, at web:41. It is so."],
    ["is where it was before it was begun", "data", went, [], "not started, at data:42. "],
    [
      "is where it was when it failed untouched",
      "api",
      [failed("api", "prepare", false)],
      [],
      "failed, at api:42. It cannot be.",
    ],
    [
      "is nowhere for sure when it failed half done",
      "api",
      [failed("api", "cutOver", true)],
      [],
      "failed, at undefined. It cannot be.",
    ],
    [
      "is left where it is when what it needs failed",
      "web",
      [failed("api", "cutOver", true), leftOut("web", "api")],
      [],
      "left out, at web:42. api failed",
    ],
    [
      "is left out with what was left out",
      "data",
      [leftOut("web", "api"), leftOut("data", "web")],
      [],
      "left out, at data:42. web was left out",
    ],
    [
      "waits for what stands half way",
      "page",
      [failed("data", "cutOver", true, "HALF_WAY"), leftOut("page", "data")],
      [],
      "left out, at undefined. data stands half way",
    ],
    [
      "is done when the way out started its writers again",
      "api",
      [...went, done("api", "pause", "Writers are stopped.")],
      [done("api", "tidy", "api:41 runs with 3 tasks.")],
      "done, at api:41. Writers are stopped; then tidied up: api:41 runs with 3 tasks.",
    ],
    [
      "is not done when the way out could not do what was left",
      "api",
      [...went, done("api", "pause", "Writers are stopped.")],
      [failed("api", "tidy", true)],
      "partly done, at api:41. Writers are stopped; then tidy failed: It cannot be.",
    ],
    [
      "is where it came from when it was put back, whatever came after",
      "api",
      [done("api", "confirm", "3 of 3 tasks run api:41.")],
      [done("api", "revert", "Put back api:42."), done("api", "tidy", "Nothing is left.")],
      "put back, at api:42. 3 of 3 tasks run api:41; then put back: Put back api:42.",
    ],
    [
      "was failed, and put back",
      "data",
      [failed("data", "cutOver", true)],
      [done("data", "revert", "It is back."), done("data", "discard", "The copy is gone.")],
      "failed, at data:42. It cannot be; then put back: It is back.",
    ],
    [
      "was only prepared, and its copy thrown away",
      "data",
      [done("data", "prepare", "The copy is ready."), leftOut("data", "api"), failed("api", "pause", true)],
      [done("data", "tidy", "Users are where they were."), done("data", "discard", "The copy is gone.")],
      "left out, at data:42. api failed; then tidied up: Users are where they were; then cleaned up: The copy is gone.",
    ],
  ])("%s", (_, component, results, wayOut, expected) => {
    expect(row(component, results, wayOut)).toBe(expected);
  });

  it("has data where the way out brought it, whatever failed before", () => {
    const denied = failed("data", "cutOver", true);
    const at = (verb: Verb) => row("data", [done("data", "prepare"), denied], [done("data", verb, "There.")]);

    expect(at("cutOver")).toBe("failed, at data:41. It cannot be; then cut over: There.");
    expect(at("revert")).toBe("failed, at data:42. It cannot be; then put back: There.");
    expect(at("tidy")).toBe("failed, at undefined. It cannot be; then tidied up: There.");
  });

  it("has a cache where it was to go that followed its data on the way out", () => {
    const cache = makeMove({ component: "cache", kind: "cache", verbs: ["cutOver", "confirm"] });
    const wayOut = [done("cache", "cutOver", "The epoch is 8.")];
    const standing = (results: readonly Result[]) =>
      standingsOf(planOf([cache], [], makeRelations({})).plan, results, wayOut)[0];

    expect(standing([])).toMatchObject({ state: "done", where: "cache:41", note: "The epoch is 8." });
    expect(standing([failed("cache", "cutOver", false)])).toMatchObject({
      state: "failed",
      note: "It cannot be; then cut over: The epoch is 8.",
    });
  });

  it("counts a part that nobody needed as carried out, and says when nothing else was", () => {
    const idle = (verb: Verb): Result => ({
      status: "not-needed",
      component: "page",
      verb,
      because: ["data"],
    });
    const because = failed("data", "prepare", false);

    expect(row("page", [because, idle("cutOver"), done("page", "tidy", "Nothing to turn off.")])).toBe(
      "done, at undefined. Nothing to turn off.",
    );
    expect(row("page", [because, idle("cutOver"), idle("tidy")])).toBe(
      "not needed, at undefined. data failed",
    );
  });
});
