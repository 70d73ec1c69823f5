import { describe, expect, it } from "vitest";
import { REVISIONS } from "../../../lib/region/application/complete-names.ts";
import { makeComplete } from "./make-complete.ts";

const HOST = "/boardroom/db/host";

describe("the data of boardroom complete", () => {
  it("damaged by a bad release, fails every release until the data is restored and the API restarted", async () => {
    const app = await makeComplete({ rows: { documents: 1_000 } });
    app.boardroom.setRelease("api", "2.10.0", { errorRate: 0, corruptsData: true });
    await app.forSeconds(900);
    const goodMoment = app.kernel.now;
    await app.forSeconds(600);
    await app.deploy("2.10.0");
    expect(app.complete.content()?.corrupted).toEqual(["documents"]);
    await app.deploy("2.9.5");
    expect(app.boardroom.serving("api")?.release).toBe("2.9.5");
    expect((await app.feltIn(60))["corrupt-data"]).toBeGreaterThan(1_000);

    await app.operate("rds", "RestoreDBInstanceToPointInTime", {
      SourceDBInstanceIdentifier: "boardroom",
      TargetDBInstanceIdentifier: "boardroom-copy",
      RestoreTime: new Date(Math.floor(goodMoment / 1000) * 1000),
      DBSubnetGroupName: "boardroom-private",
      VpcSecurityGroupIds: ["sg-0c7e3a9f"],
    });
    await app.forSeconds(2_400);
    const { databases } = app.region.rds;
    const copy = databases.instance("boardroom-copy");
    await app.operate("ssm", "PutParameter", { Name: HOST, Value: copy?.host, Overwrite: true });

    expect((await app.feltIn(60))["corrupt-data"]).toBeGreaterThan(1_000);
    expect(app.complete.writesSince(app.kernel.now - 30_000, copy?.resourceId).writes).toBe(0);
    await app.restart();
    expect(await app.feltIn(60)).toEqual({});
    expect(app.complete.liveDatabase()).toBe(copy?.resourceId);
    expect(app.complete.writesSince(app.kernel.now - 30_000, copy?.resourceId).rows).toBeGreaterThan(50);
    // What was written between the good moment and the restart is in the old database only.
    expect(app.complete.writesLost(goodMoment).rows).toBeGreaterThan(1_000);
    expect(app.complete.wroteDuringCutOver(app.kernel.now - 60_000)).toEqual({ writes: 0, rows: 0 });
    expect([databases.sessions("boardroom"), databases.sessions("boardroom-copy")]).toEqual([0, 15]);
  });

  it("counts every write of a writer that was not paused when its database was left behind", async () => {
    const app = await makeComplete();
    const old = app.complete.liveDatabase();
    const snapshotAt = app.kernel.now;
    app.region.rds.databases.install({
      DBInstanceIdentifier: "other",
      Engine: "postgres",
      VpcSecurityGroupIds: ["sg-0c7e3a9f"],
    });
    const Value = app.region.rds.databases.instance("other")?.host;
    await app.operate("ssm", "PutParameter", { Name: HOST, Value, Overwrite: true });
    await app.forSeconds(30);

    const lost = app.complete.wroteDuringCutOver(snapshotAt);
    expect(lost.writes).toBeGreaterThan(5);
    expect(lost).toEqual(app.complete.writesSince(snapshotAt, old));
  });

  it("is not reached by tasks that have the old password, and by new ones with the new one", async () => {
    const app = await makeComplete();
    const { passwordSecretArn } = app.ids;
    await app.operate("secretsmanager", "RotateSecret", { SecretId: passwordSecretArn });
    await app.forSeconds(60);

    const felt = await app.feltIn(60);
    expect(felt.login).toBeGreaterThan(2_000);
    expect(app.complete.passwordFits()).toBe(true);
    await app.restart();
    expect(await app.feltIn(60)).toEqual({});

    const { VersionIdsToStages = {} } = (await app.operate("secretsmanager", "DescribeSecret", {
      SecretId: passwordSecretArn,
    })) as { readonly VersionIdsToStages?: Record<string, string[]> };
    const idOf = (stage: string) =>
      Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(stage))?.[0];
    await app.operate("secretsmanager", "UpdateSecretVersionStage", {
      ...{ SecretId: passwordSecretArn, VersionStage: "AWSCURRENT" },
      ...{ MoveToVersionId: idOf("AWSPREVIOUS"), RemoveFromVersionId: idOf("AWSCURRENT") },
    });
    expect(app.complete.passwordFits()).toBe(false);
    expect(await app.feltIn(60)).toEqual({});
  });

  it("cuts off writers whose database moved into quarantine", async () => {
    const app = await makeComplete();
    const modification = { DBInstanceIdentifier: "boardroom", VpcSecurityGroupIds: ["sg-0d8f4bae"] };
    await app.operate("rds", "ModifyDBInstance", { ...modification, ApplyImmediately: true });
    await app.forSeconds(300);
    const since = app.kernel.now + 1;

    expect((await app.feltIn(60)).database).toBeGreaterThan(2_000);
    expect(app.complete.writesSince(since).writes).toBe(0);
    expect(await app.runTask("boardroom-smoke", ["check", "integrity"])).toBe(0);
  });

  it("goes by the schema: only the newer image can go down, and a release fails with a schema that it does not know", async () => {
    const app = await makeComplete();
    const [old, young] = [REVISIONS["2.9.5"], REVISIONS["2.10.0"]];
    app.boardroom.setRelease("api", "2.9.5", { needsRevision: [old] });
    app.complete.migrate(young);
    expect((await app.feltIn(60)).schema).toBeGreaterThan(2_000);

    expect(await app.runTask("boardroom-migrate:1", ["alembic", "downgrade", old])).toBe(255);
    expect(app.complete.content()?.revision).toBe(young);
    app.complete.tasks.failNext("alembic downgrade", { line: "lock timeout" });
    expect(await app.runTask("boardroom-migrate", ["alembic", "downgrade", old])).toBe(1);
    expect(await app.runTask("boardroom-migrate", ["alembic", "downgrade", old])).toBe(0);
    expect(app.complete.content()?.revision).toBe(old);
    expect(await app.feltIn(60)).toEqual({});
  });
});
