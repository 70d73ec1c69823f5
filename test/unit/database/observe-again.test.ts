import { AddTagsToResourceCommand } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import type { Wish } from "../../../lambdas/components/component.ts";
import type { Outcome } from "../../../lambdas/contracts/vocabulary.ts";
import { makeRollbackRecord } from "../domain/make-rollback-record.ts";
import { ago, makeOutlook, START } from "./make-outlook.ts";

const OLD = "db-OLD";
const MOMENT = ago(90);

/** The database that serves was made 60 minutes ago by a rollback that ended so, as of 90 minutes ago. */
async function makeAgain(outcome: Outcome, tags: Readonly<Record<string, string>> = {}) {
  const outlook = makeOutlook({ since: START - 60 * 60_000 });
  const move = {
    component: "orders",
    kind: "database",
    tier: "data",
    took: {},
    from: { id: OLD, label: "prod" },
    to: { id: `${OLD}@${MOMENT.slice(0, 19)}Z`, label: "prod as of then" },
  } as const;
  const record = makeRollbackRecord({ outcome, moves: [move], startedAt: ago(80), endedAt: ago(40) });
  const own = { "stepback:state": "live", "stepback:source": OLD, "stepback:rollback": record.id, ...tags };
  const Tags = Object.entries(own).map(([Key, Value]) => ({ Key, Value }));
  await outlook.send(new AddTagsToResourceCommand({ ResourceName: outlook.prod.arn, Tags }));
  // A rehearsal since then changed nothing.
  const rehearsed = makeRollbackRecord({ mode: "rehearse", outcome: "Rehearsed", moves: [move] });
  return (wish: Partial<Wish>) => outlook.assess({ past: [rehearsed, record], ...wish });
}

const nothingTold = { target: undefined } as unknown as Partial<Wish>;
const cutAt = (minutes: number) => ({ ...nothingTold, cut: new Date(ago(minutes)) });

describe("a database that a rollback took to a moment before it was stopped", () => {
  it.each<[string, Partial<Wish>]>([
    ["that very moment, by a person", { target: { at: MOMENT } }],
    ["the same release's moment, by the planner", cutAt(90)],
    ["a moment after it that its own backups do not reach", cutAt(85)],
    ["nothing tells which moment", nothingTold],
  ])("has nothing to do when a second start wants %s", async (_, wish) => {
    const { verdict, move } = await (await makeAgain("Stopped"))(wish);

    expect(verdict.verdict).toBe("nothing-to-do");
    expect(verdict.reason).toMatch(/as of .* since rb-.*, which ended Stopped; what was written since/);
    expect(move).toBeUndefined();
  });

  it.each<[string, Partial<Wish>]>([
    ["an earlier moment", { target: { at: ago(100) } }],
    ["a later one, which that copy does not hold", { target: { at: ago(80) } }],
  ])("is refused when a person wants %s", async (_, wish) => {
    expect((await (await makeAgain("Stopped"))(wish)).verdict.verdict).toBe("refuse");
  });

  it("goes back for a release that came after the copy was made", async () => {
    expect((await (await makeAgain("Stopped"))(cutAt(30))).verdict.verdict).toBe("roll-back");
  });

  it("is told nothing to do by its very moment only, when that rollback ended well", async () => {
    const again = await makeAgain("Recovered");

    expect((await again({ target: { at: MOMENT } })).verdict.verdict).toBe("nothing-to-do");
    expect((await again(nothingTold)).verdict.verdict).toBe("refuse");
    expect((await again(cutAt(85))).verdict.verdict).toBe("refuse");
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ["was made by another rollback", { "stepback:rollback": "rb-other" }],
    ["was made from another database", { "stepback:source": "db-OTHER" }],
    ["does not count as switched to yet", { "stepback:state": "staging" }],
  ])("is not taken for it when it %s", async (_, tags) => {
    const again = await makeAgain("Stopped", tags);

    expect((await again({ target: { at: MOMENT } })).verdict.verdict).toBe("refuse");
  });

  it("can still be rehearsed", async () => {
    const { verdict } = await (await makeAgain("Stopped"))({ ...nothingTold, rehearsal: true });

    expect(verdict.verdict).toBe("roll-back");
  });
});
