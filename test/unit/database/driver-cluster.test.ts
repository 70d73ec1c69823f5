import { describe, expect, it } from "vitest";
import type { ClusterSpec } from "../../../lib/region/services/rds/cluster-settings.ts";
import { makeClusterSpec } from "./make-cluster-spec.ts";
import { makeMove, QUARANTINE } from "./make-move.ts";
import { MoveStage } from "./make-move-stage.ts";
import { moveAsGranted } from "./make-mover-role.ts";

const ALL = ["prepare", "cutOver", "confirm"] as const;
const RENAME = { strategy: "rename" } as const;

/** An Aurora cluster with a writer and a reader, which uses what a restore does not carry over. */
const SHOP = makeClusterSpec({
  DBClusterParameterGroup: "prod-cluster-parameters",
  HttpEndpointEnabled: true,
  Port: 5433,
  members: [
    { DBInstanceIdentifier: "prod-1", DBInstanceClass: "db.r6g.xlarge", DBParameterGroupName: "prod-member" },
    { DBInstanceIdentifier: "prod-2", DBInstanceClass: "db.r6g.large", DBParameterGroupName: "prod-member" },
  ],
});

function makeCluster(spec: Partial<ClusterSpec> = {}) {
  const stage = new MoveStage();
  const prod = stage.databases.installCluster({ ...SHOP, ...spec });
  moveAsGranted(stage, { cluster: "prod", cutOver: RENAME });
  const details = { shape: "cluster", engine: "aurora-postgresql", cutOver: RENAME } as const;
  return { stage, prod, move: makeMove(prod, details), details };
}

describe("an Aurora cluster that goes back by a copy", () => {
  it("has its members, its Data API and its own name, and the old one is kept", async () => {
    const { stage, prod, move } = makeCluster();
    stage.databases.write("prod", "orders", 5, "too late");

    expect(await stage.run(move, ALL)).toMatchObject({ status: "done", verb: "confirm" });
    await stage.forSeconds(120);

    expect(stage.databases.instance("prod")?.resourceId).not.toBe(prod.resourceId);
    expect(stage.databases.contentAt("prod")?.rows).toEqual({ orders: 1_000 });
    expect(stage.databases.connectable("prod")).toBe(true);
    expect(stage.calls("CreateDBInstance").map((input) => input["DBInstanceClass"])).toEqual([
      "db.r6g.xlarge",
      "db.r6g.large",
    ]);
    expect(stage.calls("EnableHttpEndpoint")).toHaveLength(1);
    expect(stage.databases.instance(prod.resourceId)?.securityGroups).toEqual([QUARANTINE]);
  });

  it("is discarded with its members, and the original stays", async () => {
    const { stage, prod, move } = makeCluster();
    await stage.run(move, ["prepare"]);

    expect(await stage.run(move, ["discard"])).toMatchObject({ status: "done" });

    expect(stage.databases.instance(String(move.details["stagingIdentifier"]))).toBeUndefined();
    expect(stage.calls("DeleteDBInstance")).toHaveLength(2);
    expect(stage.calls("DeleteDBCluster")).toHaveLength(1);
    expect(stage.databases.instance("prod")?.resourceId).toBe(prod.resourceId);
  });
});

describe("the clone that a rehearsal makes", () => {
  it("is of now, with everything that a copy has, and gone afterwards", async () => {
    const { stage, prod, details } = makeCluster();
    const move = makeMove(prod, { ...details, way: "clone", restoreTo: undefined });
    stage.databases.write("prod", "orders", 5, "just now");
    const staging = String(move.details["stagingIdentifier"]);

    expect(await stage.run(move, ["prepare"])).toMatchObject({ status: "done" });

    const [restore] = stage.calls("RestoreDBClusterToPointInTime");
    expect(restore).toMatchObject({ RestoreType: "copy-on-write", UseLatestRestorableTime: true });
    expect(restore).not.toHaveProperty("RestoreToTime");
    expect(stage.databases.contentAt(staging)?.rows).toEqual({ orders: 1_005 });
    expect(stage.calls("CreateDBInstance")).toHaveLength(2);

    expect(await stage.run(move, ["discard"])).toMatchObject({ status: "done" });
    expect(stage.databases.instance(staging)).toBeUndefined();
    expect(stage.calls("CreateDBClusterSnapshot")).toHaveLength(0);
  });

  it("is nothing that users are ever sent to", async () => {
    const { stage, prod, details } = makeCluster();
    const move = makeMove(prod, { ...details, way: "clone", restoreTo: undefined });
    await stage.run(move, ["prepare"]);

    await expect(stage.tick("cutOver", move)).rejects.toThrow("nobody is ever sent to one");
    expect(stage.databases.instance("prod")?.resourceId).toBe(prod.resourceId);
  });
});

describe("an Aurora MySQL cluster that is wound back in place", () => {
  function makeBacktracked() {
    const made = makeCluster({
      Engine: "aurora-mysql",
      EngineVersion: "8.0.mysql_aurora.3.07.1",
      BacktrackWindow: 86_400,
    });
    const move = makeMove(made.prod, { ...made.details, way: "backtrack", engine: "aurora-mysql" });
    return { ...made, move };
  }

  it("shows the old data after minutes, with a snapshot from before, and forward again when reverted", async () => {
    const { stage, prod, move } = makeBacktracked();
    stage.databases.write("prod", "orders", 5, "too late");

    expect(await stage.run(move, ALL)).toMatchObject({ status: "done", verb: "confirm" });
    expect(stage.databases.contentAt("prod")?.rows).toEqual({ orders: 1_000 });
    expect(stage.calls("CreateDBClusterSnapshot")).toHaveLength(1);
    expect(stage.databases.instance("prod")?.resourceId).toBe(prod.resourceId);

    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    expect(stage.databases.contentAt("prod")?.rows).toEqual({ orders: 1_005 });
    expect(stage.calls("BacktrackDBCluster")).toHaveLength(2);
  });

  it("is wound back once, whichever answer is lost and wherever the function dies", async () => {
    for (const fail of [{ write: 0 }, { write: 1 }, { write: 2 }, { write: 3 }, { lost: true }]) {
      const { stage, move } = makeBacktracked();
      stage.databases.write("prod", "orders", 5, "too late");
      await stage.run(move, ["prepare"]);
      if (fail.lost) stage.faults.add({ operation: "BacktrackDBCluster", times: 1, effect: "lost-reply" });
      else stage.crashingWrites = new Set([stage.written.length + (fail.write ?? 0)]);

      expect(await stage.run(move, ["cutOver", "confirm"])).toMatchObject({ status: "done" });
      expect(stage.calls("BacktrackDBCluster").length, JSON.stringify(fail)).toBe(1);
      expect(stage.databases.contentAt("prod")?.rows).toEqual({ orders: 1_000 });
    }
  });

  it("is not begun when the moment is out of reach by then", async () => {
    const { stage, prod, details } = makeBacktracked();
    const restoreTo = new Date(stage.kernel.now - 40 * 86_400_000).toISOString();
    const move = makeMove(prod, { ...details, way: "backtrack", restoreTo, acceptedLossSeconds: 9_999_999 });

    expect(await stage.run(move, ["prepare"])).toMatchObject({
      status: "failed",
      code: "PREPARE_FAILED",
      touched: false,
    });
    expect(stage.calls("BacktrackDBCluster")).toHaveLength(0);
  });
});
