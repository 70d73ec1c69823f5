import { describe, expect, it } from "vitest";
import { makeMove, QUARANTINE, QUICK } from "./make-move.ts";
import { makeStrategyStage } from "./make-strategy-stage.ts";

const LONG = 900;
const UNDO = "rb-2";

/** Users are on a copy, and what they left before is locked away; from now on every snapshot takes a quarter of an hour. */
async function makeStage({ serveDuringBackups = true } = {}) {
  const { stage, prod, move, path } = makeStrategyStage("parameter");
  await stage.run(move, ["prepare", "cutOver", "confirm"]);
  await stage.forSeconds(60);
  stage.entries.clear();
  const copy = stage.databases.instance(path());
  stage.databases.drill.pace = { ...QUICK, snapshot: [LONG * 1_000, LONG * 1_000] };
  const undo = makeMove(
    { resourceId: copy?.resourceId ?? "" },
    {
      ...{ way: "return", keptResourceId: prod.resourceId, stagingIdentifier: "prod", restoreTo: undefined },
      cutOver: { strategy: "endpoint-parameter", parameter: "/shop/db-host" },
      serveDuringBackups,
    },
    UNDO,
  );
  const groupsOf = (id: string) => stage.databases.instance(id)?.securityGroups;
  const settings = () => stage.calls("ModifyDBInstance").map(({ DBInstanceIdentifier, ...rest }) => rest);
  return { stage, prod, copy: String(move.details["stagingIdentifier"]), path, undo, groupsOf, settings };
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

  it("waits for the snapshot, and leaves it in quarantine until writers have stopped, where the environment does not say so", async () => {
    const { stage, undo, groupsOf } = await makeStage({ serveDuringBackups: false });
    await stage.run(undo, ["prepare"], { rollbackId: UNDO });
    expect(groupsOf("prod")).toEqual([QUARANTINE]);
    const began = stage.kernel.now;

    await stage.run(undo, ["cutOver"], { rollbackId: UNDO });

    expect((stage.kernel.now - began) / 1_000).toBeGreaterThan(LONG);
  });
});
