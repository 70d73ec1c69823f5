import { describe, expect, it } from "vitest";
import type { DatabaseCutOver } from "../../../lambdas/contracts/kinds/database.ts";
import { makeMove, PROD, QUARANTINE } from "./make-move.ts";
import { MoveStage } from "./make-move-stage.ts";
import { moveAsGranted } from "./make-mover-role.ts";

const ALL = ["prepare", "cutOver", "confirm"] as const;

/** A database that one rollback brought to old data, and the move of an undo, which returns to the kept one. */
async function makeUndo(cutOver: DatabaseCutOver) {
  const stage = new MoveStage();
  const prod = stage.databases.install(PROD);
  const versions = [{ value: prod.host ?? "", modifiedAt: stage.kernel.now - 1 }];
  stage.ssm.install({ name: "/shop/db-host", type: "String", versions });
  stage.databases.write("prod", "orders", 5, "too late");
  moveAsGranted(stage, { instance: "prod", cutOver });
  const there = makeMove(prod, { cutOver });
  await stage.run(there, ALL);
  await stage.forSeconds(120);
  const byRename = cutOver.strategy === "rename";
  const kept = stage.databases.instance(prod.resourceId);
  const copy = stage.databases.instance(byRename ? "prod" : String(there.details["stagingIdentifier"]));
  if (!kept || !copy) throw new Error("The first rollback left nothing to undo");
  stage.entries.clear();
  const way = { way: "return", keptResourceId: prod.resourceId, stagingIdentifier: kept.id } as const;
  return { stage, prod, copy, kept, move: makeMove(copy, { cutOver, ...way, restoreTo: undefined }, "rb-2") };
}

describe("an undo that returns to the kept database", () => {
  it.each<DatabaseCutOver>([
    { strategy: "rename" },
    { strategy: "endpoint-parameter", parameter: "/shop/db-host" },
  ])(
    "swaps the roles by $strategy: the kept one serves in its groups, the other is kept",
    async (cutOver) => {
      const { stage, prod, copy, move } = await makeUndo(cutOver);

      expect(await stage.run(move, ALL, { rollbackId: "rb-2" })).toMatchObject({
        status: "done",
        verb: "confirm",
      });
      await stage.forSeconds(120);

      expect(stage.databases.instance("prod")?.resourceId).toBe(prod.resourceId);
      expect(stage.databases.instance("prod")?.securityGroups).toEqual(PROD.VpcSecurityGroupIds);
      expect(stage.databases.contentAt("prod")?.rows).toEqual({ orders: 1_005 });
      expect(stage.databases.instance(copy.resourceId)?.securityGroups).toEqual([QUARANTINE]);
      expect(await stage.run(move, ["discard", "tidy"], { rollbackId: "rb-2" })).toMatchObject({
        status: "done",
      });
      expect(stage.calls("DeleteDBInstance")).toHaveLength(0);
    },
  );

  it("locks the kept one away again when it is stopped before anybody was on it", async () => {
    const { stage, prod, copy, move } = await makeUndo({ strategy: "rename" });
    await stage.run(move, ["prepare"], { rollbackId: "rb-2" });
    await stage.runUntilStep(move, "cutOver", "switch-intended", "rb-2");

    expect(await stage.run(move, ["tidy", "discard"], { rollbackId: "rb-2" })).toMatchObject({
      status: "done",
    });
    await stage.forSeconds(120);

    expect(stage.databases.instance("prod")?.resourceId).toBe(copy.resourceId);
    expect(stage.databases.instance(prod.resourceId)?.securityGroups).toEqual([QUARANTINE]);
  });

  it("does not begin when the kept one was renamed or is gone", async () => {
    const { stage, kept, move } = await makeUndo({ strategy: "rename" });
    const renamed = { ...move, details: { ...move.details, stagingIdentifier: `${kept.id}x` } };
    const gone = { ...move, details: { ...move.details, keptResourceId: "db-GONE" } };

    for (const wrong of [renamed, gone]) {
      expect(await stage.run(wrong, ["prepare"], { rollbackId: "rb-2" })).toMatchObject({
        status: "failed",
        code: "CHANGED_SINCE_PLAN",
        touched: false,
      });
    }
  });
});
