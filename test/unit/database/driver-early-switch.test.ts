import {
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  type ModifyDBInstanceCommandInput,
  RDSClient,
} from "@aws-sdk/client-rds";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { QUARANTINE, QUICK } from "./make-move.ts";
import { makeStrategyStage, type StrategyName } from "./make-strategy-stage.ts";

const LONG = 900;

/** Every snapshot takes a quarter of an hour. */
function makeStage(strategy: StrategyName = "parameter", serveDuringBackups = true) {
  const made = makeStrategyStage(strategy, { serveDuringBackups });
  const { stage, move } = made;
  stage.databases.drill.pace = { ...QUICK, snapshot: [LONG * 1_000, LONG * 1_000] };
  const act = <T>(work: () => Promise<T>) => stage.kernel.complete(stage.kernel.activity("somebody", work));
  const rds = new RDSClient(stage.clientSettings());
  const ssm = new SSMClient(stage.clientSettings());
  const secrets = new SecretsManagerClient(stage.clientSettings());
  const snapshot = String(move.details["safetySnapshotIdentifier"]);
  return {
    ...made,
    lacks: () => String(stage.entries.get("lacks")?.facts["what"]),
    old: async () =>
      (await act(() => rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: "prod" }))))
        .DBInstances?.[0],
    snapshot: async () =>
      (await act(() => rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: snapshot }))))
        .DBSnapshots?.[0],
    modify: (input: ModifyDBInstanceCommandInput) => act(() => rds.send(new ModifyDBInstanceCommand(input))),
    lead: (Value: string) =>
      act(() => ssm.send(new PutParameterCommand({ Name: "/shop/db-host", Value, Overwrite: true }))),
    rewrite: (SecretString: string) =>
      act(() => secrets.send(new PutSecretValueCommand({ SecretId: "shop/db-host", SecretString }))),
    /** How long something takes, in seconds. */
    timed: async <T>(work: () => Promise<T>): Promise<[T, number]> => {
      const began = stage.kernel.now;
      return [await work(), (stage.kernel.now - began) / 1_000];
    },
  };
}

describe("a switch while RDS still snapshots what users leave", () => {
  it.each(["proxy", "parameter", "secret"] as const)(
    "brings users over by %s within two minutes, when the snapshot has begun",
    async (strategy) => {
      const { stage, move, path, snapshot, timed } = makeStage(strategy);
      await stage.run(move, ["prepare"]);

      const [end, seconds] = await timed(() => stage.run(move, ["cutOver"]));

      expect(end).toMatchObject({
        status: "done",
        note: expect.stringContaining("is being taken, and then it is locked away"),
      });
      expect(seconds).toBeLessThan(120);
      expect(stage.databases.contentAt(path())?.rows).toEqual({ orders: 1_000 });
      expect(await snapshot()).toMatchObject({ Status: "creating", DBInstanceIdentifier: "prod" });
    },
  );

  it("does not happen where the environment does not say so", async () => {
    const { stage, move, snapshot, timed } = makeStage("parameter", false);
    await stage.run(move, ["prepare"]);

    const [, seconds] = await timed(() => stage.run(move, ["cutOver"]));

    expect(seconds).toBeGreaterThan(LONG);
    expect(await snapshot()).toMatchObject({ Status: "available" });
  });

  it("marks what users have left at once, and leaves the rest of locking it away for later", async () => {
    const { stage, prod, move, old, lacks } = makeStage();

    await stage.run(move, ["prepare", "cutOver", "confirm"]);

    const left = await old();
    expect(left?.TagList).toContainEqual({ Key: "stepback:state", Value: "retired" });
    expect(left?.VpcSecurityGroups?.map(({ VpcSecurityGroupId: id }) => id)).toEqual(prod.securityGroups);
    expect(lacks()).toContain("the quarantine of prod");
  });

  it("is followed by the quarantine when the snapshot is there, while RDS may still back the copy up", async () => {
    const { stage, move, old, lacks } = makeStage();
    stage.databases.drill.pace = {
      ...stage.databases.drill.pace,
      firstBackup: [3 * 3_600_000, 3 * 3_600_000],
    };
    await stage.run(move, ["prepare", "cutOver", "confirm"]);
    expect(await stage.tick("complete", move)).toMatchObject({
      ...{ status: "working", waitSeconds: 600 },
      note: expect.stringMatching(/The snapshot prod-.*-before is creating/),
    });

    await stage.forSeconds(LONG);
    const tick = await stage.tick("complete", move).then(() => stage.tick("complete", move));
    await stage.forSeconds(60);

    expect(tick).toMatchObject({ status: "working", note: expect.stringContaining("enhanced monitoring") });
    expect(lacks()).not.toContain("quarantine");
    expect(await old()).toMatchObject({
      ...{ DeletionProtection: true, DBInstanceStatus: "available" },
      VpcSecurityGroups: [{ VpcSecurityGroupId: QUARANTINE }],
    });
  });

  it("is not taken for locked away while RDS is at something else with what users have left", async () => {
    const { stage, move, modify, lacks } = makeStage();
    await stage.run(move, ["prepare", "cutOver", "confirm"]);
    await stage.forSeconds(LONG);
    stage.databases.drill.pace = { ...stage.databases.drill.pace, modification: [300_000, 300_000] };
    await modify({ DBInstanceIdentifier: "prod", DBInstanceClass: "db.m6g.2xlarge", ApplyImmediately: true });
    await stage.forSeconds(60);

    expect(await stage.tick("complete", move)).toMatchObject({
      ...{ status: "working", note: expect.stringContaining("prod is modifying; then it is locked away") },
    });
    expect(lacks()).toContain("the quarantine of prod");

    await stage.forSeconds(600);
    stage.databases.drill.pace = QUICK;
    expect(await stage.run(move, ["complete"])).toMatchObject({ status: "done" });
    await stage.forSeconds(60);
    expect(stage.databases.instance("prod")?.securityGroups).toEqual([QUARANTINE]);
  });

  it("leaves nothing lacking in the end", async () => {
    const { stage, move, lacks, snapshot } = makeStage();
    await stage.run(move, ["prepare", "cutOver", "confirm"]);

    expect(await stage.run(move, ["complete"])).toMatchObject({ status: "done" });

    expect(lacks()).toBe("");
    expect(await snapshot()).toMatchObject({ Status: "available" });
  });

  it("does not wait either when the rollback was stopped right after it", async () => {
    const { stage, move, lacks, timed } = makeStage();
    await stage.run(move, ["prepare"]);
    await stage.runUntilStep(move, "cutOver", "switched");

    const [end, seconds] = await timed(() => stage.run(move, ["tidy"]));

    expect(end).toMatchObject({ status: "done" });
    expect(seconds).toBeLessThan(60);
    expect(lacks()).toContain("the quarantine of prod");
  });

  it("is taken back within minutes when it was wrong: what was left serves while it is snapshotted", async () => {
    const { stage, prod, move, path, timed, lacks } = makeStage();
    stage.databases.drill.pace = {
      ...stage.databases.drill.pace,
      firstBackup: [3 * 3_600_000, 3 * 3_600_000],
    };
    await stage.run(move, ["prepare", "cutOver"]);

    const [end, seconds] = await timed(() => stage.run(move, ["revert"]));

    expect(end).toMatchObject({ status: "done" });
    expect(seconds).toBeLessThan(180);
    expect(stage.databases.instance(path())?.resourceId).toBe(prod.resourceId);
    expect(stage.databases.connectable(path())).toBe(true);
    expect(lacks()).not.toContain("the quarantine of prod;");
  });

  it("locks nobody out who went back meanwhile", async () => {
    const { stage, prod, move, lacks, lead } = makeStage();
    await stage.run(move, ["prepare", "cutOver", "confirm"]);
    await lead(prod.host ?? "");
    await stage.forSeconds(LONG);

    expect(await stage.run(move, ["complete"])).toMatchObject({ status: "done" });

    expect(lacks()).toBe("");
    expect(stage.databases.connectable("prod")).toBe(true);
    expect(stage.databases.instance("prod")?.securityGroups).toEqual(prod.securityGroups);
  });

  it("says so when nobody can tell any more where users are", async () => {
    const { stage, prod, move, lacks, rewrite } = makeStage("secret");
    await stage.run(move, ["prepare", "cutOver", "confirm"]);
    await rewrite(prod.host ?? "");

    const end = await stage.run(move, ["complete"]);

    expect(end).toMatchObject({
      status: "failed",
      note: expect.stringMatching(/Nobody can tell where users are any more\. .* the quarantine of prod\./),
    });
    expect(lacks()).toBe("");
    expect(stage.databases.instance("prod")?.securityGroups).toEqual(prod.securityGroups);
  });

  it("locks nobody out who may be on what was left, under a name that nobody here knows", async () => {
    const { stage, prod, move, lacks, lead } = makeStage();
    await stage.run(move, ["prepare", "cutOver", "confirm"]);
    await lead("an-alias-of-prod.example");
    await stage.forSeconds(LONG);

    expect(await stage.run(move, ["complete"])).toMatchObject({
      status: "failed",
      note: expect.stringMatching(/Users are on neither database any more\. .* the quarantine of prod\./),
    });

    expect(lacks()).toBe("");
    await stage.forSeconds(60);
    expect(stage.databases.instance("prod")?.securityGroups).toEqual(prod.securityGroups);
  });

  it("says when the snapshot failed in the end: the old one is kept, and it is a person's to take another", async () => {
    const { stage, move, lacks } = makeStage();
    stage.databases.drill.failNextSnapshot();
    await stage.run(move, ["prepare", "cutOver", "confirm"]);

    const end = await stage.run(move, ["complete"]);

    expect(end).toMatchObject({
      status: "failed",
      note: expect.stringMatching(
        /every setting of the original now\. The snapshot .* failed\. Take another of prod by hand\./,
      ),
    });
    expect(lacks()).toBe("");
    await stage.forSeconds(60);
    expect(stage.databases.instance("prod")?.securityGroups).toEqual([QUARANTINE]);
  });

  it("does not come where the snapshot fails before", async () => {
    const { stage, prod, move, path } = makeStage();
    stage.databases.drill.pace = { ...stage.databases.drill.pace, snapshot: [1_000, 1_000] };
    stage.databases.drill.failNextSnapshot();
    await stage.run(move, ["prepare"]);

    expect(await stage.run(move, ["cutOver"])).toMatchObject({ status: "failed", code: "REFUSED_BY_AWS" });

    expect(stage.databases.instance(path())?.resourceId).toBe(prod.resourceId);
  });
});
