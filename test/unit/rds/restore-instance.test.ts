import {
  DescribeAccountAttributesCommand,
  DescribeEventsCommand,
  ModifyDBInstanceCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { MINUTE, makeRds, START } from "./make-rds.ts";

const AN_HOUR_AGO = new Date(START - 60 * MINUTE);
/** Longer than a restore and the first backup after it. */
const UNTIL_AT_REST = 240 * MINUTE;

const named = (...statuses: string[]) => statuses.map((status) => `prod-new ${status}`);

describe("a point-in-time restore", () => {
  it("loses every setting that the request leaves out", async () => {
    const { look, prod, restore, advance } = makeRds();

    const made = await restore("prod-new", AN_HOUR_AGO);
    const creating = await look(made);
    await advance(UNTIL_AT_REST);

    expect(creating).toMatchObject({ DBInstanceStatus: "creating", DBInstanceIdentifier: "prod-new" });
    expect(creating?.Endpoint).toBeUndefined();
    expect(made).toMatch(/^db-[0-9A-F]{26}$/);
    expect(made).not.toBe(prod.resourceId);
    expect(await look(made)).toMatchObject({
      DBInstanceStatus: "available",
      Endpoint: { Address: prod.host?.replace("prod.", "prod-new."), Port: 5433 },
      VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-default", Status: "active" }],
      DBSubnetGroup: { DBSubnetGroupName: "default" },
      PubliclyAccessible: true,
      DBParameterGroups: [{ DBParameterGroupName: "default.postgres16", ParameterApplyStatus: "in-sync" }],
      OptionGroupMemberships: [{ OptionGroupName: "default:postgres-16", Status: "in-sync" }],
      MultiAZ: false,
      DeletionProtection: false,
      IAMDatabaseAuthenticationEnabled: false,
      CopyTagsToSnapshot: false,
      MonitoringInterval: 0,
      PerformanceInsightsEnabled: false,
      DatabaseInsightsMode: "standard",
      DBInstanceClass: "db.m6g.large",
      StorageType: "gp3",
      Iops: 3000,
      BackupRetentionPeriod: 7,
      TagList: [{ Key: "env", Value: "prod" }],
    });
  });

  it("is backed up for two to three hours right after it was created, and shows available only then", async () => {
    const { databases, restore, statuses, kernel } = makeRds();
    databases.drill.pace = { ...databases.drill.pace, flash: [30_000, 40_000] };

    const made = await restore("prod-new", AN_HOUR_AGO);

    expect(await statuses(made, UNTIL_AT_REST)).toEqual(
      named("creating", "backing-up", "available", "modifying", "available"),
    );
    const backup = kernel.log.entries.filter(({ facts }) =>
      /(Backing up|Finished) DB [Ii]nstance/.test(String(facts["message"])),
    );
    const [began = START, ended = START] = backup.map(({ at }) => at);
    expect(ended - began).toBeGreaterThanOrEqual(120 * MINUTE);
    expect(ended - began).toBeLessThanOrEqual(180 * MINUTE);
  });

  it("flashes available before that backup too, where a drill has it so", async () => {
    const { databases, restore, statuses } = makeRds();
    databases.drill.pace = {
      ...databases.drill.pace,
      ...{ flash: [30_000, 40_000], flashBeforeBackup: [30_000, 40_000] },
    };

    const made = await restore("prod-new", AN_HOUR_AGO);

    expect(await statuses(made, UNTIL_AT_REST)).toEqual(
      named("creating", "available", "backing-up", "available", "modifying", "available"),
    );
  });

  it("says how far the volume has been loaded while it is available and cold", async () => {
    const { advance, look, restore } = makeRds();

    const made = await restore("prod-new", AN_HOUR_AGO);
    await advance(18 * MINUTE);

    const instance = await look(made);
    expect(instance?.StorageOperationStatus).toBe("Initializing");
    expect(instance?.StorageOperationPercentProgress).toBeGreaterThan(0);
    expect(instance?.StorageOperationPercentProgress).toBeLessThan(100);
    await advance(60 * MINUTE);
    expect((await look(made))?.StorageOperationStatus).toBeUndefined();
  });

  it("brings back data, schema and password as of the moment, to the second", async () => {
    const { advance, databases, hostOfProd, restore } = makeRds();
    await advance(10 * MINUTE);
    databases.write(hostOfProd, "orders", 5, "before");
    databases.setPassword("prod", "v2");
    const moment = new Date(START + 10 * MINUTE + 999);
    await advance(MINUTE);
    databases.migrate(hostOfProd, "r2");
    databases.corrupt(hostOfProd, "orders");
    databases.write(hostOfProd, "orders", 7, "after");
    databases.setPassword("prod", "v3");
    await advance(20 * MINUTE);

    await restore("prod-new", moment, { VpcSecurityGroupIds: ["sg-prod"] });
    await advance(60 * MINUTE);

    expect(databases.contentAt("prod")).toMatchObject({
      rows: { orders: 1012 },
      revision: "r2",
      corrupted: ["orders"],
    });
    expect(databases.contentAt("prod-new")).toMatchObject({
      rows: { orders: 1005 },
      revision: "r1",
      corrupted: [],
    });
    expect(databases.passwordOf("prod-new")).toBe("v2");
    databases.write("prod-new", "orders", 1);
    expect(databases.contentAt("prod")?.rows).toEqual({ orders: 1012 });
  });

  it("is something else than a dump loaded in place, which holds the data of its moment and no password", async () => {
    const { advance, databases, hostOfProd } = makeRds();
    await advance(10 * MINUTE);
    databases.write(hostOfProd, "orders", 5, "before");
    const takenAt = START + 10 * MINUTE;
    await advance(MINUTE);
    databases.migrate(hostOfProd, "r2");
    databases.corrupt(hostOfProd, "orders");
    databases.write(hostOfProd, "orders", 7, "after");
    databases.setPassword("prod", "v2");
    await advance(MINUTE);

    expect(databases.loadDump(hostOfProd, takenAt)).toBe(true);

    expect(databases.contentAt("prod")).toMatchObject({
      rows: { orders: 1005 },
      revision: "r1",
      corrupted: [],
      password: "v2",
    });
    databases.write(hostOfProd, "orders", 1);
    expect(databases.contentAt("prod")?.rows).toEqual({ orders: 1006 });
    expect(databases.loadDump("nowhere", takenAt)).toBe(false);
  });

  it("lets the application in only through a security group that admits it", async () => {
    const { advance, databases, restore } = makeRds();
    databases.drill.securityGroup("sg-quarantine", { admits: false });

    await restore("prod-new", AN_HOUR_AGO, { VpcSecurityGroupIds: ["sg-quarantine"] });
    await advance(60 * MINUTE);

    expect(databases.connectable("prod-new")).toBe(false);
    expect(databases.write("prod-new", "orders", 1)).toBe(false);
    expect(databases.connectable("prod")).toBe(true);
  });

  it("reaches from the first backup to a moment that lags behind, and not to that moment itself", async () => {
    const { advance, look, prod, restore } = makeRds({ since: START - 3 * 60 * MINUTE });
    await advance(7 * MINUTE);
    const latest = (await look(prod.resourceId))?.LatestRestorableTime;

    expect(latest).toEqual(new Date(START + 5 * MINUTE));
    await expect(restore("a", new Date(START - 4 * 60 * MINUTE))).rejects.toMatchObject({
      name: "InvalidParameterValue",
      message: expect.stringContaining("earlier than 2026-11-21T07:00:00.000Z"),
    });
    await expect(restore("a", new Date(START + 5 * MINUTE))).rejects.toThrow("later than");
    await expect(restore("a", AN_HOUR_AGO, { UseLatestRestorableTime: true })).rejects.toMatchObject({
      name: "InvalidParameterCombination",
    });
    await restore("a", new Date(START + 5 * MINUTE - 1000));
  });

  it("is refused without backups, under a taken name, beyond the quota, and without its groups", async () => {
    const { databases, restore, send } = makeRds();
    databases.install({ DBInstanceIdentifier: "bare", Engine: "mysql", BackupRetentionPeriod: 0 });
    const bare = new RestoreDBInstanceToPointInTimeCommand({
      SourceDBInstanceIdentifier: "bare",
      TargetDBInstanceIdentifier: "bare-new",
      UseLatestRestorableTime: true,
    });

    await expect(send(bare)).rejects.toMatchObject({ name: "PointInTimeRestoreNotEnabledFault" });
    await expect(restore("prod", AN_HOUR_AGO)).rejects.toMatchObject({
      name: "DBInstanceAlreadyExistsFault",
    });
    await expect(restore("prod--new", AN_HOUR_AGO)).rejects.toThrow("not a valid identifier");
    databases.drill.setQuota("DBInstances", 2);
    const { AccountQuotas } = await send(new DescribeAccountAttributesCommand({}));
    expect(AccountQuotas).toContainEqual({ AccountQuotaName: "DBInstances", Used: 2, Max: 2 });
    await expect(restore("new", AN_HOUR_AGO)).rejects.toMatchObject({ name: "InstanceQuotaExceededFault" });
    databases.drill.setQuota("DBInstances", 40);
    databases.drill.deleteParameterGroup("prod-parameters");
    await expect(
      restore("new", AN_HOUR_AGO, { DBParameterGroupName: "prod-parameters" }),
    ).rejects.toMatchObject({ name: "DBParameterGroupNotFoundFault" });
    await expect(restore("new", AN_HOUR_AGO, { VpcSecurityGroupIds: ["sg-typo"] })).rejects.toThrow(
      "sg-typo",
    );
  });

  it("refuses the performance that gp3 itself reports below 400 GiB", async () => {
    const { look, prod, restore } = makeRds();
    const { Iops, StorageThroughput, StorageType } = (await look(prod.resourceId)) ?? {};

    const echoed = restore("new", AN_HOUR_AGO, { Iops, StorageThroughput, StorageType });

    await expect(echoed).rejects.toMatchObject({
      name: "InvalidParameterCombination",
      message: expect.stringContaining("storage size less than 400"),
    });
  });

  it("takes given tags instead of the source's, and none of AWS's", async () => {
    const { look, restore } = makeRds();

    const made = await restore("new", AN_HOUR_AGO, { Tags: [{ Key: "rb:op", Value: "1" }] });

    expect((await look(made))?.TagList).toEqual([{ Key: "rb:op", Value: "1" }]);
    await expect(restore("b", AN_HOUR_AGO, { Tags: [{ Key: "aws:x", Value: "1" }] })).rejects.toThrow(
      "aws:x",
    );
  });

  it("ends for good in the status that a drill asks for, and the events tell why", async () => {
    const { advance, databases, look, restore, send } = makeRds();
    databases.drill.failNextRestore("insufficient-capacity");

    const made = await restore("new", AN_HOUR_AGO);
    await advance(30 * MINUTE);
    const { Events } = await send(
      new DescribeEventsCommand({ SourceIdentifier: "new", SourceType: "db-instance" }),
    );

    expect((await look(made))?.DBInstanceStatus).toBe("insufficient-capacity");
    expect(Events?.map(({ Message }) => Message).join()).toContain("insufficient instance capacity");
    await expect(
      send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: "new", MultiAZ: true })),
    ).rejects.toMatchObject({ name: "InvalidDBInstanceStateFault" });
  });
});
