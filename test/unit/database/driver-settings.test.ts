import { ModifyDBInstanceCommand, type ModifyDBInstanceMessage, RDSClient } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { DEFAULT_PACE } from "../../../lib/region/services/rds/pace.ts";
import { QUICK } from "./make-move.ts";
import { makeStrategyStage } from "./make-strategy-stage.ts";

/** A copy that is ready, and somebody who changes it. */
async function makeReady() {
  const made = makeStrategyStage("parameter");
  const { stage, move } = made;
  const staging = String(move.details["stagingIdentifier"]);
  await stage.run(move, ["prepare"]);
  const change = (members: Partial<ModifyDBInstanceMessage>) => {
    const input = { DBInstanceIdentifier: staging, ApplyImmediately: true, ...members };
    const client = new RDSClient(stage.clientSettings());
    return stage.kernel.complete(
      stage.kernel.activity("somebody", () => client.send(new ModifyDBInstanceCommand(input))),
    );
  };
  return { ...made, staging, change };
}

const LOST = { DBParameterGroupName: "default.postgres16" };

describe("a copy that somebody changes after it was ready", () => {
  it("is like the original again before users come to it, rebooted where that takes effect only then", async () => {
    const { stage, move, change } = await makeReady();
    await change(LOST);
    await stage.forSeconds(60);
    const rebooted = () => stage.calls("RebootDBInstance").length;
    expect(rebooted()).toBe(0);
    await stage.runUntilStep(move, "cutOver", "switch-intended");

    expect(rebooted()).toBe(1);
    expect(await stage.run(move, ["cutOver", "confirm"])).toMatchObject({ status: "done" });
  });

  it("is refused with the name of the group when it is changed once more: writers wait", async () => {
    const { stage, prod, move, change, path } = await makeReady();
    await change(LOST);
    await stage.runUntilStep(move, "cutOver", "repair-reboot-intended");
    await stage.forSeconds(120);
    await change(LOST);
    const began = stage.kernel.now;

    expect(await stage.run(move, ["cutOver"])).toMatchObject({
      status: "failed",
      code: "SETTINGS_DIFFER",
      touched: false,
      note: expect.stringContaining("parameter group is default.postgres16, not prod-parameters"),
    });
    expect((stage.kernel.now - began) / 1_000).toBeLessThan(720);
    expect(stage.databases.instance(path())?.resourceId).toBe(prod.resourceId);
  });

  it("is refused when it differs in what no change can mend", async () => {
    const { stage, move, change } = await makeReady();
    await change({
      EngineVersion: "17.2",
      AllowMajorVersionUpgrade: true,
      DBParameterGroupName: "default.postgres17",
    });
    await stage.forSeconds(120);

    expect(await stage.run(move, ["cutOver"])).toMatchObject({ status: "failed", touched: false });
    expect(stage.calls("PutParameter")).toHaveLength(0);
  });
});

describe("a copy with a group that RDS cannot take", () => {
  it("is told with the group's name when it does not start", async () => {
    const { stage, move } = makeStrategyStage("parameter");
    stage.databases.drill.failNextRestore("incompatible-parameters");

    expect(await stage.run(move, ["prepare"])).toMatchObject({
      code: "PREPARE_FAILED",
      note: expect.stringContaining("it cannot run with the group prod-parameters"),
    });
  });

  it("is told with the group's name when that is gone at the moment of the restore", async () => {
    const { stage, move } = makeStrategyStage("parameter");
    stage.databases.drill.deleteParameterGroup("prod-parameters");

    expect(await stage.run(move, ["prepare"])).toMatchObject({
      code: "PREPARE_FAILED",
      note: expect.stringMatching(/DBParameterGroupNotFound.*prod-parameters/),
    });
    expect(await stage.run(move, ["discard"])).toMatchObject({ status: "done" });
  });
});

describe("a copy whose first backup takes hours", () => {
  it("is waited for, with a word about it, and used when it is over", async () => {
    const { stage, move } = makeStrategyStage("parameter", { acceptedLossSeconds: 5 * 3_600 });
    stage.databases.drill.pace = { ...QUICK, firstBackup: [3_600_000, 3_600_000] };
    const notes = new Set<string>();

    expect(
      await stage.run(move, ["prepare"], {
        each: (tick) => notes.add(tick?.note ?? ""),
      }),
    ).toMatchObject({ status: "done" });
    expect([...notes].join("\n")).toContain("is backing-up: its first backup may take hours");
  });

  it("tells how much of its storage is loaded before it is used", async () => {
    const { stage, move } = makeStrategyStage("parameter");
    stage.databases.drill.pace = { ...QUICK, storageInitialisation: DEFAULT_PACE.storageInitialisation };
    const notes = new Set<string>();

    const end = await stage.run(move, ["prepare"], { each: (tick) => notes.add(tick?.note ?? "") });

    expect([...notes].filter((note) => /loads its storage: \d+ % so far/.test(note)).length).toBeGreaterThan(
      3,
    );
    expect(end.note).toMatch(/still being loaded \(\d+ %\): the first reads are slow/);
  });
});
