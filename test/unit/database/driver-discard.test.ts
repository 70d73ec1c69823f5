import { AddTagsToResourceCommand, DeleteDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { makeMove, PROD } from "./make-move.ts";
import { MoveStage } from "./make-move-stage.ts";
import { moveAsGranted } from "./make-mover-role.ts";

const RENAME = { strategy: "rename" } as const;
const OPERATOR = { accessKeyId: "operator", secretAccessKey: "any" };

function makeStaged() {
  const stage = new MoveStage();
  const prod = stage.databases.install(PROD);
  moveAsGranted(stage, { instance: "prod", cutOver: RENAME });
  const move = makeMove(prod, { cutOver: RENAME });
  const staging = String(move.details["stagingIdentifier"]);
  const send = (client: RDSClient, command: AddTagsToResourceCommand | DeleteDBInstanceCommand) =>
    // Both overloads answer alike; nobody looks at it.
    stage.kernel.complete(
      stage.kernel.activity("test", () => client.send(command as DeleteDBInstanceCommand)),
    );
  const retag = (state: string) => {
    const client = new RDSClient({ ...stage.clientSettings(), credentials: OPERATOR });
    const ResourceName = stage.databases.instance(staging)?.arn;
    return send(
      client,
      new AddTagsToResourceCommand({ ResourceName, Tags: [{ Key: "stepback:state", Value: state }] }),
    );
  };
  const deleteAsMover = (DBInstanceIdentifier: string) =>
    send(
      new RDSClient(stage.clientSettings()),
      new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }),
    );
  return { stage, prod, move, staging, retag, deleteAsMover };
}

describe("discarding a copy", () => {
  it("deletes what the preparation made, and nothing else, once", async () => {
    const { stage, prod, move, staging } = makeStaged();
    await stage.run(move, ["prepare"]);

    expect(await stage.run(move, ["discard"])).toMatchObject({ status: "done" });
    expect(await stage.run(move, ["discard"])).toMatchObject({ status: "done" });

    expect(stage.databases.instance(staging)).toBeUndefined();
    expect(stage.calls("DeleteDBInstance")).toEqual([
      { DBInstanceIdentifier: staging, SkipFinalSnapshot: true, DeleteAutomatedBackups: true },
    ]);
    expect(stage.databases.instance("prod")?.resourceId).toBe(prod.resourceId);
  });

  it("is final for its rollback: nobody is paused for a copy that is gone", async () => {
    const { stage, move } = makeStaged();
    await stage.run(move, ["prepare"]);
    await stage.run(move, ["discard"]);

    expect(await stage.run(move, ["prepare"])).toMatchObject({
      status: "failed",
      code: "PREPARE_FAILED",
      touched: false,
    });
  });

  it("deletes a copy whose making was never heard of, also while it is still being made", async () => {
    const { stage, move, staging } = makeStaged();
    stage.faults.add({ operation: "RestoreDBInstanceToPointInTime", times: 1, effect: "lost-reply" });
    await expect(stage.tick("prepare", move)).rejects.toMatchObject({ name: "AwsBusy" });
    expect(stage.databases.instance(staging)).toBeDefined();

    expect(await stage.run(move, ["discard"])).toMatchObject({ status: "done" });
    expect(stage.databases.instance(staging)).toBeUndefined();
  });

  it("has nothing to do when nothing was made", async () => {
    const { stage, move } = makeStaged();

    expect(await stage.run(move, ["discard"])).toMatchObject({ status: "done" });
    expect(await stage.run(move, ["tidy", "revert"])).toMatchObject({ status: "done" });
    expect(stage.endpoint.calls.filter(({ mutating }) => mutating)).toHaveLength(0);
  });

  it.each(["live", "retired"])(
    "does not delete a database that is tagged as %s, whatever its name says",
    async (state) => {
      const { stage, move, staging, retag } = makeStaged();
      await stage.run(move, ["prepare"]);
      await retag(state);

      expect(await stage.run(move, ["discard"])).toMatchObject({ status: "failed", code: "NAME_TAKEN" });
      expect(stage.databases.instance(staging)).toBeDefined();
      expect(stage.calls("DeleteDBInstance")).toHaveLength(0);
    },
  );

  it("is forbidden by IAM for everything that is not staging in name and in tag", async () => {
    const { stage, move, staging, retag, deleteAsMover } = makeStaged();
    await stage.run(move, ["prepare"]);
    await expect(deleteAsMover("prod")).rejects.toMatchObject({ name: "AccessDenied" });
    await retag("live");

    await expect(deleteAsMover(staging)).rejects.toMatchObject({ name: "AccessDenied" });
    expect(stage.databases.instance("prod")?.status).toBe("available");
    expect(stage.databases.instance(staging)?.status).toBe("available");
  });

  it("keeps the copy that users are on", async () => {
    const { stage, move } = makeStaged();
    await stage.run(move, ["prepare", "cutOver", "confirm"]);

    expect(await stage.run(move, ["discard"])).toMatchObject({
      status: "done",
      note: expect.stringContaining("serves users"),
    });
    expect(await stage.run(move, ["tidy", "discard"])).toMatchObject({ status: "done" });
    expect(stage.calls("DeleteDBInstance")).toHaveLength(0);
  });

  it("takes off the deletion protection that the cut-over had put on", async () => {
    const { stage, move, staging } = makeStaged();
    await stage.run(move, ["prepare"]);
    await stage.runUntilStep(move, "cutOver", "go-live-intended");
    await stage.forSeconds(120);

    expect(await stage.run(move, ["tidy", "discard"])).toMatchObject({ status: "done" });
    expect(stage.databases.instance(staging)).toBeUndefined();
  });
});
