import {
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  ListTagsForResourceCommand,
  ModifyDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { arnOf, MINUTE, makeRds } from "./make-rds.ts";

const rename = (from: string, to: string, ApplyImmediately = true) =>
  new ModifyDBInstanceCommand({ DBInstanceIdentifier: from, NewDBInstanceIdentifier: to, ApplyImmediately });

function makeSlowFlap() {
  const rds = makeRds();
  rds.databases.drill.pace = { ...rds.databases.drill.pace, renameFlap: [MINUTE, MINUTE] };
  return rds;
}

describe("a rename", () => {
  it("still reads available for a while, then flips the name before the reboot", async () => {
    const { prod, send, statuses } = makeSlowFlap();

    const { DBInstance } = await send(rename("prod", "prod-old"));

    expect(DBInstance?.DBInstanceStatus).toBe("available");
    expect(DBInstance?.PendingModifiedValues).toEqual({});
    expect(await statuses(prod.resourceId)).toEqual([
      "prod available",
      "prod renaming",
      "prod-old rebooting",
      "prod-old available",
    ]);
    await expect(
      send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: "prod" })),
    ).rejects.toMatchObject({ name: "DBInstanceNotFoundFault" });
  });

  it("moves ARN and endpoint, keeps tags and backups, and kills every session", async () => {
    const { advance, databases, hostOfProd, prod, send } = makeRds();
    databases.setSessions(hostOfProd, 12);

    await send(rename("prod", "prod-old"));
    await advance(15 * MINUTE);
    const { TagList } = await send(new ListTagsForResourceCommand({ ResourceName: arnOf("db:prod-old") }));
    const { DBInstanceAutomatedBackups } = await send(
      new DescribeDBInstanceAutomatedBackupsCommand({ DbiResourceId: prod.resourceId }),
    );

    expect(TagList).toEqual([{ Key: "env", Value: "prod" }]);
    expect(DBInstanceAutomatedBackups?.[0]).toMatchObject({
      DBInstanceIdentifier: "prod-old",
      Status: "active",
    });
    expect(databases.sessions("prod-old")).toBe(0);
    expect(databases.connectable(hostOfProd)).toBe(false);
    expect(databases.connectable(hostOfProd.replace("prod.", "prod-old."))).toBe(true);
    await expect(send(new ListTagsForResourceCommand({ ResourceName: prod.arn }))).rejects.toMatchObject({
      name: "DBInstanceNotFoundFault",
    });
  });

  it("asked for twice within the flap reboots twice", async () => {
    const { prod, send, statuses } = makeSlowFlap();

    await send(rename("prod", "prod-old"));
    await send(rename("prod", "prod-old"));

    const seen = await statuses(prod.resourceId);
    expect(seen.filter((line) => line.endsWith("rebooting"))).toHaveLength(2);
  });

  it("to its own name reboots all the same", async () => {
    const { prod, send, statuses } = makeRds();

    await send(rename("prod", "prod"));

    expect(await statuses(prod.resourceId)).toContain("prod rebooting");
  });

  it("waits for the maintenance window without ApplyImmediately, and another change's flush takes it along", async () => {
    const { advance, look, prod, send } = makeRds();
    await send(rename("prod", "prod-old", false));
    await send(
      new ModifyDBInstanceCommand({ DBInstanceIdentifier: "prod", DBInstanceClass: "db.m6g.xlarge" }),
    );
    await advance(60 * MINUTE);
    expect(await look(prod.resourceId)).toMatchObject({
      DBInstanceIdentifier: "prod",
      DBInstanceClass: "db.m6g.large",
      PendingModifiedValues: { DBInstanceClass: "db.m6g.xlarge" },
    });

    await send(
      new ModifyDBInstanceCommand({ DBInstanceIdentifier: "prod", MultiAZ: false, ApplyImmediately: true }),
    );
    await advance(60 * MINUTE);

    expect(await look(prod.resourceId)).toMatchObject({
      DBInstanceIdentifier: "prod-old",
      DBInstanceClass: "db.m6g.xlarge",
      MultiAZ: false,
      PendingModifiedValues: {},
    });
  });

  it("happens by itself when the maintenance window comes", async () => {
    const { advance, look, prod, send } = makeRds();
    await send(rename("prod", "prod-old", false));

    await advance(17 * 60 * MINUTE); // from Saturday 10:00 to Sunday 03:00
    expect((await look(prod.resourceId))?.DBInstanceIdentifier).toBe("prod");
    await advance(60 * MINUTE);

    expect((await look(prod.resourceId))?.DBInstanceIdentifier).toBe("prod-old");
  });

  it("is refused onto a taken name and on a busy instance", async () => {
    const { databases, send, advance } = makeRds();
    databases.install({ DBInstanceIdentifier: "other", Engine: "postgres" });

    await expect(send(rename("prod", "other"))).rejects.toMatchObject({
      name: "DBInstanceAlreadyExistsFault",
    });
    await send(rename("prod", "prod-old"));
    await advance(3 * MINUTE);
    await expect(send(rename("prod", "prod-older"))).rejects.toMatchObject({
      name: "InvalidDBInstanceStateFault",
    });
  });
});
