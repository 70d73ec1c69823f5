import { describe, expect, it } from "vitest";
import { makeMove, QUARANTINE, QUICK } from "./make-move.ts";
import { makeStrategyStage } from "./make-strategy-stage.ts";

const LONG = 900;
const HOURS = 3 * 3_600;
const UNDO = "rb-2";

/** Users are on a copy, and what they left before is locked away; from now on every snapshot takes a quarter of an hour. */
async function makeStage({ serveDuringBackups = true } = {}) {
  const { stage, prod, move, path } = makeStrategyStage("parameter");
  await stage.run(move, ["prepare", "cutOver", "confirm"]);
  await stage.forSeconds(60);
  stage.entries.clear();
  const copy = stage.databases.instance(path());
  stage.databases.drill.pace = { ...QUICK, snapshot: [LONG * 1_000, LONG * 1_000] };
  const undo = undoOf(prod.resourceId, copy?.resourceId ?? "", serveDuringBackups);
  const groupsOf = (id: string) => stage.databases.instance(id)?.securityGroups;
  const settings = () => stage.calls("ModifyDBInstance").map(({ DBInstanceIdentifier, ...rest }) => rest);
  return { stage, prod, copy: String(move.details["stagingIdentifier"]), path, undo, groupsOf, settings };
}

/** Users came early to a copy whose first backup takes three hours, and RDS is still at it. */
async function makeStageOnCopy(status: string, later: number) {
  const { stage, prod, move, path } = makeStrategyStage("parameter", {
    ...{ serveDuringBackups: true, acceptedLossSeconds: 6 * 3_600 },
  });
  stage.databases.drill.pace = { ...QUICK, firstBackup: [HOURS * 1_000, HOURS * 1_000] };
  await stage.run(move, ["prepare", "cutOver", "confirm"]);
  const copy = String(move.details["stagingIdentifier"]);
  await stage.tick("complete", move);
  await stage.forSeconds(60 + later);
  stage.databases.drill.pace = { ...QUICK, modification: [600_000, 600_000] };
  while (stage.databases.instance(copy)?.status !== status) {
    await stage.tick("complete", move);
    await stage.forSeconds(5);
  }
  stage.databases.drill.pace = QUICK;
  stage.entries.clear();
  const undo = undoOf(prod.resourceId, stage.databases.instance(copy)?.resourceId ?? "", true);
  const groupsOf = (id: string) => stage.databases.instance(id)?.securityGroups;
  return { stage, prod, copy, path, undo, groupsOf };
}

function undoOf(keptResourceId: string, resourceId: string, serveDuringBackups: boolean) {
  return makeMove(
    { resourceId },
    {
      ...{ way: "return", keptResourceId, stagingIdentifier: "prod", restoreTo: undefined },
      cutOver: { strategy: "endpoint-parameter", parameter: "/shop/db-host" },
      serveDuringBackups,
    },
    UNDO,
  );
}

describe("an undo where nobody waits for what RDS backs up", () => {
  it("has what was kept out of quarantine before writers stop, and users on it within a minute after", async () => {
    const { stage, prod, path, undo, groupsOf } = await makeStage();
    expect(groupsOf("prod")).toEqual([QUARANTINE]);
    await stage.run(undo, ["prepare"], { rollbackId: UNDO });
    expect(groupsOf("prod")).toEqual(prod.securityGroups);
    const began = stage.kernel.now;

    expect(await stage.run(undo, ["cutOver"], { rollbackId: UNDO })).toMatchObject({ status: "done" });

    expect((stage.kernel.now - began) / 1_000).toBeLessThan(60);
    expect(stage.databases.instance(path())?.resourceId).toBe(prod.resourceId);
    expect(stage.databases.contentAt(path())?.rows).toEqual({ orders: 1_005 });
  });

  it("changes nothing of what was kept, which is as it was then, and locks away what users have left", async () => {
    const { stage, prod, copy, undo, groupsOf, settings } = await makeStage();
    await stage.run(undo, ["prepare", "cutOver", "confirm"], { rollbackId: UNDO });
    expect(stage.entries.get("lacks")?.facts["what"]).toBe(`the quarantine of ${copy}`);
    const before = settings().length;

    const end = await stage.run(undo, ["complete"], { rollbackId: UNDO });
    await stage.forSeconds(60);

    expect(end).toMatchObject({ status: "done", note: `${copy} is locked away.` });
    expect(groupsOf(copy)).toEqual([QUARANTINE]);
    expect(groupsOf("prod")).toEqual(prod.securityGroups);
    expect(settings().slice(before)).toEqual([
      expect.objectContaining({ VpcSecurityGroupIds: [QUARANTINE] }),
    ]);
    expect(stage.entries.get("lacks")?.facts["what"]).toBe("");
  });

  it("locks away again what was kept when it is stopped before the cut-over", async () => {
    const { stage, undo, groupsOf } = await makeStage();
    await stage.run(undo, ["prepare"], { rollbackId: UNDO });

    expect(await stage.run(undo, ["tidy"], { rollbackId: UNDO })).toMatchObject({ status: "done" });
    await stage.forSeconds(60);

    expect(groupsOf("prod")).toEqual([QUARANTINE]);
  });

  it("is taken back within minutes when what was kept turns out bad", async () => {
    const { stage, copy, path, undo } = await makeStage();
    await stage.run(undo, ["prepare", "cutOver"], { rollbackId: UNDO });
    stage.databases.drill.pace = QUICK;
    const began = stage.kernel.now;

    expect(await stage.run(undo, ["revert"], { rollbackId: UNDO })).toMatchObject({ status: "done" });

    expect((stage.kernel.now - began) / 1_000).toBeLessThan(180);
    expect(stage.databases.instance(path())?.id).toBe(copy);
    expect(stage.databases.connectable(path())).toBe(true);
  });

  it.each([
    ["backs it up for the first time", "backing-up", 0],
    ["sets what it lacked", "configuring-enhanced-monitoring", HOURS],
  ])(
    "does not wait while RDS %s: users are back within minutes, and it is snapshotted and locked away later",
    async (_, status, later) => {
      const { stage, prod, copy, path, undo, groupsOf } = await makeStageOnCopy(status, later);
      const began = stage.kernel.now;

      const end = await stage.run(undo, ["prepare", "cutOver", "confirm"], { rollbackId: UNDO });

      expect(end).toMatchObject({ status: "done" });
      expect((stage.kernel.now - began) / 1_000).toBeLessThan(240);
      expect(stage.databases.instance(path())?.resourceId).toBe(prod.resourceId);
      expect(stage.databases.connectable(path())).toBe(true);
      expect(stage.entries.get("cut-over-done")?.facts["open"]).toBe(1);
      expect(stage.entries.get("lacks")?.facts["what"]).toBe(
        `the snapshot of ${copy}; the quarantine of ${copy}`,
      );

      await stage.forSeconds(HOURS);
      expect(await stage.run(undo, ["complete"], { rollbackId: UNDO })).toMatchObject({
        ...{ status: "done", note: `${copy} is locked away.` },
      });
      await stage.forSeconds(60);
      expect(stage.calls("CreateDBSnapshot")).toContainEqual(
        expect.objectContaining({ DBInstanceIdentifier: copy }),
      );
      expect(groupsOf(copy)).toEqual([QUARANTINE]);
      expect(stage.entries.get("lacks")?.facts["what"]).toBe("");
    },
  );

  it("waits for the snapshot, and leaves it in quarantine until writers have stopped, where the environment does not say so", async () => {
    const { stage, undo, groupsOf } = await makeStage({ serveDuringBackups: false });
    await stage.run(undo, ["prepare"], { rollbackId: UNDO });
    expect(groupsOf("prod")).toEqual([QUARANTINE]);
    const began = stage.kernel.now;

    await stage.run(undo, ["cutOver"], { rollbackId: UNDO });

    expect((stage.kernel.now - began) / 1_000).toBeGreaterThan(LONG);
  });
});
