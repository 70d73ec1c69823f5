import {
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeEventsCommand,
  EnableHttpEndpointCommand,
  FailoverDBClusterCommand,
  ModifyDBClusterCommand,
  RebootDBInstanceCommand,
  RestoreDBClusterFromSnapshotCommand,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { MINUTE, makeRds } from "./make-rds.ts";

function makeCluster() {
  const rds = makeRds();
  const shop = rds.databases.installCluster({
    DBClusterIdentifier: "shop",
    Engine: "aurora-postgresql",
    EngineVersion: "16.4",
    Port: 5433,
    VpcSecurityGroupIds: ["sg-shop"],
    members: [
      { DBInstanceIdentifier: "shop-1" },
      { DBInstanceIdentifier: "shop-2", PromotionTier: 15 },
      { DBInstanceIdentifier: "shop-3", PromotionTier: 2 },
    ],
    rows: { orders: 100 },
  });
  const { send, advance } = rds;
  const described = async (id = "shop") =>
    (await send(new DescribeDBClustersCommand({ DBClusterIdentifier: id }))).DBClusters?.[0];
  const writer = async () =>
    (await described())?.DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter)
      ?.DBInstanceIdentifier;
  const member = async (name: string) =>
    (await send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }))).DBInstances?.[0];
  const restored = async (more: object) => {
    await send(
      new RestoreDBClusterFromSnapshotCommand({
        DBClusterIdentifier: "shop-new",
        SnapshotIdentifier: "safe",
        Engine: "aurora-postgresql",
        ...more,
      }),
    );
    await advance(30 * MINUTE);
    return described("shop-new");
  };
  return { ...rds, shop, described, writer, member, restored };
}

describe("the members of an Aurora cluster", () => {
  it("change their roles with a failover: to the one that was asked for, else the best promotion tier", async () => {
    const { advance, described, send, writer } = makeCluster();
    const failOver = async (TargetDBInstanceIdentifier?: string) => {
      await send(new FailoverDBClusterCommand({ DBClusterIdentifier: "shop", TargetDBInstanceIdentifier }));
      const during = (await described())?.Status;
      await advance(MINUTE);
      return [during, (await described())?.Status, await writer()];
    };

    expect(await failOver("shop-2")).toEqual(["failing-over", "available", "shop-2"]);
    expect(await failOver()).toEqual(["failing-over", "available", "shop-1"]);
    await expect(failOver("shop-1")).rejects.toMatchObject({ name: "InvalidParameterValue" });
    await send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: "shop-1" }));
    await advance(20 * MINUTE);
    expect(await writer()).toBe("shop-3");
  });

  it("are behind the cluster's security groups, also after it changed them", async () => {
    const { advance, databases, member, send } = makeCluster();
    databases.drill.securityGroup("sg-away", { admits: false });

    await send(new ModifyDBClusterCommand({ DBClusterIdentifier: "shop", VpcSecurityGroupIds: ["sg-away"] }));
    await advance(10 * MINUTE);

    expect((await member("shop-2"))?.VpcSecurityGroups).toEqual([
      { VpcSecurityGroupId: "sg-away", Status: "active" },
    ]);
  });

  it("need a reboot before another cluster parameter group takes effect", async () => {
    const { advance, databases, described, send } = makeCluster();
    databases.installCluster({
      DBClusterIdentifier: "other",
      Engine: "aurora-postgresql",
      EngineVersion: "16.4",
      DBClusterParameterGroup: "special",
      members: [],
    });
    const states = async () =>
      (await described())?.DBClusterMembers?.map((one) => one.DBClusterParameterGroupStatus);

    await send(
      new ModifyDBClusterCommand({ DBClusterIdentifier: "shop", DBClusterParameterGroupName: "special" }),
    );
    await advance(10 * MINUTE);
    expect(await states()).toEqual(["pending-reboot", "pending-reboot", "pending-reboot"]);
    await send(new RebootDBInstanceCommand({ DBInstanceIdentifier: "shop-1" }));
    await advance(10 * MINUTE);
    expect(await states()).toEqual(["in-sync", "pending-reboot", "pending-reboot"]);
  });

  it("can fail to be made, and the event says why", async () => {
    const { advance, databases, member, send } = makeCluster();
    databases.drill.failNextMember("insufficient-capacity");

    await send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: "shop-4",
        DBClusterIdentifier: "shop",
        DBInstanceClass: "db.r6g.large",
        Engine: "aurora-postgresql",
      }),
    );
    await advance(20 * MINUTE);

    expect((await member("shop-4"))?.DBInstanceStatus).toBe("insufficient-capacity");
    const { Events } = await send(
      new DescribeEventsCommand({
        SourceIdentifier: "shop-4",
        SourceType: "db-instance",
        Duration: 60,
      }),
    );
    expect(Events?.map(({ Message }) => Message).join()).toContain("insufficient instance capacity");
  });
});

describe("an Aurora cluster restored from a snapshot", () => {
  it("has the Region's default engine version unless told, and never one before the snapshot's", async () => {
    const { advance, restored, send } = makeCluster();
    await send(
      new CreateDBClusterSnapshotCommand({
        DBClusterIdentifier: "shop",
        DBClusterSnapshotIdentifier: "safe",
      }),
    );
    await advance(10 * MINUTE);

    await expect(restored({ EngineVersion: "16.3" })).rejects.toThrow(
      "is earlier than the engine version of the DB cluster snapshot (16.4)",
    );
    expect(await restored({})).toMatchObject({ EngineVersion: "16.6", Port: 5433 });
    expect(await restored({ DBClusterIdentifier: "shop-same", EngineVersion: "16.4" })).toBeDefined();
  });
});

describe("RDS Data API", () => {
  it("answers once it is switched on, whatever the security groups say", async () => {
    const { databases, send, shop } = makeCluster();
    databases.drill.securityGroup("sg-shop", { admits: false });
    expect(databases.askByDataApi(shop.arn)).toMatchObject({ error: "HttpEndpointNotEnabledException" });

    await send(new EnableHttpEndpointCommand({ ResourceArn: shop.arn }));

    expect(databases.askByDataApi(shop.arn)).toMatchObject({ rows: { orders: 100 } });
    expect(databases.connectable("shop")).toBe(false);
    expect(databases.askByDataApi(`${shop.arn}x`)).toMatchObject({ error: "BadRequestException" });
  });
});
