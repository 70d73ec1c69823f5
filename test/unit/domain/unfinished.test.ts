import { describe, expect, it } from "vitest";
import type { Result } from "../../../lambdas/contracts/left-out.ts";
import { finishLine, leftLine, unfinishedIn } from "../../../lambdas/domain/unfinished.ts";
import { makeMove } from "./make-move.ts";

const plan = {
  moves: [
    makeMove({ component: "database", kind: "database", tier: "data" }),
    makeMove({ component: "api" }),
    makeMove({ component: "page", kind: "maintenance" }),
  ],
};
const rollback = { environment: "prod", rollbackId: "rb-1" };
const done = (component: string): Result => ({ component, verb: "tidy", status: "done", note: "" });
const failed = (component: string, code: string): Result => ({
  ...{ component, verb: "tidy", status: "failed", note: "", touched: true },
  code,
});

describe("what a rollback could not put right", () => {
  it.each<[string, readonly Result[], readonly string[] | undefined, boolean?]>([
    ["is nothing when all is put right", [done("database"), done("api")], undefined],
    ["is nothing when a second try did it", [failed("api", "REFUSED_BY_AWS"), done("api")], undefined],
    ["is nothing that another try cannot cure", [failed("api", "SUPERSEDED")], undefined],
    [
      "is a page that AWS did not let go off: others may go back meanwhile",
      [failed("page", "REFUSED_BY_AWS")],
      ["page"],
      false,
    ],
    [
      "is data that stands half way: nothing that it holds goes back",
      [failed("database", "HALF_WAY")],
      ["database"],
      true,
    ],
    ["is data that nobody could ask", [failed("database", "AwsBusy")], ["database"], true],
    [
      "is a service that was not brought back: it may stand still",
      [failed("api", "REFUSED_BY_AWS")],
      ["api"],
      true,
    ],
    [
      "is a service whose tasks were slow to start: it does not stand still",
      [failed("api", "TOO_SLOW")],
      ["api"],
      false,
    ],
    [
      "is data that was still on its way",
      [{ component: "database", verb: "tidy", status: "working", note: "", waitSeconds: 9 }],
      ["database"],
      true,
    ],
    [
      "is a copy that was still being removed, and holds nobody",
      [{ component: "database", verb: "discard", status: "working", note: "", waitSeconds: 9 }],
      ["database"],
      false,
    ],
  ])("%s", (_, wayOut, components, halfWay) => {
    const unfinished = unfinishedIn(plan, wayOut, new Map());

    expect(unfinished?.components).toEqual(components);
    expect(unfinished?.halfWay).toBe(halfWay);
  });

  it("is also what a component noted, though it is where it was to be: until it notes that nothing is left", () => {
    const noted = (what: string) =>
      new Map([
        ["api", [{ component: "api", step: "left", at: "2026-11-21T01:00:00.000Z", facts: { what } }]],
      ]);

    const left = { components: ["api"], halfWay: false, holds: ["database", "api", "page"] };
    expect(unfinishedIn(plan, [done("api")], noted("the schedule nightly"))).toEqual(left);
    expect(unfinishedIn(plan, [done("api")], noted(""))).toBeUndefined();
  });

  it("is told with what to type, and what it means", () => {
    const unfinished = { components: ["database"], halfWay: true, holds: ["database", "api"] };

    expect(finishLine("prod", "rb-1", unfinished)).toBe(
      "Not put right: database. When what stopped it is mended, or done by hand: npx stepback finish rb-1 --environment prod. Until then services may stand still, users may see the maintenance page, and nothing that this rollback holds goes back. What is in order in a way that Stepback cannot see: add --as-it-is.",
    );
    expect(finishLine("prod", "rb-1", { ...unfinished, halfWay: false })).not.toContain("Until then");
    expect(leftLine(rollback, unfinished, [failed("database", "HALF_WAY")])).toContain("npx stepback finish");
  });

  it("is the clean-up's as long as that goes on by itself", () => {
    const wayOut = [failed("database", "AwsBusy")];
    const unfinished = { components: ["database"], halfWay: true, holds: ["database", "api"] };

    expect(leftLine(rollback, unfinished, wayOut)).toBe(
      "Not put right yet: database. The clean-up goes on with it, and another message says how that ended.",
    );
  });
});
