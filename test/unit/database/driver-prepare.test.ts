import {
  CreateDBSnapshotCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  RestoreDBInstanceToPointInTimeCommand,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import type { InstanceSpec } from "../../../lib/region/services/rds/instance-settings.ts";
import { DEFAULT_PACE } from "../../../lib/region/services/rds/pace.ts";
import { makeMove, PROD, QUARANTINE, QUICK } from "./make-move.ts";
import { MoveStage } from "./make-move-stage.ts";

const RENAME = { strategy: "rename" } as const;

function makePrepared(spec: Partial<InstanceSpec> = {}) {
  const stage = new MoveStage();
  const prod = stage.databases.install({ ...PROD, ...spec });
  return { stage, prod, move: makeMove(prod, { cutOver: RENAME }) };
}

/** Somebody else with a client of their own. */
function operatorOf(stage: MoveStage) {
  const client = new RDSClient(stage.clientSettings());
  // What somebody sends is any command: the overloads of RDSClient.send are the type.
  return ((command: never) =>
    stage.kernel.complete(
      stage.kernel.activity("operator", () => client.send(command)),
    )) as RDSClient["send"];
}

/** Somebody else's restore under the name that the rollback will want. */
function restoreByOperator(
  stage: MoveStage,
  resourceId: string,
  target: string,
  tags: Record<string, string>,
) {
  return operatorOf(stage)(
    new RestoreDBInstanceToPointInTimeCommand({
      SourceDbiResourceId: resourceId,
      TargetDBInstanceIdentifier: target,
      UseLatestRestorableTime: true,
      DBSubnetGroupName: "prod-subnets",
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
}

describe("preparing a copy", () => {
  it("makes one in quarantine that is like the original, while users notice nothing", async () => {
    const { stage, prod, move } = makePrepared();
    const felt: boolean[] = [];

    const end = await stage.run(move, ["prepare"], {
      each: () => felt.push(stage.databases.connectable("prod")),
    });

    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("is ready") });
    const copy = stage.databases.instance(String(move.details["stagingIdentifier"]));
    expect(copy?.securityGroups).toEqual([QUARANTINE]);
    expect(felt.every(Boolean)).toBe(true);
    expect(stage.databases.instance("prod")?.resourceId).toBe(prod.resourceId);
    expect(stage.calls("RestoreDBInstanceToPointInTime")).toHaveLength(1);
    expect(await stage.run(move, ["prepare"])).toMatchObject({ status: "done" });
  });

  it("reboots the copy when its parameter group waits for that", async () => {
    const { stage, move } = makePrepared();
    stage.databases.drill.parameterGroupAfterRestore = "pending-reboot";

    expect(await stage.run(move, ["prepare"])).toMatchObject({ status: "done" });
    expect(stage.calls("RebootDBInstance")).toHaveLength(1);
  });

  it("adopts the copy whose making it never heard the answer of", async () => {
    const { stage, move } = makePrepared();
    stage.faults.add({ operation: "RestoreDBInstanceToPointInTime", times: 1, effect: "lost-reply" });

    expect(await stage.run(move, ["prepare"])).toMatchObject({ status: "done" });
    expect(stage.calls("RestoreDBInstanceToPointInTime").length).toBeLessThanOrEqual(1);
  });

  it.each([
    ["without tags", {}],
    ["of another rollback", { "stepback:rollback": "rb-0", "stepback:state": "staging" }],
  ])("leaves a database alone that has the name %s", async (_whose, tags) => {
    const { stage, prod, move } = makePrepared();
    const name = String(move.details["stagingIdentifier"]);
    await restoreByOperator(stage, prod.resourceId, name, { ...tags, "stepback:source": prod.resourceId });

    expect(await stage.run(move, ["prepare"])).toMatchObject({
      status: "failed",
      code: "NAME_TAKEN",
      touched: false,
    });
    expect(await stage.run(move, ["tidy", "discard"])).toMatchObject({ status: "done" });
    expect(stage.databases.instance(name)).toBeDefined();
    expect(stage.calls("ModifyDBInstance")).toHaveLength(0);
  });

  it("says what RDS reports when the restore ends badly, and the copy can be discarded", async () => {
    const { stage, move } = makePrepared();
    stage.databases.drill.failNextRestore("incompatible-restore", "The table orders cannot be recovered");

    expect(await stage.run(move, ["prepare"])).toMatchObject({
      status: "failed",
      code: "PREPARE_FAILED",
      touched: false,
      note: expect.stringContaining("The table orders cannot be recovered"),
    });
    expect(await stage.run(move, ["discard"])).toMatchObject({ status: "done" });
    expect(stage.databases.instance(String(move.details["stagingIdentifier"]))).toBeUndefined();
  });

  it("asks again when more would be lost than was approved", async () => {
    const { stage, prod } = makePrepared();
    const move = makeMove(prod, { cutOver: RENAME, acceptedLossSeconds: 3_605 });

    expect(await stage.run(move, ["prepare"])).toMatchObject({
      status: "failed",
      code: "LOSS_GREW",
      touched: false,
    });
  });

  it("waits for the end of a backup of the original before anybody is stopped: the cut-over snapshots it", async () => {
    const { stage, move } = makePrepared();
    stage.databases.drill.pace = { ...QUICK, snapshot: [900_000, 900_000] };
    await operatorOf(stage)(
      new CreateDBSnapshotCommand({ DBInstanceIdentifier: "prod", DBSnapshotIdentifier: "by-somebody" }),
    );
    const began = stage.kernel.now;
    const notes = new Set<string>();

    await stage.run(move, ["prepare"], { each: (tick) => notes.add(tick?.note ?? "") });

    expect([...notes].join("\n")).toContain(
      "prod is backing-up; no snapshot of it can be taken before the end",
    );
    expect(stage.kernel.now - began).toBeGreaterThanOrEqual(900_000);
  });

  it("restores from a snapshot when the plan says so, and configures the copy all the same", async () => {
    const { stage, prod } = makePrepared();
    const DBSnapshotIdentifier = "nightly";
    await operatorOf(stage)(
      new CreateDBSnapshotCommand({ DBInstanceIdentifier: "prod", DBSnapshotIdentifier }),
    );
    await stage.forSeconds(120);
    stage.databases.write("prod", "orders", 5, "too late");
    const details = { way: "snapshot", snapshotIdentifier: DBSnapshotIdentifier, cutOver: RENAME } as const;

    expect(await stage.run(makeMove(prod, details), ["prepare", "cutOver", "confirm"])).toMatchObject({
      status: "done",
    });
    expect(stage.databases.contentAt("prod")?.rows).toEqual({ orders: 1_000 });
    expect(stage.calls("RestoreDBInstanceFromDBSnapshot")).toHaveLength(1);
  });

  it("sends nobody to a copy that cannot be made like the original", async () => {
    const { stage, move } = makePrepared();
    await stage.runUntilStep(move, "prepare", "copy-made");
    const change = { DBInstanceIdentifier: "prod", DBSubnetGroupName: "default", ApplyImmediately: true };
    await operatorOf(stage)(new ModifyDBInstanceCommand(change));
    await stage.forSeconds(60);

    expect(await stage.run(move, ["prepare"])).toMatchObject({
      status: "failed",
      code: "SETTINGS_DIFFER",
      touched: false,
      note: expect.stringContaining("subnet group is prod-subnets, not default"),
    });
  });

  it("fails when what the plan saw is gone", async () => {
    const { stage, prod } = makePrepared();
    const move = makeMove({ ...prod, resourceId: "db-GONE" }, { cutOver: RENAME });

    expect(await stage.run(move, ["prepare"])).toMatchObject({
      status: "failed",
      code: "CHANGED_SINCE_PLAN",
    });
    expect(stage.calls("RestoreDBInstanceToPointInTime")).toHaveLength(0);
  });

  it("looks rarely only while no restore can have ended, and often from then on", async () => {
    const { stage, move } = makePrepared();
    stage.databases.drill.pace = DEFAULT_PACE;
    const waits: { readonly at: number; readonly wait: number }[] = [];
    const began = stage.kernel.now;

    await stage.run(move, ["prepare"], {
      each: (tick) => {
        if (tick?.status === "working")
          waits.push({ at: (stage.kernel.now - began) / 1_000, wait: tick.waitSeconds });
      },
    });

    expect(Math.max(...waits.map(({ wait }) => wait))).toBe(60);
    expect(Math.max(...waits.filter(({ at }) => at >= 240).map(({ wait }) => wait))).toBeLessThanOrEqual(10);
    expect(waits.filter(({ at }) => at < 240).length).toBeLessThan(8);
  });

  it.each([
    ["is over by the time RDS has backed the copy up", 400, false],
    ["is waited for when RDS has nothing else to do", 10, true],
  ])("counts the loading of the storage from its beginning: it %s", async (_claim, backup, waits) => {
    const { stage, move } = makePrepared();
    const seconds = (from: number): [number, number] => [from * 1_000, from * 1_000];
    stage.databases.drill.pace = {
      ...QUICK,
      firstBackup: seconds(backup),
      storageInitialisation: seconds(3_600),
    };
    const notes: string[] = [];

    const end = await stage.run(move, ["prepare"], { each: (tick) => notes.push(tick?.note ?? "") });

    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("still being loaded") });
    expect(notes.some((note) => note.includes("loads its storage"))).toBe(waits);
    const at = (step: string) => Date.parse(stage.entries.get(step)?.at ?? "");
    expect(at("prepared") - at("warm-up-began")).toBeGreaterThanOrEqual(300_000);
  });
});
