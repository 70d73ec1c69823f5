import { DeleteSecretCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import type { Tick } from "../../../lambdas/contracts/tick.ts";
import { MINUTE } from "../region/make-configuration-region.ts";
import { makeSecretStage, moveIn } from "./make-secret-stage.ts";

/** A stage with the move from the bad fifth version to a proven one. */
async function planned(target = 3, options?: Parameters<typeof makeSecretStage>[0]) {
  const stage = makeSecretStage(options);
  stage.record(target, "proven");
  return { stage, move: moveIn(await stage.assess()) };
}

describe("moving AWSCURRENT", () => {
  it("makes the target current with one call, and says so from then on", async () => {
    const { stage, move } = await planned();

    expect(await stage.carryOut(move)).toMatchObject({ status: "done", verb: "confirm" });
    expect(await stage.carryOut(move)).toMatchObject({ status: "done", verb: "confirm" });

    expect(stage.holder("AWSCURRENT")).toBe(stage.ids[3]);
    expect(stage.holder("AWSPREVIOUS")).toBe(stage.ids[4]);
    expect(stage.calls.times("UpdateSecretVersionStage")).toBe(1);
    expect(stage.calls.times("GetSecretValue")).toBe(0);
    expect([...stage.journal.entries.keys()]).toEqual(
      expect.arrayContaining(["prepare-began", "prepared", "cut-over-began", "cut-over-done"]),
    );
  });

  it("waits until the replicas have the target", async () => {
    const { stage, move } = await planned(3, { secret: { replicas: ["eu-central-1"] } });
    const ticks: Tick[] = [];

    await stage.carryOut(move, ["cutOver"], ticks);

    expect(ticks.map(({ note }) => note).join(" ")).toContain("the replicas in eu-central-1 are following");
    expect(stage.secrets.replicaCurrent(stage.arn, "eu-central-1")).toBe(stage.ids[3]);
  });

  it("gives up on a replica that never follows, after the deadline", async () => {
    const { stage, move } = await planned(3, { secret: { replicas: ["eu-central-1"] } });
    stage.secrets.replicasLag({ fromMs: 60 * MINUTE, toMs: 60 * MINUTE });

    const end = await stage.carryOut(move, ["cutOver"]);

    expect(end).toMatchObject({ status: "failed", code: "TOO_SLOW", touched: true });
  });

  it("touches nothing when somebody made another version current after the plan", async () => {
    const { stage, move } = await planned();
    await stage.run(() => stage.makeCurrent(1));

    for (const verbs of [["prepare"], ["cutOver"]] as const) {
      const end = await stage.carryOut(move, verbs);
      expect(end).toMatchObject({ status: "failed", code: "CHANGED_SINCE_PLAN", touched: false });
    }
    expect(stage.holder("AWSCURRENT")).toBe(stage.ids[1]);
  });

  it("loses against somebody who is quicker between its look and its call", async () => {
    const { stage, move } = await planned();
    stage.calls.before.set("UpdateSecretVersionStage", () => stage.makeCurrent(1));

    const end = await stage.carryOut(move, ["cutOver"]);

    expect(end).toMatchObject({ status: "failed", code: "SUPERSEDED" });
    expect(stage.holder("AWSCURRENT")).toBe(stage.ids[1]);
  });

  it("stops before anything when the target is gone or its key no longer decrypts", async () => {
    const { stage, move } = await planned();
    const gone = {
      ...move,
      details: { ...move.details, toVersionId: "01234567-0000-4000-8000-000000000000" },
    };
    expect(await stage.carryOut(gone)).toMatchObject({
      code: "TARGET_GONE",
      verb: "prepare",
      touched: false,
    });

    const keyed = makeSecretStage();
    const keyId = keyed.kms.install({ alias: "alias/old" });
    const versions = [{ createdAt: 0, keyId }, { createdAt: 1 }];
    const { arn, versionIds } = keyed.secrets.install({ name: "shop/keyed", versions });
    keyed.configuration.secretArn = arn;
    const wish = { target: { components: { password: versionIds[0] ?? "" } } };
    const planMade = moveIn(await keyed.assess(wish));
    keyed.kms.setState(keyId, "Disabled");
    expect(await keyed.carryOut(planMade)).toMatchObject({ code: "TARGET_GONE", verb: "prepare" });
    expect(keyed.calls.times("UpdateSecretVersionStage")).toBe(0);
  });

  it("stops when the secret is being deleted", async () => {
    const { stage, move } = await planned();
    await stage.run(() => stage.operator.secrets.send(new DeleteSecretCommand({ SecretId: stage.arn })));

    expect(await stage.carryOut(move)).toMatchObject({
      status: "failed",
      code: "NOT_ACTIVE",
      touched: false,
    });
  });

  it("says in confirm what is current when it is not the target", async () => {
    const { stage, move } = await planned();
    expect(await stage.carryOut(move, ["confirm"])).toMatchObject({ code: "WRONG_VERSION" });

    await stage.carryOut(move);
    await stage.run(() => stage.makeCurrent(0));
    expect(await stage.carryOut(move, ["confirm"])).toMatchObject({ code: "SUPERSEDED" });
  });
});

describe("taking a moved label back", () => {
  it("makes what was current so again, and AWSPREVIOUS what it was", async () => {
    const { stage, move } = await planned();
    await stage.carryOut(move);

    expect(await stage.carryOut(move, ["revert"])).toMatchObject({ status: "done" });
    expect(await stage.carryOut(move, ["revert"])).toMatchObject({ status: "done" });

    expect([stage.holder("AWSCURRENT"), stage.holder("AWSPREVIOUS")]).toEqual([stage.ids[4], stage.ids[3]]);
    expect(stage.calls.times("UpdateSecretVersionStage")).toBe(2);
  });

  it("cannot give AWSPREVIOUS back to a third version: AWS moves it along", async () => {
    const { stage, move } = await planned(1);
    await stage.carryOut(move);

    await stage.carryOut(move, ["revert"]);

    expect([stage.holder("AWSCURRENT"), stage.holder("AWSPREVIOUS")]).toEqual([stage.ids[4], stage.ids[1]]);
  });

  it("does nothing when nothing was done, and leaves a newer change alone", async () => {
    const { stage, move } = await planned();
    expect(await stage.carryOut(move, ["revert"])).toMatchObject({
      status: "done",
      note: "shop/db was not touched.",
    });

    await stage.carryOut(move);
    const newer = new PutSecretValueCommand({ SecretId: stage.arn, SecretString: "newer-hunter2" });
    await stage.run(() => stage.operator.secrets.send(newer));
    const current = stage.holder("AWSCURRENT");
    expect(await stage.carryOut(move, ["revert"])).toMatchObject({ code: "SUPERSEDED", touched: true });
    expect(stage.holder("AWSCURRENT")).toBe(current);
  });

  it("has nothing to discard or to tidy", async () => {
    const { stage, move } = await planned();

    expect(await stage.carryOut(move, ["discard", "tidy"])).toMatchObject({ status: "done" });
    expect(stage.calls.operations.filter((one) => one.startsWith("Update"))).toEqual([]);
  });
});
