import { CancelRotateSecretCommand, RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import type { InstalledSecret } from "../../../lib/region/services/secrets-manager/install-secret.ts";
import { DAY, START } from "../region/make-configuration-region.ts";
import { makeSecretStage, moveIn, ROTATION_FUNCTION } from "./make-secret-stage.ts";

async function breached(secret: Partial<InstalledSecret> = {}, seed = 1) {
  const rotation = { lambdaArn: ROTATION_FUNCTION };
  const stage = makeSecretStage({ seed, secret: { rotation, ...secret } });
  return { stage, move: moveIn(await stage.assess({ authorization: "security" })) };
}

describe("rotating a secret after a breach", () => {
  it.each([1, 2, 3, 4])("ends with a new value and no label on an old one (seed %i)", async (seed) => {
    const versions = [
      { createdAt: START - 3 * DAY, stages: ["stepback-aaaaaaaa"] },
      { createdAt: START - 2 * DAY },
      { createdAt: START - DAY },
    ];
    const { stage, move } = await breached({ versions }, seed);

    expect(await stage.carryOut(move)).toMatchObject({ status: "done", verb: "confirm" });

    expect(stage.holder("AWSCURRENT")).toBe(move.to.id);
    expect([stage.holder("AWSPREVIOUS"), stage.holder("stepback-aaaaaaaa")]).toEqual([undefined, undefined]);
    expect(stage.calls.times("RotateSecret")).toBe(1);
    expect(await stage.carryOut(move, ["revert"])).toMatchObject({ code: "NOT_UNDOABLE", touched: true });
    expect(stage.holder("AWSCURRENT")).toBe(move.to.id);
  });

  it("rotates once, also when the answer to the first request is lost", async () => {
    const { stage, move } = await breached();
    stage.calls.next.set("RotateSecret", "lost-reply");

    expect(await stage.carryOut(move)).toMatchObject({ status: "done" });

    expect(stage.calls.times("RotateSecret")).toBe(1);
    expect(stage.credentials.get("shop/db")).toBe(`shop/db@${move.to.id}`);
    expect(stage.holder("AWSCURRENT")).toBe(move.to.id);
  });

  it("tells where to look when the rotation fails, and leaves it there", async () => {
    const { stage, move } = await breached();
    stage.secrets.rotationsOf("shop/db", { outcome: "fails" });

    const end = await stage.carryOut(move);

    expect(end).toMatchObject({ status: "failed", code: "TOO_SLOW", touched: true });
    expect(end.note).toContain(ROTATION_FUNCTION);
    expect((await stage.carryOut(move, ["tidy"])).note).toContain("left to end");
    expect(stage.holder("AWSCURRENT")).toBe(stage.ids[4]);
  });

  it("leaves somebody else's rotation alone, and notices that its own was cancelled", async () => {
    const other = await breached();
    await other.stage.run(() =>
      other.stage.operator.secrets.send(new RotateSecretCommand({ SecretId: other.stage.arn })),
    );
    expect(await other.stage.carryOut(other.move, ["cutOver"])).toMatchObject({
      code: "IN_USE",
      touched: false,
    });

    const { stage, move } = await breached();
    stage.secrets.rotationsOf("shop/db", { fromMs: DAY, toMs: DAY });
    stage.calls.before.set("RotateSecret", async () => {
      stage.kernel.schedule(5_000, () => {
        void stage.operator.secrets.send(new CancelRotateSecretCommand({ SecretId: stage.arn }));
      });
    });
    expect(await stage.carryOut(move, ["cutOver"])).toMatchObject({ code: "TOO_SLOW", touched: true });
  });
});
