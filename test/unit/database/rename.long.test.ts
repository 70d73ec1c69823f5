import {
  DeleteDBInstanceCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  RestoreDBInstanceToPointInTimeCommand,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { makeMove, PROD, QUICK } from "./make-move.ts";
import { MoveStage } from "./make-move-stage.ts";

const RENAME = { strategy: "rename" } as const;
const minutes = (from: number, to = from) => [from * 60_000, to * 60_000] as const;

async function makeReady(pace: Partial<typeof QUICK> = {}) {
  const stage = new MoveStage();
  const prod = stage.databases.install(PROD);
  const move = makeMove(prod, { cutOver: RENAME });
  await stage.run(move, ["prepare"]);
  stage.databases.drill.pace = { ...QUICK, ...pace };
  const client = new RDSClient(stage.clientSettings());
  // What somebody sends is any command: the overloads of RDSClient.send are the type.
  const send = ((command: never) =>
    stage.kernel.complete(
      stage.kernel.activity("somebody", () => client.send(command)),
    )) as RDSClient["send"];
  const grab = (name: string) =>
    send(
      new RestoreDBInstanceToPointInTimeCommand({
        SourceDbiResourceId: prod.resourceId,
        TargetDBInstanceIdentifier: name,
        UseLatestRestorableTime: true,
        DBSubnetGroupName: "prod-subnets",
      }),
    );
  return { stage, prod, move, grab, send };
}

describe("renaming", () => {
  it("is not repeated while an accepted rename shows nothing, however long it takes", async () => {
    const { stage, move } = await makeReady({ renameFlap: minutes(9) });

    expect(await stage.run(move, ["cutOver", "confirm"])).toMatchObject({ status: "done" });
    expect(stage.renames()).toHaveLength(2);
  });

  it("is not repeated when its answer is lost, nor when the function dies after the call", async () => {
    const { stage, move } = await makeReady();
    stage.faults.add({ operation: "ModifyDBInstance", effect: "lost-reply", times: 3 });

    expect(await stage.run(move, ["cutOver", "confirm"])).toMatchObject({ status: "done" });
    expect(stage.renames()).toHaveLength(2);
  });

  it("is repeated at once when RDS refused it, and after the guard when the request never arrived", async () => {
    for (const effect of ["throttle", "refused"] as const) {
      const { stage, move } = await makeReady();
      await stage.runUntilStep(move, "cutOver", "switch-intended");
      stage.faults.add({ operation: "ModifyDBInstance", effect, times: 1 });
      const began = stage.kernel.now;

      expect(await stage.run(move, ["cutOver"])).toMatchObject({ status: "done" });
      expect(stage.renames()).toHaveLength(2);
      const last = stage.endpoint.calls.findLast(({ input }) => input["NewDBInstanceIdentifier"]);
      expect((last?.at ?? 0) - began > 600_000).toBe(effect === "refused");
    }
  });

  it("is waited out before an undo is declared: an accepted rename may still land", async () => {
    const { stage, prod, move } = await makeReady({ renameFlap: minutes(5) });
    await stage.runUntilStep(move, "cutOver", "rename-old-intended");
    expect(stage.databases.instance("prod")?.status).toBe("available");

    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    await stage.forSeconds(1_800);

    expect(stage.databases.instance("prod")).toMatchObject({
      resourceId: prod.resourceId,
      status: "available",
    });
  });

  it("of the second one is waited out as well: the first thing sent afterwards takes the name off it", async () => {
    const { stage, prod, move } = await makeReady({ renameFlap: minutes(5) });
    const { stagingIdentifier: staging, retiredIdentifier: retired } = move.details;
    await stage.runUntilStep(move, "cutOver", "rename-new-intended");

    expect(await stage.run(move, ["tidy", "discard"])).toMatchObject({ status: "done" });
    await stage.forSeconds(1_800);

    // Who reasons about names earlier renames the old one first, towards a name that is about to be taken.
    const sent = stage
      .renames()
      .map((input) => [input["DBInstanceIdentifier"], input["NewDBInstanceIdentifier"]]);
    expect(sent).toEqual([
      ["prod", retired],
      [staging, "prod"],
      ["prod", staging],
      [retired, "prod"],
    ]);
    expect(stage.databases.instance("prod")?.resourceId).toBe(prod.resourceId);
    expect(stage.databases.instance(String(staging))).toBeUndefined();
    expect(stage.databases.instance(String(retired))).toBeUndefined();
  });

  it("does not begin when the old one's new name belongs to somebody else, and nobody felt anything", async () => {
    const { stage, prod, move, grab } = await makeReady();
    await grab(String(move.details["retiredIdentifier"]));

    expect(await stage.run(move, ["cutOver"])).toMatchObject({
      status: "failed",
      code: "NAME_TAKEN",
      touched: false,
    });
    expect(stage.databases.instance("prod")?.resourceId).toBe(prod.resourceId);
    expect(stage.renames()).toHaveLength(0);
  });

  it("stops half way, with the commands for a person, when somebody takes the name in between", async () => {
    const { stage, prod, move, grab } = await makeReady();
    const retired = String(move.details["retiredIdentifier"]);
    for (let count = 0; count < 500 && !stage.databases.instance(retired); count++) {
      await stage.tick("cutOver", move);
      await stage.forSeconds(1);
    }
    await grab("prod");

    const end = await stage.run(move, ["cutOver"]);

    expect(end).toMatchObject({ status: "failed", code: "HALF_WAY", touched: true });
    expect(end.note).toContain(
      `aws rds modify-db-instance --db-instance-identifier ${retired} --new-db-instance-identifier prod`,
    );
    expect(stage.databases.instance(prod.resourceId)?.id).toBe(retired);
    expect(await stage.run(move, ["discard"])).toMatchObject({ status: "failed", code: "IN_USE" });
    expect(stage.calls("DeleteDBInstance")).toHaveLength(0);
  });

  it("goes back by itself when the new one is gone before it has the name", async () => {
    const { stage, prod, move, send } = await makeReady();
    const staging = String(move.details["stagingIdentifier"]);
    await stage.runUntilStep(move, "cutOver", "rename-old-intended");
    await send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: staging, DeletionProtection: false }));
    await send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: staging, SkipFinalSnapshot: true }));
    await stage.forSeconds(60);

    expect(await stage.run(move, ["cutOver"])).toMatchObject({
      status: "failed",
      code: "CHANGED_SINCE_PLAN",
      touched: false,
    });
    expect(stage.databases.instance("prod")).toMatchObject({
      resourceId: prod.resourceId,
      status: "available",
    });
  });

  it("is undone by renames too, and what was written in between is kept and in a snapshot", async () => {
    const { stage, prod, move } = await makeReady();
    await stage.run(move, ["cutOver", "confirm"]);
    stage.databases.write("prod", "orders", 7, "on the copy");

    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    await stage.forSeconds(120);

    expect(stage.databases.instance("prod")).toMatchObject({
      resourceId: prod.resourceId,
      securityGroups: PROD.VpcSecurityGroupIds,
    });
    expect(stage.databases.contentAt(String(move.details["stagingIdentifier"]))?.rows).toEqual({
      orders: 1_007,
    });
    expect(stage.calls("CreateDBSnapshot")).toHaveLength(2);
    expect(await stage.run(move, ["discard", "tidy"])).toMatchObject({ status: "done" });
    expect(stage.calls("DeleteDBInstance")).toHaveLength(0);
  });
});
