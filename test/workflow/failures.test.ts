import { describe, expect, it } from "vitest";
import type { Plan } from "../../lambdas/contracts/plan.ts";
import { planOf } from "../../lambdas/domain/planning/plan-of.ts";
import { makeRelations } from "../support/make-relations.ts";
import { makePlanned } from "./make-planned.ts";
import { type Cast, done, failed, isForward, isTidying, perform } from "./perform.ts";

/** `web` waits for `api`, and `site` for `web`; `batch` waits for `worker`, and `api` fails. */
const branches = {
  waves: [["api", "worker"], ["web", "batch"], ["site"]],
  dependsOn: { web: ["api"], batch: ["worker"], site: ["web"] },
};
const apiFails: Cast["move"] = (request) =>
  request.move.component === "api" && isForward(request) ? failed(request) : done(request);

describe("after a failed component", () => {
  it.each([
    ["stop", ["api", "worker"], []],
    ["continue", ["api", "batch", "worker"], []],
    ["revert", ["api", "worker"], ["api", "worker"]],
  ] as const)("with %s moves %j and reverts %j", async (onFailure, forward, back) => {
    const { moved, reported } = await perform({
      plan: () => makePlanned({ ...branches, onFailure }),
      move: apiFails,
    });

    const names = (reverting: boolean) =>
      moved
        .filter((request) => !isTidying(request) && isForward(request) !== reverting)
        .map(({ move }) => move.component)
        .sort();
    expect([names(false), names(true)]).toEqual([forward, back]);
    const wentBack = reported[0]?.wayOut.filter((tick) => tick.verb === "revert");
    expect(wentBack?.map((tick) => tick.component)).toEqual(back);
    expect(reported[0]?.verification).toBeNull();
  });

  it("says of each that it left out because of which other, also of those that need one left out", async () => {
    const { reported, told } = await perform({
      plan: () => makePlanned({ ...branches, onFailure: "continue" }),
      move: apiFails,
    });

    expect(reported[0]?.results.filter(({ status }) => status === "left-out")).toEqual([
      { status: "left-out", component: "web", verb: "prepare", because: ["api"] },
      { status: "left-out", component: "site", verb: "prepare", because: ["web"] },
    ]);
    const { message } = told.at(-1) ?? {};
    expect(message).toContain("- web: left out, at boardroom-web:42 (2.10.0). api failed");
    expect(message).toContain("- site: left out, at boardroom-site:42 (2.10.0). web was left out");
    expect(message).toContain("worker, batch went back, api, web, site did not.");
  });

  it("does not carry out what only helps others, once none of them can go on", async () => {
    const results = async (serves: Plan["waves"][number]["actions"][number]["serves"]) => {
      const { plan, ...planned } = makePlanned({ waves: [["api", "worker"], ["page"]], dependsOn: {} });
      const waves = [
        ...plan.waves.map(({ why, actions }) => ({
          why,
          actions: actions.filter(({ component }) => component !== "page"),
        })),
        {
          why: "users see the maintenance page",
          actions: plan.waves
            .flatMap(({ actions }) => actions)
            .filter(({ component }) => component === "page")
            .map((action) => ({ ...action, serves })),
        },
      ];
      const { reported } = await perform({
        plan: () => ({ ...planned, onFailure: "continue", plan: { ...plan, waves } }),
        move: apiFails,
      });
      return reported[0]?.results.filter(({ component }) => component === "page");
    };

    expect(await results([{ component: "data", needs: ["data", "api"] }])).toEqual([
      { status: "not-needed", component: "page", verb: "prepare", because: ["api"] },
    ]);
    const one = { component: "other", needs: ["other", "worker"] };
    expect(await results([{ component: "data", needs: ["data", "api"] }, one])).toMatchObject([
      { status: "done" },
    ]);
  });

  it("leaves everything where it went, with onFailure revert, when its data cannot be taken back, and says why", async () => {
    const moves = makePlanned({ waves: [["api", "web", "data"]] }).plan.moves;
    const { plan } = planOf(moves, [], makeRelations({ data: { pauses: ["api"] } }));
    const { moved, reported, told } = await perform({
      plan: () => makePlanned({ plan, onFailure: "revert" }),
      move: (request) => {
        const { component } = request.move;
        if (component === "api" && request.verbs.includes("resume")) return failed(request);
        return component === "data" && request.verbs.includes("revert") ? failed(request) : done(request);
      },
    });

    const reverted = moved.filter(({ verbs }) => verbs.includes("revert")).map(({ move }) => move.component);
    expect(reverted).toEqual(["data"]);
    expect(reported[0]?.wayOut.filter(({ status }) => status === "left-out")).toEqual([
      { status: "left-out", component: "api", verb: "revert", because: ["data"] },
      { status: "left-out", component: "api", verb: "revert", because: ["data"] },
      { status: "left-out", component: "web", verb: "revert", because: ["data"] },
    ]);
    expect(told.at(-1)?.message).toMatch(/- web: done.*then not taken back, because of data/);
  });
});
