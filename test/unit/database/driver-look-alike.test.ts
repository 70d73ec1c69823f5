import {
  AddTagsToResourceCommand,
  DeleteDBInstanceCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  RestoreDBInstanceToPointInTimeCommand,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { makeMove, PROD, QUICK } from "./make-move.ts";
import { MoveStage } from "./make-move-stage.ts";
import { moveAsGranted } from "./make-mover-role.ts";

const RENAME = { strategy: "rename" } as const;
const OPERATOR = { accessKeyId: "operator", secretAccessKey: "any" };

/** `prod`, the mover with its own role, and somebody who may do everything. */
function makeTwins() {
  const stage = new MoveStage();
  const prod = stage.databases.install(PROD);
  moveAsGranted(stage, { instance: "prod", cutOver: RENAME });
  const move = makeMove(prod, { cutOver: RENAME });
  const staging = String(move.details["stagingIdentifier"]);
  const clientOf = (who: "mover" | "operator") =>
    new RDSClient({ ...stage.clientSettings(), ...(who === "operator" ? { credentials: OPERATOR } : {}) });
  // What somebody sends is any command: the overloads of RDSClient.send are the type.
  const sendAs = (who: "mover" | "operator") =>
    ((command: never) =>
      stage.kernel.complete(
        stage.kernel.activity(who, () => clientOf(who).send(command)),
      )) as RDSClient["send"];
  const bySomebody = sendAs("operator");
  const ours = {
    "stepback:rollback": "rb-1",
    "stepback:source": prod.resourceId,
    "stepback:state": "staging",
  };
  const makeTwin = async (tags: Readonly<Record<string, string>> = ours, name = staging) => {
    const input = {
      SourceDbiResourceId: prod.resourceId,
      TargetDBInstanceIdentifier: name,
      UseLatestRestorableTime: true,
      DBSubnetGroupName: "prod-subnets",
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    };
    await bySomebody(new RestoreDBInstanceToPointInTimeCommand(input));
    return stage.databases.instance(name)?.resourceId ?? "";
  };
  const remove = async () => {
    await bySomebody(new DeleteDBInstanceCommand({ DBInstanceIdentifier: staging, SkipFinalSnapshot: true }));
    await stage.forSeconds(60);
    expect(stage.databases.instance(staging)).toBeUndefined();
  };
  return { stage, prod, move, staging, ours, makeTwin, remove, bySomebody, byMover: sendAs("mover") };
}

describe("a database that looks exactly like this rollback's copy", () => {
  it("is left alone when it was there before this rollback asked for a copy, whatever its tags say", async () => {
    const { stage, move, makeTwin } = makeTwins();
    const twin = await makeTwin();

    expect(await stage.run(move, ["prepare"])).toMatchObject({ status: "failed", code: "NAME_TAKEN" });
    expect(await stage.run(move, ["tidy", "discard"])).toMatchObject({ status: "done" });

    expect(stage.databases.instance(twin)?.status).toBe("creating");
    expect(stage.calls("DeleteDBInstance")).toHaveLength(0);
    expect(stage.calls("ModifyDBInstance")).toHaveLength(0);
  });

  it("is left alone when it took the name of the copy that the journal knows by its resource id", async () => {
    const { stage, move, makeTwin, remove } = makeTwins();
    await stage.run(move, ["prepare"]);
    await remove();
    const twin = await makeTwin();

    expect(await stage.run(move, ["cutOver"])).toMatchObject({
      status: "failed",
      code: "CHANGED_SINCE_PLAN",
    });
    expect(await stage.run(move, ["tidy", "discard"])).toMatchObject({ status: "done" });

    expect(stage.databases.instance(twin)?.id).toBe(move.details["stagingIdentifier"]);
    expect(stage.calls("DeleteDBInstance")).toHaveLength(1);
  });

  it("is left alone when it took the name before anybody looked at what RDS had answered with", async () => {
    const { stage, move, makeTwin, remove } = makeTwins();
    await stage.tick("prepare", move);
    expect(stage.entries.has("copy-made")).toBe(false);
    await stage.forSeconds(180);
    await remove();
    const twin = await makeTwin();

    expect(await stage.run(move, ["prepare"])).toMatchObject({ status: "failed", code: "NAME_TAKEN" });
    expect(await stage.run(move, ["tidy", "discard"])).toMatchObject({ status: "done" });

    expect(stage.databases.instance(twin)?.status).toBe("creating");
    expect(stage.calls("DeleteDBInstance")).toHaveLength(1);
  });

  it.each([
    ["only our state", { "stepback:state": "staging" }],
    ["our state and source", { "stepback:state": "staging", "stepback:source": "db-SOMEBODYS" }],
    ["our state and rollback", { "stepback:state": "staging", "stepback:rollback": "rb-1" }],
  ])("cannot be deleted, even by a mover that wants to, with %s", async (_, tags) => {
    const { stage, makeTwin, byMover } = makeTwins();
    const name = "prod-sb-0badcafe-new";
    const twin = await makeTwin(tags, name);
    await stage.forSeconds(300);
    const wish = new DeleteDBInstanceCommand({ DBInstanceIdentifier: name, SkipFinalSnapshot: true });

    await expect(byMover(wish)).rejects.toMatchObject({ name: "AccessDenied" });
    expect(stage.databases.instance(twin)?.status).toBe("available");
  });

  it("is not what a copy becomes that lost one of its tags: it is kept, and a person is told", async () => {
    const { stage, move, staging, bySomebody } = makeTwins();
    await stage.run(move, ["prepare"]);
    const ResourceName = stage.databases.instance(staging)?.arn;
    const Tags = [{ Key: "stepback:source", Value: "db-ANOTHER" }];
    await bySomebody(new AddTagsToResourceCommand({ ResourceName, Tags }));

    expect(await stage.run(move, ["discard"])).toMatchObject({ status: "failed", code: "NAME_TAKEN" });
    expect(stage.calls("DeleteDBInstance")).toHaveLength(0);
  });
});

describe("a copy that somebody renames while it is prepared", () => {
  it("is theirs from then on: nothing is changed of it, and it is not deleted", async () => {
    const { stage, move, staging, bySomebody } = makeTwins();
    stage.databases.drill.pace = { ...QUICK, storageInitialisation: [900_000, 900_000] };
    await stage.runUntilStep(move, "prepare", "steady-prepared");
    const { resourceId = "" } = stage.databases.instance(staging) ?? {};
    const rename = { DBInstanceIdentifier: staging, NewDBInstanceIdentifier: "kept", ApplyImmediately: true };
    await bySomebody(new ModifyDBInstanceCommand(rename));

    expect(await stage.run(move, ["prepare"])).toMatchObject({
      status: "failed",
      code: "CHANGED_SINCE_PLAN",
      note: expect.stringContaining(`renamed ${staging} to kept`),
    });
    expect(await stage.run(move, ["discard"])).toMatchObject({ status: "failed", code: "NAME_TAKEN" });
    expect(stage.databases.instance(resourceId)?.id).toBe("kept");
    expect(stage.calls("DeleteDBInstance")).toHaveLength(0);
  });
});
