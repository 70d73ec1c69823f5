import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { makeMove, QUARANTINE, QUICK } from "./make-move.ts";
import { makeStrategyStage, type StrategyName } from "./make-strategy-stage.ts";

const HOURS = 3 * 3_600;

/** A copy whose first backup takes three hours. */
function makeStage(strategy: StrategyName = "parameter") {
  const made = makeStrategyStage(strategy, {
    ...{ serveDuringBackups: true, acceptedLossSeconds: 6 * 3_600 },
  });
  const { stage, move } = made;
  stage.databases.drill.pace = { ...QUICK, firstBackup: [HOURS * 1_000, HOURS * 1_000] };
  const began = stage.kernel.now;
  const staging = String(move.details["stagingIdentifier"]);
  const act = <T>(work: () => Promise<T>) => stage.kernel.complete(stage.kernel.activity("somebody", work));
  const rds = new RDSClient(stage.clientSettings());
  const ssm = new SSMClient(stage.clientSettings());
  return {
    ...made,
    staging,
    elapsed: () => (stage.kernel.now - began) / 1_000,
    lacks: () => stage.entries.get("lacks")?.facts["what"],
    described: async (DBInstanceIdentifier: string) =>
      (await act(() => rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier })))).DBInstances?.[0],
    lead: (Value: string) =>
      act(() => ssm.send(new PutParameterCommand({ Name: "/shop/db-host", Value, Overwrite: true }))),
  };
}

describe("a copy that may serve while RDS backs it up for the first time", () => {
  it.each(["proxy", "parameter", "secret"] as const)(
    "has users by %s long before that is over, with everything that they feel",
    async (strategy) => {
      const { stage, prod, move, path, staging, described, elapsed } = makeStage(strategy);

      expect(await stage.run(move, ["prepare", "cutOver", "confirm"])).toMatchObject({ status: "done" });

      expect(elapsed()).toBeLessThan(600);
      expect(stage.databases.instance(staging)?.securityGroups).toEqual(prod.securityGroups);
      expect(await described(staging)).toMatchObject({
        ...{ DBInstanceStatus: "backing-up", MultiAZ: true, DeletionProtection: true },
        DBParameterGroups: [{ DBParameterGroupName: "prod-parameters", ParameterApplyStatus: "in-sync" }],
      });
      expect(stage.databases.contentAt(path())?.rows).toEqual({ orders: 1_000 });
    },
  );

  it("says what it lacks, and is not changed before RDS takes that", async () => {
    const { stage, move, lacks } = makeStage();

    const end = await stage.run(move, ["prepare", "cutOver", "confirm"]);

    expect(lacks()).toContain("enhanced monitoring is off, not every 60 s");
    expect(lacks()).not.toMatch(/security|Multi-AZ|protection|parameter/);
    expect(end.note).toContain(String(lacks()));
    expect(await stage.tick("complete", move)).toMatchObject({
      ...{ status: "working", waitSeconds: 600 },
      note: expect.stringMatching(/is backing-up\. Still to come: .*enhanced monitoring/),
    });
    expect(stage.calls("ModifyDBInstance").filter(({ MonitoringInterval }) => MonitoringInterval)).toEqual(
      [],
    );
  });

  it("gets the rest when somebody asks after the backup, and loses no user for it", async () => {
    const { stage, move, path, staging, described, lacks } = makeStage();
    await stage.run(move, ["prepare", "cutOver", "confirm"]);
    await stage.forSeconds(HOURS);
    const felt: boolean[] = [];

    expect(
      await stage.run(move, ["complete"], {
        each: () => felt.push(stage.databases.connectable(path())),
      }),
    ).toMatchObject({
      status: "done",
      note: expect.stringContaining("has every setting of the original now"),
    });

    expect(lacks()).toBe("");
    expect(await described(staging)).toMatchObject({ MonitoringInterval: 60 });
    expect(felt).not.toContain(false);
  });

  it("is known to lack it also when the rollback was stopped right after the switch", async () => {
    const { stage, move, lacks } = makeStage();
    await stage.run(move, ["prepare"]);
    await stage.runUntilStep(move, "cutOver", "switched");
    expect(lacks()).toBeUndefined();

    await stage.run(move, ["tidy"]);

    expect(lacks()).toContain("enhanced monitoring is off");
  });

  it("is left as it is when users are elsewhere by then", async () => {
    const { stage, prod, move, lacks, lead } = makeStage();
    await stage.run(move, ["prepare", "cutOver", "confirm"]);
    await stage.forSeconds(HOURS + 60);
    const modified = stage.calls("ModifyDBInstance").length;
    await lead(prod.host ?? "");

    expect(await stage.run(move, ["complete"])).toMatchObject({ status: "done" });
    expect(lacks()).toBe("");
    expect(stage.calls("ModifyDBInstance")).toHaveLength(modified);
  });

  it("waits for the end of it all the same when users would feel a difference", async () => {
    const { stage, move, elapsed } = makeStage();
    stage.databases.drill.parameterGroupAfterRestore = "pending-reboot";

    expect(await stage.run(move, ["prepare"])).toMatchObject({ status: "done" });
    expect(elapsed()).toBeGreaterThan(HOURS);
    expect(stage.calls("RebootDBInstance")).toHaveLength(1);
  });

  it("is left within minutes when it turns out bad, without the snapshot that RDS does not take", async () => {
    const { stage, prod, move, path, staging, described, lacks } = makeStage();
    await stage.run(move, ["prepare", "cutOver"]);
    const began = stage.kernel.now;

    const end = await stage.run(move, ["revert"]);

    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("took no snapshot of it") });
    expect((stage.kernel.now - began) / 1_000).toBeLessThan(180);
    expect(stage.databases.instance(path())?.resourceId).toBe(prod.resourceId);
    expect((await described(staging))?.TagList).toContainEqual({ Key: "stepback:state", Value: "retired" });
    expect(await stage.run(move, ["discard"])).toMatchObject({ status: "done" });
    expect(lacks()).toBe(`the snapshot of ${staging}; the quarantine of ${staging}`);

    await stage.forSeconds(HOURS);
    expect(await stage.run(move, ["complete"])).toMatchObject({ status: "done" });
    await stage.forSeconds(60);
    expect(stage.calls("CreateDBSnapshot")).toContainEqual(
      expect.objectContaining({ DBInstanceIdentifier: staging }),
    );
    expect(stage.databases.instance(staging)?.securityGroups).toEqual([QUARANTINE]);
    expect(lacks()).toBe("");
  });

  it("is told when it is left, and its snapshot fails in the end", async () => {
    const { stage, move, staging, lacks } = makeStage();
    await stage.run(move, ["prepare", "cutOver", "revert"]);
    stage.databases.drill.failNextSnapshot();
    await stage.forSeconds(HOURS);

    expect(await stage.run(move, ["complete"])).toMatchObject({
      ...{ status: "failed", note: expect.stringMatching(/failed\. Take another of .*-new by hand\./) },
    });

    await stage.forSeconds(60);
    expect(stage.databases.instance(staging)?.securityGroups).toEqual([QUARANTINE]);
    expect(lacks()).toBe("");
  });

  it("is deleted by itself afterwards when it was not needed: nobody waits for that", async () => {
    const { stage, move, staging, lacks } = makeStage();
    await stage.run(move, ["prepare"]);
    const began = stage.kernel.now;

    expect(await stage.run(move, ["discard"])).toMatchObject({ status: "done" });
    expect((stage.kernel.now - began) / 1_000).toBeLessThan(60);
    expect(lacks()).toBe(`the deletion of ${staging}`);
    expect(await stage.tick("complete", move)).toMatchObject({ status: "done" });
    expect(lacks()).toBe(`the deletion of ${staging}`);

    await stage.forSeconds(HOURS);
    expect(await stage.run(move, ["complete"])).toMatchObject({ status: "done" });
    expect(stage.databases.instance(staging)).toBeUndefined();
    expect(lacks()).toBe("");
  });
});

describe("a copy that was to serve early and never came up", () => {
  it("is told with its commands where RDS does not take its deletion protection off, and waited for by nobody", async () => {
    const { stage, move, staging } = makeStage();
    stage.databases.drill.failNextRestore("incompatible-restore");
    expect(await stage.run(move, ["prepare"])).toMatchObject({ status: "failed" });

    const end = await stage.run(move, ["discard"]);

    expect(end).toMatchObject({
      status: "failed",
      note: expect.stringMatching(
        new RegExp(`${staging} is incompatible-restore, and .* --no-deletion-protection`),
      ),
    });
  });
});

describe("an undo while RDS is still at what serves", () => {
  it.each([
    ["backs it up", "backing-up", 0],
    ["sets what it lacked", "configuring-enhanced-monitoring", HOURS],
  ])(
    "waits before it stops anybody while RDS %s: the cut-over needs a snapshot",
    async (_, status, later) => {
      const { stage, prod, move, path, staging } = makeStage();
      await stage.run(move, ["prepare", "cutOver", "confirm"]);
      await stage.forSeconds(later);
      stage.databases.drill.pace = { ...stage.databases.drill.pace, modification: [300_000, 300_000] };
      while (later > 0 && stage.databases.instance(staging)?.status !== status) {
        await stage.tick("complete", move);
        await stage.forSeconds(5);
      }
      stage.entries.clear();
      const undo = makeMove(
        { resourceId: stage.databases.instance(staging)?.resourceId ?? "" },
        {
          ...{
            way: "return",
            keptResourceId: prod.resourceId,
            stagingIdentifier: "prod",
            restoreTo: undefined,
          },
          cutOver: { strategy: "endpoint-parameter", parameter: "/shop/db-host" },
        },
        "rb-2",
      );
      const waited = new Set<string>();

      await stage.run(undo, ["prepare"], {
        rollbackId: "rb-2",
        each: (tick) => waited.add(tick?.note ?? ""),
      });

      expect([...waited].join("\n")).toContain(`is ${status}; no snapshot of it can be taken before the end`);
      expect(await stage.run(undo, ["cutOver", "confirm"], { rollbackId: "rb-2" })).toMatchObject({
        status: "done",
      });
      expect(stage.databases.instance(path())?.resourceId).toBe(prod.resourceId);
    },
  );
});
