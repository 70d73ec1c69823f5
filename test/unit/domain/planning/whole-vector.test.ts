import { describe, expect, it } from "vitest";
import type { Move, Plan } from "../../../../lambdas/contracts/plan.ts";
import { planOf } from "../../../../lambdas/domain/planning/plan-of.ts";
import { makeRelations } from "../../../support/make-relations.ts";
import { makeMove } from "../make-move.ts";

const service = (component: string, overrides: Partial<Move> = {}) => makeMove({ component, ...overrides });
const held = (component: string) =>
  service(component, { verbs: ["pause", "resume", "confirm"], stays: true, estimateSeconds: 60 });
const database = makeMove({
  component: "data",
  kind: "database",
  tier: "data",
  prepareSeconds: 900,
  estimateSeconds: 1_200,
});
const page = makeMove({ component: "page", kind: "maintenance", verbs: ["cutOver", "tidy"], stays: true });
const secret = makeMove({ component: "password", kind: "secret", tier: "configuration" });

/** `api` writes to `data`, whose password is `password`; `web` depends on `api`. */
const relations = makeRelations({
  web: { dependsOn: ["api"] },
  data: { pauses: ["api"] },
  password: { before: ["api"], withDataOf: "data" },
});

/** `component verb+verb, …`, one line a wave; `after a failure …` is only carried out then. */
const told = ({ waves }: Plan) =>
  waves.map(({ actions }) =>
    actions
      .map(({ component, verbs, startOnly, ifFailed }) => {
        const when = startOnly ? "begin " : ifFailed.length > 0 ? "after a failure " : "";
        return `${when}${component} ${verbs.join("+")}`;
      })
      .join(", "),
  );

describe("a plan for the whole vector", () => {
  it("lets code go back at once, prepares data beside it, and changes data while its writers are paused", () => {
    const { plan } = planOf([service("api"), service("web"), database, secret, page], [], relations);

    expect(told(plan)).toEqual([
      "begin data prepare, api prepare+cutOver+confirm",
      "web prepare+cutOver+confirm",
      "data prepare, password prepare",
      "page cutOver",
      "api pause",
      "password cutOver",
      "data cutOver",
      "after a failure data tidy",
      "after a failure password tidy",
      "api resume+confirm",
      "data confirm, password confirm",
      "page tidy",
    ]);
  });

  it("starts a writer that waits for its data only once, on the target", () => {
    const waiting = makeRelations({ api: { dependsOn: ["data"] }, data: { pauses: ["api"] } });
    const { plan } = planOf([service("api"), database], [], waiting);

    expect(told(plan)).toEqual([
      "api prepare, data prepare",
      "api pause",
      "data cutOver",
      "api resume+confirm",
      "data confirm",
    ]);
  });

  it("pauses a writer that stays where it is, and resumes it", () => {
    const { plan } = planOf([database, held("api")], [], relations);

    expect(told(plan)).toEqual([
      "data prepare",
      "api pause",
      "data cutOver",
      "api resume+confirm",
      "data confirm",
    ]);
  });

  it("moves nobody before everybody is prepared, when all shall go together", () => {
    const { plan } = planOf([service("api"), service("web"), database], [], relations, {
      strategy: "together",
    });

    expect(told(plan)).toEqual([
      "api prepare, web prepare, data prepare",
      "api pause",
      "data cutOver",
      "api resume+confirm",
      "web cutOver+confirm, data confirm",
    ]);
  });

  it("changes what services read before they start again, and cleans what they wrote after they went back", () => {
    const reads = makeRelations({ flags: { before: ["api"] }, cache: { after: ["api"] } });
    const flags = makeMove({ component: "flags", kind: "parameter", verbs: ["cutOver"] });
    const cache = makeMove({ component: "cache", kind: "cache", verbs: ["cutOver"] });
    const { plan } = planOf([service("api"), flags, cache], [], reads);

    expect(told(plan)).toEqual(["flags cutOver", "api prepare+cutOver+confirm", "cache cutOver"]);
  });

  it("leaves paused writers and the page as they are only while data stands half way", () => {
    const { plan } = planOf([held("api"), database, page], [], relations);
    const resume = plan.waves.flatMap((wave) => wave.actions).find(({ verbs }) => verbs.includes("resume"));
    const closing = plan.closing.flatMap((wave) => wave.actions);

    expect(resume?.unlessHalfWay).toEqual(["data"]);
    expect(closing.map(({ component, verbs, unlessHalfWay }) => [component, verbs, unlessHalfWay])).toEqual([
      ["data", ["tidy"], []],
      ["api", ["tidy"], ["data"]],
      ["page", ["tidy"], ["data"]],
      ["data", ["discard"], ["data"]],
    ]);
  });

  it("cleans a cache with its data whatever else failed: before services that read it start, or after those that fill it", () => {
    const cache = (component: string) => makeMove({ component, kind: "cache", verbs: ["cutOver"] });
    const all = makeRelations({
      data: { pauses: ["api"] },
      epoch: { before: ["api"] },
      flushed: { after: ["api"] },
      foreign: { before: ["web"] },
    });
    const caches = ["epoch", "flushed", "foreign"].map(cache);
    const { plan } = planOf([service("api"), service("web"), database, ...caches], [], all);

    expect(plan.moves.map(({ component, waitsFor }) => [component, waitsFor ?? []])).toEqual([
      ...[
        ["api", []],
        ["web", []],
        ["data", []],
      ],
      ...[
        ["epoch", ["data"]],
        ["flushed", ["data"]],
        ["foreign", []],
      ],
    ]);
    expect(plan.closing.map(({ actions }) => actions.map(({ component }) => component).join(", "))).toEqual([
      "data",
      "epoch",
      "api, web, foreign",
      "flushed",
      "data",
    ]);
  });

  it("goes the way back as the mirror of what was begun", () => {
    const { plan } = planOf([service("web"), held("api"), database, page], [], relations);

    expect(
      plan.back.map(({ after, actions }) => [
        after,
        actions.map(({ component, verbs }) => `${component} ${verbs.join("+")}`).join(", "),
      ]),
    ).toEqual([
      [8, "page cutOver"],
      [6, "api pause"],
      [5, "data revert"],
      [4, "api resume"],
      [3, "page tidy"],
      [1, "web revert"],
    ]);
  });

  it("leaves everything where it went when data cannot be taken back, and data under a writer that runs", () => {
    const { plan } = planOf([service("web"), held("api"), database, page], [], relations);
    const needs = plan.back.flatMap(({ actions }) =>
      actions.map((one) => [one.component, ...one.verbs, one.needs, one.unlessHalfWay]),
    );

    expect(needs.slice(0, 2).map((one) => one.slice(2))).toEqual(Array(2).fill([[], []]));
    expect(needs.slice(2)).toEqual([
      ["data", "revert", ["api"], []],
      ["api", "resume", ["data"], ["data"]],
      ["page", "tidy", ["data"], ["data"]],
      ["web", "revert", ["data"], ["data"]],
    ]);
  });

  it("puts back what services read before they start again, also on the way back", () => {
    const reads = makeRelations({ flags: { before: ["api", "web"] } });
    const flags = makeMove({ component: "flags", kind: "parameter", verbs: ["cutOver"] });
    const restarted = service("web", { verbs: ["cutOver", "confirm"], stays: true });
    const { plan } = planOf([service("api"), restarted, flags], [], reads);

    expect(
      plan.back.map(({ after, actions }) => [
        after,
        actions.map(({ component, verbs }) => `${component} ${verbs.join("+")}`),
      ]),
    ).toEqual([
      [1, ["flags revert"]],
      [2, ["api revert", "web revert"]],
    ]);
  });

  it("lets a migration work on the data that went back, and cleans the cache after it", () => {
    const all = makeRelations({
      ...{ data: { pauses: ["api"] }, migrate: { pauses: ["api"] } },
      ...{ password: { before: ["api"], withDataOf: "data" }, cache: { before: ["api"] } },
    });
    const migrate = makeMove({ component: "migrate", kind: "task", tier: "data", verbs: ["cutOver"] });
    const cache = makeMove({ component: "cache", kind: "cache", verbs: ["cutOver"] });
    const { plan } = planOf([service("api"), database, secret, migrate, cache], [], all);

    expect(told(plan).slice(2)).toEqual([
      "api pause",
      "password cutOver",
      "data cutOver",
      "after a failure data tidy, migrate cutOver",
      "after a failure password tidy, cache cutOver",
      "api resume+confirm",
      "data confirm, password confirm",
    ]);
  });

  it("stops nobody whose data, or who itself, could not go back", () => {
    const { plan } = planOf([service("api"), database], [], relations);
    const pause = plan.waves.flatMap((wave) => wave.actions).find(({ verbs }) => verbs.includes("pause"));

    expect(pause).toMatchObject({ needs: ["api"], serves: [{ component: "data", needs: ["data", "api"] }] });
  });

  it("takes back a writer that moved although the rollback never came to pausing it", () => {
    const { plan } = planOf([service("api"), database], [], relations);
    const first = plan.back.filter(({ after }) => after === 1).flatMap(({ actions }) => actions);

    expect(first).toMatchObject([{ component: "api", verbs: ["revert"] }]);
  });

  it("rehearses only what makes something, and throws it away", () => {
    const { plan } = planOf([service("api"), database], [], relations, { rehearse: true });

    expect(told(plan)).toEqual(["data prepare", "data discard"]);
    // Also when it fails or is stopped: what was made for it is thrown away.
    expect(plan.closing.flatMap(({ actions }) => actions.map(({ verbs }) => verbs))).toEqual([
      ["tidy", "discard"],
    ]);
    expect(plan.moves.map((move) => move.component)).toEqual(["data"]);
  });

  it("counts a preparation that was begun at once only as far as it takes longer than the work beside it", () => {
    const { plan } = planOf(
      [service("api", { estimateSeconds: 300 }), database, held("batch")],
      [],
      relations,
    );

    // 900 s of preparation, the first 300 s of them beside the api; then pause 300, data 300, resume 300.
    expect(plan.estimateSeconds).toBe(900 + 300 + 300 + 300);
  });

  it("shows no page and stops nobody while something else is still on its way", () => {
    const cache = makeMove({
      component: "cache",
      kind: "cache",
      prepareSeconds: 1_200,
      estimateSeconds: 1_260,
    });
    const site = makeMove({ component: "site", kind: "frontend", prepareSeconds: 30, estimateSeconds: 600 });
    const { plan } = planOf([held("api"), database, cache, site, page], [], relations);

    expect(told(plan)).toEqual([
      "begin data prepare, begin cache prepare, site prepare+cutOver+confirm",
      "data prepare, cache prepare",
      "cache cutOver+confirm",
      "page cutOver",
      "api pause",
      "data cutOver",
      "api resume+confirm",
      "data confirm",
      "page tidy",
    ]);
  });

  it("says which components wait for one another", () => {
    const crossed = makeRelations({ flags: { before: ["api"], dependsOn: ["api"] } });
    const flags = makeMove({ component: "flags", kind: "parameter", verbs: ["cutOver"] });

    expect(planOf([service("api"), flags], [], crossed).circle.toSorted()).toEqual(["api", "flags"]);
  });
});
