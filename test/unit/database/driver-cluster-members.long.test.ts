import {
  CreateDBInstanceCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  FailoverDBClusterCommand,
  ModifyDBClusterCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { DEFAULT_PACE } from "../../../lib/region/services/rds/pace.ts";
import { makeClusterSpec } from "./make-cluster-spec.ts";
import { makeMove } from "./make-move.ts";
import { MoveStage } from "./make-move-stage.ts";
import { moveAsGranted } from "./make-mover-role.ts";

const RENAME = { strategy: "rename" } as const;
const OPERATOR = { accessKeyId: "operator", secretAccessKey: "any" };
const MEMBER = { Engine: "aurora-postgresql", DBClusterIdentifier: "prod", DBInstanceClass: "db.r6g.large" };

/** A cluster whose members are all different. */
const SHOP = makeClusterSpec({
  ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 8 },
  members: [
    { DBInstanceIdentifier: "prod-1", DBInstanceClass: "db.r6g.xlarge", PromotionTier: 0 },
    { DBInstanceIdentifier: "prod-2", DBInstanceClass: "db.serverless", PromotionTier: 2 },
    { DBInstanceIdentifier: "prod-3", DBInstanceClass: "db.r6g.large", PromotionTier: 15 },
  ],
});

function makeShop() {
  const stage = new MoveStage();
  const prod = stage.databases.installCluster(SHOP);
  moveAsGranted(stage, { cluster: "prod", cutOver: RENAME });
  const move = makeMove(prod, { shape: "cluster", engine: "aurora-postgresql", cutOver: RENAME });
  const client = new RDSClient({ ...stage.clientSettings(), credentials: OPERATOR });
  const act = <T>(work: () => Promise<T>) => stage.kernel.complete(stage.kernel.activity("operator", work));
  /** Class and promotion tier of each member of the copy, as RDS tells. */
  const copied = async () => {
    const { DBInstances = [] } = await act(() => client.send(new DescribeDBInstancesCommand({})));
    return DBInstances.filter(({ DBInstanceIdentifier: name = "" }) => name.startsWith("prod-sb-"))
      .map(({ DBInstanceClass, PromotionTier }) => `${DBInstanceClass} ${PromotionTier}`)
      .sort();
  };
  return { stage, prod, move, client, act, copied };
}

const ALIKE = ["db.r6g.large 15", "db.r6g.xlarge 0", "db.serverless 2"];

describe("the members of a copy", () => {
  it("are made writer first, readers together once it is there, each with the class and tier of its own", async () => {
    const { stage, move, copied } = makeShop();

    expect(await stage.run(move, ["prepare"])).toMatchObject({ status: "done" });

    expect(await copied()).toEqual(ALIKE);
    const [writer, ...readers] = stage.endpoint.calls.filter(
      ({ operation }) => operation === "CreateDBInstance",
    );
    expect(writer?.input["DBInstanceClass"]).toBe("db.r6g.xlarge");
    expect(readers.map(({ input }) => input["PromotionTier"])).toEqual([2, 15]);
    const [first = 0, second = 0] = readers.map(({ at }) => at);
    expect(first - (writer?.at ?? 0)).toBeGreaterThan(20_000);
    expect(second - first).toBeLessThan(20_000);
  });

  it("are on their way at most 15 seconds after their cluster is there, however long that took", async () => {
    for (const seed of [1, 2]) {
      const stage = new MoveStage({ seed });
      stage.databases.drill.pace = { ...DEFAULT_PACE, flash: [0, 0], settling: [0, 0] };
      const prod = stage.databases.installCluster(SHOP);
      const move = makeMove(prod, { shape: "cluster", engine: SHOP.Engine, cutOver: RENAME });

      await stage.runUntilStep(move, "prepare", "member-1-intended");

      const there = stage.kernel.log.entries.find(({ facts }) =>
        String(facts["message"]).startsWith("Restored from DB cluster"),
      );
      // A setting that the restore does not take may come before the first member.
      const acted = stage.endpoint.calls.find(
        ({ at, operation }) => at >= (there?.at ?? 0) && !operation.startsWith("Describe"),
      );
      expect(((acted?.at ?? 0) - (there?.at ?? 0)) / 1_000, `seed ${seed}`).toBeGreaterThan(0);
      expect(((acted?.at ?? 0) - (there?.at ?? 0)) / 1_000, `seed ${seed}`).toBeLessThanOrEqual(15);
    }
  });

  it("are like the source's though that fails over in between: roles change, likeness does not", async () => {
    const { stage, move, client, act, copied } = makeShop();
    await stage.runUntilStep(move, "prepare", "member-1-intended");
    const input = { DBClusterIdentifier: "prod", TargetDBInstanceIdentifier: "prod-3" };
    await act(() => client.send(new FailoverDBClusterCommand(input)));

    expect(await stage.run(move, ["prepare", "cutOver", "confirm"])).toMatchObject({ verb: "confirm" });

    expect(await copied()).toEqual(ALIKE);
    expect(stage.calls("CreateDBInstance")).toHaveLength(3);
  });

  it("may be more than the source has by now, as readers that scale come and go, and never fewer", async () => {
    const { stage, move, client, act, copied } = makeShop();
    await stage.runUntilStep(move, "prepare", "member-3-intended");
    await act(() => client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: "prod-3" })));
    const input = { ...MEMBER, DBInstanceIdentifier: "prod-4", PromotionTier: 7 };
    await act(() => client.send(new CreateDBInstanceCommand(input)));

    expect(await stage.run(move, ["prepare"])).toMatchObject({ status: "done" });

    expect(await copied()).toEqual([
      "db.r6g.large 15",
      "db.r6g.large 7",
      "db.r6g.xlarge 0",
      "db.serverless 2",
    ]);
  });

  it("end the preparation at once when one cannot be made, with RDS's reason, and all of it is discarded", async () => {
    const { stage, move } = makeShop();
    await stage.runUntilStep(move, "prepare", "member-1-intended");
    stage.databases.drill.failNextMember("insufficient-capacity");
    const began = stage.kernel.now;

    expect(await stage.run(move, ["prepare"])).toMatchObject({
      status: "failed",
      code: "PREPARE_FAILED",
      touched: false,
      note: expect.stringMatching(/-2-new ended as insufficient-capacity.*insufficient instance capacity/),
    });

    expect(stage.kernel.now - began).toBeLessThan(15 * 60_000);
    expect(await stage.run(move, ["tidy", "discard"])).toMatchObject({ status: "done" });
    expect(stage.databases.instance(String(move.details["stagingIdentifier"]))).toBeUndefined();
    expect(stage.calls("DeleteDBInstance")).toHaveLength(3);
  });

  it("are asked for again at once when the request never arrived, and once only when just the answer was lost", async () => {
    for (const effect of ["refused", "lost-reply", "throttle", "server-error"] as const) {
      const { stage, move, copied } = makeShop();
      await stage.runUntilStep(move, "prepare", "copy-made");
      stage.faults.add({ operation: "CreateDBInstance", effect, times: 1 });
      const began = stage.kernel.now;

      expect(await stage.run(move, ["prepare"]), effect).toMatchObject({ status: "done" });
      expect(stage.faults.unstruck(), effect).toEqual([]);
      expect(await copied(), effect).toEqual(ALIKE);
      expect(stage.kernel.now - began, effect).toBeLessThan(10 * 60_000);
    }
  });

  it("do not take a name that is somebody else's, and the preparation says whose", async () => {
    const { stage, move, client, act } = makeShop();
    const name = `${String(move.details["stagingIdentifier"]).replace(/-new$/, "")}-1-new`;
    await act(() => client.send(new CreateDBInstanceCommand({ ...MEMBER, DBInstanceIdentifier: name })));

    expect(await stage.run(move, ["prepare"])).toMatchObject({
      status: "failed",
      code: "PREPARE_FAILED",
      note: expect.stringContaining(`DB instance already exists: ${name}`),
    });
  });
});

describe("a copy whose parameter group somebody changed", () => {
  it("gets its own again, and its members are rebooted so that it takes effect", async () => {
    const { stage, move, client, act } = makeShop();
    stage.databases.installCluster({
      DBClusterIdentifier: "other",
      Engine: "aurora-postgresql",
      EngineVersion: "16.4",
      DBClusterParameterGroup: "special",
      members: [],
    });
    const DBClusterIdentifier = String(move.details["stagingIdentifier"]);
    await stage.runUntilStep(move, "prepare", "member-3-intended");
    const input = { DBClusterIdentifier, DBClusterParameterGroupName: "special" };
    await act(() => client.send(new ModifyDBClusterCommand(input)));

    expect(await stage.run(move, ["prepare"])).toMatchObject({ status: "done" });

    expect(stage.calls("RebootDBInstance").map((call) => call["DBInstanceIdentifier"])).toHaveLength(3);
    const { DBClusters } = await act(() =>
      client.send(new DescribeDBClustersCommand({ DBClusterIdentifier })),
    );
    expect(DBClusters?.[0]?.DBClusterMembers?.map((one) => one.DBClusterParameterGroupStatus)).toEqual([
      "in-sync",
      "in-sync",
      "in-sync",
    ]);
  });
});

describe("a reader of the old cluster that is broken", () => {
  async function makeBroken() {
    const made = makeShop();
    const { stage, client, act } = made;
    stage.databases.drill.failNextMember("incompatible-parameters");
    const input = { ...MEMBER, DBInstanceIdentifier: "prod-4" };
    await act(() => client.send(new CreateDBInstanceCommand(input)));
    await stage.forSeconds(120);
    return made;
  }

  it("gets no likeness in the copy, which would break as well", async () => {
    const { stage, move, copied } = await makeBroken();

    expect(await stage.run(move, ["prepare"])).toMatchObject({ status: "done" });

    expect(await copied()).toEqual(ALIKE);
  });

  it("holds nobody up while writers are paused", async () => {
    const { stage, prod, move } = await makeBroken();
    await stage.run(move, ["prepare"]);
    const began = stage.kernel.now;

    expect(await stage.run(move, ["cutOver", "confirm"])).toMatchObject({ status: "done", verb: "confirm" });

    expect(stage.kernel.now - began).toBeLessThan(15 * 60_000);
    expect(stage.databases.instance("prod")?.resourceId).not.toBe(prod.resourceId);
  });
});
