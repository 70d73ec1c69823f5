import { describe, expect, it } from "vitest";
import { makeMove, PROD, QUARANTINE } from "./make-move.ts";
import { MoveStage } from "./make-move-stage.ts";
import { moveAsGranted } from "./make-mover-role.ts";

const ALL = ["prepare", "cutOver", "confirm"] as const;

function makeRename(options: { readonly seed?: number } = {}) {
  const stage = new MoveStage(options);
  const prod = stage.databases.install(PROD);
  const move = makeMove(prod, { cutOver: { strategy: "rename" } });
  moveAsGranted(stage, { instance: "prod", cutOver: { strategy: "rename" } });
  return { stage, prod, move };
}

describe("a database that goes back by renames", () => {
  it("serves the old data under its own name, like the original in every setting, and keeps the old one", async () => {
    const { stage, prod, move } = makeRename();
    stage.databases.write("prod", "orders", 5, "too late");

    expect(await stage.run(move, ALL)).toMatchObject({ status: "done", verb: "confirm" });
    await stage.forSeconds(120);

    const live = stage.databases.instance("prod");
    expect(live?.resourceId).not.toBe(prod.resourceId);
    expect(live?.securityGroups).toEqual(PROD.VpcSecurityGroupIds);
    expect(stage.databases.contentAt("prod")?.rows).toEqual({ orders: 1_000 });
    const kept = stage.databases.instance(prod.resourceId);
    expect(kept).toMatchObject({ id: move.details["retiredIdentifier"], securityGroups: [QUARANTINE] });
    expect(stage.renames()).toHaveLength(2);
    expect(stage.calls("DeleteDBInstance")).toHaveLength(0);
  });
});
