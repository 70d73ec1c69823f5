import {
  BacktrackDBClusterCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClusterBacktracksCommand,
  DescribeDBClustersCommand,
  EnableHttpEndpointCommand,
  ModifyDBClusterCommand,
  RestoreDBClusterFromSnapshotCommand,
  RestoreDBClusterToPointInTimeCommand,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import type { ClusterSpec } from "../../../lib/region/services/rds/cluster-settings.ts";
import { MINUTE, makeRds, START } from "./make-rds.ts";

function makeCluster(spec: Partial<ClusterSpec> = {}) {
  const rds = makeRds();
  const cluster = rds.databases.installCluster({
    DBClusterIdentifier: "shop",
    Engine: "aurora-mysql",
    EngineVersion: "8.0.mysql_aurora.3.08.0",
    BacktrackWindow: 24 * 3600,
    Port: 3307,
    DBClusterParameterGroup: "shop-parameters",
    VpcSecurityGroupIds: ["sg-shop"],
    HttpEndpointEnabled: true,
    DeletionProtection: true,
    tags: [{ Key: "env", Value: "prod" }],
    members: [{ DBInstanceIdentifier: "shop-1" }, { DBInstanceIdentifier: "shop-2" }],
    rows: { orders: 100 },
    ...spec,
  });
  const host = cluster.host ?? "";
  const restore = (more: object) =>
    rds.send(
      new RestoreDBClusterToPointInTimeCommand({
        DBClusterIdentifier: "shop-new",
        SourceDbClusterResourceId: cluster.resourceId,
        ...more,
      }),
    );
  const member = (DBInstanceClass: string, cluster = "shop-new") =>
    rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: `${cluster}-a`,
        DBClusterIdentifier: cluster,
        DBInstanceClass,
        Engine: "aurora-mysql",
      }),
    );
  const described = async (id: string) => {
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: id }));
    return DBClusters?.[0];
  };
  return { ...rds, cluster, host, restore, member, described };
}

describe("an Aurora cluster", () => {
  it("is restored without its instances and without most of its settings", async () => {
    const { advance, databases, described, host, member, restore } = makeCluster();
    databases.write(host, "orders", 1);
    await advance(30 * MINUTE);

    await restore({ RestoreToTime: new Date(START - MINUTE), VpcSecurityGroupIds: ["sg-shop"] });
    await expect(member("db.r6g.large")).rejects.toMatchObject({ name: "InvalidDBClusterStateFault" });
    await advance(30 * MINUTE);
    const bare = await described("shop-new");
    await expect(member("db.serverless")).rejects.toThrow("Set the Serverless v2 scaling configuration");
    await member("db.r6g.large");
    await advance(30 * MINUTE);

    expect(bare).toMatchObject({
      Status: "available",
      Port: 3306,
      DBClusterParameterGroup: "default.aurora-mysql8.0",
      DeletionProtection: false,
      HttpEndpointEnabled: false,
      BacktrackWindow: 0,
      TagList: [{ Key: "env", Value: "prod" }],
    });
    expect(bare?.DBClusterMembers ?? []).toEqual([]);
    expect((await described("shop-new"))?.DBClusterMembers).toMatchObject([
      { DBInstanceIdentifier: "shop-new-a", IsClusterWriter: true },
    ]);
    expect(databases.contentAt("shop-new")?.rows).toEqual({ orders: 100 });
    expect(databases.connectable(databases.instance("shop-new")?.host ?? "")).toBe(true);
  });

  it("is cloned as of now and of no other time", async () => {
    const { advance, databases, host, restore } = makeCluster();
    const RestoreType = "copy-on-write";
    databases.write(host, "orders", 1);

    await expect(restore({ RestoreType, RestoreToTime: new Date(START - MINUTE) })).rejects.toMatchObject({
      name: "InvalidParameterCombination",
    });
    await restore({ RestoreType, UseLatestRestorableTime: true });
    databases.write(host, "orders", 1);
    await advance(30 * MINUTE);

    expect(databases.contentAt("shop-new")?.rows).toEqual({ orders: 101 });
  });

  it("takes no monitoring settings with a restore, though the shape has them", async () => {
    const { restore } = makeCluster();

    await expect(
      restore({ UseLatestRestorableTime: true, EnablePerformanceInsights: true }),
    ).rejects.toMatchObject({
      name: "InvalidParameterCombination",
      message: expect.stringContaining("Aurora Limitless DB cluster"),
    });
  });

  it("goes back in place, drops its connections, and goes forward again", async () => {
    const { advance, databases, host, send } = makeCluster();
    databases.write(host, "orders", 1);
    const good = new Date(START + MINUTE);
    await advance(2 * MINUTE);
    databases.write(host, "orders", 10);
    databases.setSessions(host, 4);
    await advance(MINUTE);
    const backtrack = (BacktrackTo: Date | undefined) =>
      send(new BacktrackDBClusterCommand({ DBClusterIdentifier: "shop", BacktrackTo }));

    const { BacktrackIdentifier, BacktrackedFrom, Status } = await backtrack(good);
    await advance(30_000);
    expect(databases.connectable(host)).toBe(false);
    await advance(10 * MINUTE);
    const rowsThen = databases.contentAt(host)?.rows;
    const { DBClusterBacktracks } = await send(
      new DescribeDBClusterBacktracksCommand({ DBClusterIdentifier: "shop", BacktrackIdentifier }),
    );
    databases.write(host, "orders", 1000);
    await advance(MINUTE);
    await backtrack(BacktrackedFrom);
    await advance(10 * MINUTE);

    expect(Status).toBe("pending");
    expect(DBClusterBacktracks?.[0]?.Status).toBe("completed");
    expect(rowsThen).toEqual({ orders: 101 });
    expect(databases.sessions(host)).toBe(0);
    expect(databases.contentAt(host)?.rows).toEqual({ orders: 111 });
    await expect(backtrack(new Date(START - 40 * 24 * 60 * MINUTE))).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
  });

  it("that was made without backtracking cannot have it", async () => {
    const { send } = makeCluster({ BacktrackWindow: 0 });

    await expect(
      send(
        new BacktrackDBClusterCommand({ DBClusterIdentifier: "shop", BacktrackTo: new Date(START - MINUTE) }),
      ),
    ).rejects.toMatchObject({ name: "InvalidParameterCombination" });
    await expect(
      send(new ModifyDBClusterCommand({ DBClusterIdentifier: "shop", BacktrackWindow: 3600 })),
    ).rejects.toThrow("Backtrack cannot be enabled");
  });

  it("is renamed with its endpoints, its members keep their names", async () => {
    const { advance, cluster, databases, described, events, host, send } = makeCluster();
    const input = { DBClusterIdentifier: "shop", NewDBClusterIdentifier: "shop-old", ApplyImmediately: true };

    await send(new ModifyDBClusterCommand(input));
    await advance(20 * MINUTE);
    const Filters = [{ Name: "db-cluster-resource-id", Values: [cluster.resourceId] }];
    const { DBClusters } = await send(new DescribeDBClustersCommand({ Filters }));

    expect(DBClusters?.[0]).toMatchObject({
      DBClusterIdentifier: "shop-old",
      Endpoint: host.replace("shop.", "shop-old."),
      DBClusterMembers: [{ DBInstanceIdentifier: "shop-1" }, { DBInstanceIdentifier: "shop-2" }],
    });
    expect(databases.connectable(host)).toBe(false);
    expect(events.map(({ detail }) => detail["EventID"])).toContain("RDS-EVENT-0172");
    await expect(described("shop")).rejects.toMatchObject({ name: "DBClusterNotFoundFault" });
  });

  it("gives a snapshot to restore from, its data API back, and goes after its members", async () => {
    const { advance, cluster, databases, described, send } = makeCluster();
    const DBClusterSnapshotIdentifier = "safe";
    await send(
      new CreateDBClusterSnapshotCommand({ DBClusterIdentifier: "shop", DBClusterSnapshotIdentifier }),
    );
    await advance(10 * MINUTE);
    await send(
      new RestoreDBClusterFromSnapshotCommand({
        DBClusterIdentifier: "shop-new",
        SnapshotIdentifier: "safe",
        Engine: "aurora-mysql",
      }),
    );
    await advance(20 * MINUTE);
    const restored = await described("shop-new");
    await send(new EnableHttpEndpointCommand({ ResourceArn: restored?.DBClusterArn ?? "" }));
    expect((await described("shop-new"))?.HttpEndpointEnabled).toBe(true);
    expect(databases.contentAt("shop-new")?.rows).toEqual({ orders: 100 });

    const remove = new DeleteDBClusterCommand({ DBClusterIdentifier: "shop", SkipFinalSnapshot: true });
    await expect(send(remove)).rejects.toThrow("disable deletion protection");
    await send(new ModifyDBClusterCommand({ DBClusterIdentifier: "shop", DeletionProtection: false }));
    await advance(10 * MINUTE);
    await expect(send(remove)).rejects.toThrow("still contains DB instances");
    for (const DBInstanceIdentifier of ["shop-1", "shop-2"]) {
      await send(new DeleteDBInstanceCommand({ DBInstanceIdentifier }));
    }
    await send(remove);
    await advance(20 * MINUTE);

    expect(databases.instance(cluster.resourceId)).toBeUndefined();
    expect(databases.instance("shop-1")).toBeUndefined();
  });
});
