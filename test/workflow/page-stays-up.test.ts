import { describe, expect, it } from "vitest";
import type { PlannedRollback } from "../../lambdas/contracts/plan.ts";
import { makePlanned } from "./make-planned.ts";
import { done, failed, isTidying, perform } from "./perform.ts";

/** A rollback of two components, whose last wave takes a page off. */
function withPage(): PlannedRollback {
  const planned = makePlanned({ waves: [["api"], ["web"], ["page"]], onFailure: "revert" });
  const waves = planned.plan.waves.map((wave, index) =>
    index < 2
      ? wave
      : { ...wave, actions: wave.actions.map((one) => ({ ...one, verbs: ["tidy" as const] })) },
  );
  return { ...planned, plan: { ...planned.plan, waves } };
}

describe("a page that does not go off at the end", () => {
  it("is tried once more, and takes nothing back that went back, also with onFailure revert", async () => {
    const { moved, reported } = await perform({
      plan: withPage,
      move: (request) => {
        if (request.move.component !== "page") return done(request);
        return { ...failed(request), verb: "tidy" } as ReturnType<typeof failed>;
      },
    });

    expect(moved.filter(({ verbs }) => verbs.includes("revert"))).toEqual([]);
    const tidied = moved.filter((request) => isTidying(request) && request.move.component === "page");
    expect(tidied.length).toBe(2);
    expect(reported[0]?.results.map(({ component, status }) => `${component} ${status}`)).toEqual([
      "api done",
      "web done",
      "page failed",
    ]);
  });
});
