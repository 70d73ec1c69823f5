import {
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DeleteDBSnapshotCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { MINUTE, makeRds, START } from "./make-rds.ts";

const create = (DBSnapshotIdentifier: string, Tags?: { Key: string; Value: string }[]) =>
  new CreateDBSnapshotCommand({ DBInstanceIdentifier: "prod", DBSnapshotIdentifier, ...(Tags && { Tags }) });

const remove = (more: object, DBInstanceIdentifier = "prod") =>
  new DeleteDBInstanceCommand({ DBInstanceIdentifier, ...more });

describe("a manual snapshot", () => {
  it("holds the moment it began, while the instance is backing up", async () => {
    const { advance, databases, hostOfProd, look, prod, send } = makeRds();

    const { DBSnapshot } = await send(create("safe"));
    databases.write(hostOfProd, "orders", 9);
    await advance(MINUTE);
    const meanwhile = await send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: "safe" }));
    const busy = await look(prod.resourceId);
    await expect(send(create("second"))).rejects.toMatchObject({ name: "InvalidDBInstanceStateFault" });
    await advance(10 * MINUTE);
    const { DBSnapshots } = await send(
      new DescribeDBSnapshotsCommand({ DbiResourceId: prod.resourceId, SnapshotType: "manual" }),
    );
    await send(
      new RestoreDBInstanceFromDBSnapshotCommand({
        DBInstanceIdentifier: "back",
        DBSnapshotIdentifier: "safe",
      }),
    );
    await advance(60 * MINUTE);

    expect(DBSnapshot).toMatchObject({ Status: "creating", SnapshotDatabaseTime: new Date(START) });
    expect(busy?.DBInstanceStatus).toBe("backing-up");
    expect(meanwhile.DBSnapshots?.[0]?.PercentProgress).toBeGreaterThan(0);
    expect(meanwhile.DBSnapshots?.[0]?.PercentProgress).toBeLessThan(100);
    expect(DBSnapshots).toMatchObject([
      { DBSnapshotIdentifier: "safe", Status: "available", PercentProgress: 100 },
    ]);
    expect(databases.contentAt("back")?.rows).toEqual({ orders: 1000 });
    expect(databases.contentAt("prod")?.rows).toEqual({ orders: 1009 });
  });

  it("takes explicit tags, or copies the instance's when told to, and counts against the quota", async () => {
    const { advance, databases, send } = makeRds();

    const copied = await send(create("copied"));
    await advance(10 * MINUTE);
    const tagged = await send(create("tagged", [{ Key: "rb:op", Value: "1" }]));
    await advance(10 * MINUTE);
    databases.drill.setQuota("ManualSnapshots", 2);

    expect(copied.DBSnapshot?.TagList).toEqual([{ Key: "env", Value: "prod" }]);
    expect(tagged.DBSnapshot?.TagList).toEqual([{ Key: "rb:op", Value: "1" }]);
    await expect(send(create("tagged"))).rejects.toMatchObject({ name: "DBSnapshotAlreadyExistsFault" });
    await expect(send(create("third"))).rejects.toMatchObject({ name: "SnapshotQuotaExceededFault" });
    await send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: "copied" }));
    await send(create("third"));
  });
});

describe("automated snapshots", () => {
  it("are there for every day of the retention, newest no later than the window", async () => {
    const { prod, send } = makeRds({ PreferredBackupWindow: "02:00-02:30" });

    const { DBSnapshots } = await send(
      new DescribeDBSnapshotsCommand({ DbiResourceId: prod.resourceId, SnapshotType: "automated" }),
    );

    expect(DBSnapshots?.at(-1)).toMatchObject({
      DBSnapshotIdentifier: "rds:prod-2026-11-21-02-00",
      SnapshotDatabaseTime: new Date("2026-11-21T02:00:00.000Z"),
      Status: "available",
    });
    expect(DBSnapshots).toHaveLength(8);
  });
});

describe("a deletion", () => {
  it("is refused by the protection, and without a word on the final snapshot", async () => {
    const { send, advance } = makeRds();

    await expect(send(remove({ SkipFinalSnapshot: true }))).rejects.toMatchObject({
      name: "InvalidParameterCombination",
      message: expect.stringContaining("disable deletion protection"),
    });
    await send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: "prod", DeletionProtection: false }));
    await expect(send(remove({}))).rejects.toThrow("FinalDBSnapshotIdentifier is required");
    await expect(send(remove({ SkipFinalSnapshot: true, FinalDBSnapshotIdentifier: "f" }))).rejects.toThrow(
      "can't be specified",
    );
    const { DBInstance } = await send(remove({ FinalDBSnapshotIdentifier: "final" }));
    await advance(10 * MINUTE);

    expect(DBInstance?.DBInstanceStatus).toBe("deleting");
    await expect(
      send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: "prod" })),
    ).rejects.toMatchObject({ name: "DBInstanceNotFoundFault" });
    const { DBSnapshots } = await send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: "final" }));
    expect(DBSnapshots?.[0]?.Status).toBe("available");
  });

  it("takes the automated backups along unless told, and from kept ones one can restore", async () => {
    const { advance, databases, look, prod, restore, send } = makeRds({ DeletionProtection: false });
    const backups = new DescribeDBInstanceAutomatedBackupsCommand({ DbiResourceId: prod.resourceId });
    databases.install({ DBInstanceIdentifier: "other", Engine: "postgres" });

    await send(remove({ SkipFinalSnapshot: true, DeleteAutomatedBackups: false }));
    await send(remove({ SkipFinalSnapshot: true }, "other"));
    await advance(30 * MINUTE);
    const { DBInstanceAutomatedBackups } = await send(backups);
    const made = await restore("again", new Date(START - MINUTE));
    await advance(240 * MINUTE);

    expect(DBInstanceAutomatedBackups?.[0]).toMatchObject({
      Status: "retained",
      DBInstanceIdentifier: "prod",
    });
    expect((await look(made))?.DBInstanceStatus).toBe("available");
    expect(databases.contentAt("again")?.rows).toEqual({ orders: 1000 });
    const all = await send(new DescribeDBInstanceAutomatedBackupsCommand({}));
    expect(all.DBInstanceAutomatedBackups?.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier)).toEqual([
      "again",
      "prod",
    ]);
  });
});
