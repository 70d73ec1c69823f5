import { DescribeSecretCommand, RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { DAY, MINUTE, START } from "../region/make-configuration-region.ts";
import { makeSecretStage, moveIn, ROTATION_FUNCTION } from "./make-secret-stage.ts";

const FIRST = "00000000-0000-4000-8000-00000000000a";
const NEXT = "00000000-0000-4000-8000-00000000000b";

/** A password that was rotated to FIRST, which left AWSPENDING there, and the move back to the one of the data. */
async function rotated(leavesPending = true) {
  const stage = makeSecretStage({
    secret: { rotation: { lambdaArn: ROTATION_FUNCTION } },
    configuration: { database: "database" },
  });
  stage.record(4, "proven");
  stage.secrets.rotationsOf("shop/db", { leavesPending });
  const rotate = (ClientRequestToken: string) =>
    stage.operator.secrets.send(new RotateSecretCommand({ SecretId: stage.arn, ClientRequestToken }));
  await stage.run(() => rotate(FIRST));
  await stage.pass(MINUTE);
  const cut = new Date(START - DAY + 10 * MINUTE);
  const move = moveIn(await stage.assess({ dataGoesBack: true, cut }));
  return { stage, move, rotate, cut };
}

const labelsIn = async ({ run, operator, arn }: Awaited<ReturnType<typeof rotated>>["stage"]) =>
  (await run(() => operator.secrets.send(new DescribeSecretCommand({ SecretId: arn })))).VersionIdsToStages;

describe("leaving a version on which an ended rotation left AWSPENDING", () => {
  it("takes AWSPENDING off first, so the next rotation goes to a new version and not to the one that was left", async () => {
    const { stage, move, rotate } = await rotated();

    expect(await stage.carryOut(move)).toMatchObject({ status: "done", verb: "confirm" });

    expect(await labelsIn(stage)).toEqual({ [stage.ids[4] ?? ""]: ["AWSCURRENT"], [FIRST]: ["AWSPREVIOUS"] });
    expect(stage.calls.times("UpdateSecretVersionStage")).toBe(2);
    await stage.run(() => rotate(NEXT));
    await stage.pass(MINUTE);
    expect(stage.holder("AWSCURRENT")).toBe(NEXT);
  });

  it("makes no call for AWSPENDING when the rotation took it along", async () => {
    const { stage, move } = await rotated(false);

    expect(await stage.carryOut(move)).toMatchObject({ status: "done" });

    expect(stage.calls.times("UpdateSecretVersionStage")).toBe(1);
    expect([...stage.journal.entries.keys()]).not.toContain("pending-off-intended");
  });

  it("does it once when the answer is lost, the call is throttled, or the function is killed around it", async () => {
    // Writes: prepare-began, prepared, cut-over-began, pending-off-intended, pending-off, stage-intended, stage-moved.
    const troubles = [
      ...(["lost-reply", "throttled", "refused"] as const).map((effect) => ({ effect, crash: undefined })),
      ...[3, 4, 5].map((crash) => ({ effect: undefined, crash })),
    ];
    for (const { effect, crash } of troubles) {
      const { stage, move } = await rotated();
      if (effect) stage.calls.next.set("UpdateSecretVersionStage", effect);
      if (crash !== undefined) stage.journal.crashesFromNow([crash]);

      expect(await stage.carryOut(move)).toMatchObject({ status: "done" });

      expect([stage.holder("AWSCURRENT"), stage.holder("AWSPENDING")]).toEqual([stage.ids[4], undefined]);
      expect(stage.calls.times("UpdateSecretVersionStage")).toBe(2);
    }
  });

  it("leaves the version with a label, and nothing that blocks a rotation, when it is killed for good in between", async () => {
    const { stage, move, rotate } = await rotated();
    // After the call, before its note; nobody calls again.
    stage.journal.crashesFromNow([2]);
    await expect(stage.run(() => stage.tick("cutOver", move))).rejects.toMatchObject({ name: "Crash" });

    expect((await labelsIn(stage))?.[FIRST]).toEqual(["AWSCURRENT"]);
    expect(await stage.carryOut(move, ["tidy", "revert"])).toMatchObject({
      note: "shop/db was not touched.",
    });
    await stage.run(() => rotate(NEXT));
    await stage.pass(MINUTE);
    expect(stage.holder("AWSCURRENT")).toBe(NEXT);
  });

  it("never takes AWSPENDING from a rotation that begins before or after its call", async () => {
    for (const number of [1, 2]) {
      const { stage, move, rotate } = await rotated();
      const began = number === 1 ? "UpdateSecretVersionStage" : undefined;
      if (began) stage.calls.before.set(began, () => rotate(NEXT));
      const first = await stage.run(() => stage.tick("cutOver", move));
      if (!began) await stage.run(() => rotate(NEXT));

      const end = await stage.carryOut(move, ["cutOver"]);

      expect(first).toMatchObject({ status: "working" });
      expect(end).toMatchObject({ status: "failed", code: "IN_USE", touched: false });
      await stage.pass(MINUTE);
      expect(stage.holder("AWSCURRENT")).toBe(NEXT);
    }
  });

  it("says so when a rotation begins right before AWSCURRENT moves, which nothing can compare", async () => {
    const { stage, move, rotate } = await rotated(false);
    stage.calls.before.set("UpdateSecretVersionStage", () => rotate(NEXT));

    const end = await stage.carryOut(move, ["cutOver"]);

    expect(end).toMatchObject({ status: "done" });
    expect(end.note).toContain("A rotation began meanwhile and will change it once more");
  });

  it("goes forward again in an undo, and a rotation works after that too", async () => {
    const { stage, move, rotate } = await rotated();
    await stage.carryOut(move);

    const wish = { target: { components: { password: FIRST } }, rollbackId: "rb-2" };
    stage.journal.entries.clear();
    const undo = moveIn(await stage.assess({ ...wish, dataGoesBack: true, cut: new Date(START + DAY) }));
    expect(await stage.carryOut(undo)).toMatchObject({ status: "done" });

    expect([stage.holder("AWSCURRENT"), stage.holder("AWSPREVIOUS")]).toEqual([FIRST, stage.ids[4]]);
    await stage.run(() => rotate(NEXT));
    await stage.pass(MINUTE);
    expect(stage.holder("AWSCURRENT")).toBe(NEXT);
  });
});

describe("AWSPENDING beside AWSCURRENT, on a version that was current", () => {
  /** Somebody went back by hand with AWSCURRENT alone. */
  async function byHand() {
    const made = await rotated();
    await made.stage.run(() => made.stage.makeCurrent(4));
    return made;
  }

  it("does not hinder going forward to that very version", async () => {
    const { stage } = await byHand();
    const move = moveIn(
      await stage.assess({
        target: { components: { password: FIRST } },
        dataGoesBack: true,
        cut: new Date(START),
      }),
    );

    expect(await stage.carryOut(move)).toMatchObject({ status: "done" });

    expect([stage.holder("AWSCURRENT"), stage.holder("AWSPENDING")]).toEqual([FIRST, FIRST]);
  });

  it("is refused for any other target and for a breach, with the call that takes it off", async () => {
    const { stage } = await byHand();
    const third = {
      target: { components: { password: stage.ids[2] ?? "" } },
      dataGoesBack: true as const,
      cut: new Date(START),
    };

    for (const wish of [third, { authorization: "security" as const }]) {
      const { verdict } = await stage.assess(wish);

      expect(verdict.verdict).toBe("refuse");
      expect(verdict.reason).toContain(`--version-stage AWSPENDING --remove-from-version-id ${FIRST}`);
    }
  });

  it("stops a move that was planned before", async () => {
    const { stage, move } = await rotated(false);
    const third = {
      ...move,
      details: { ...move.details, fromVersionId: stage.ids[4], toVersionId: stage.ids[2] },
    };
    await stage.run(() => stage.makeCurrent(4));
    await stage.run(() => stage.attach("AWSPENDING", FIRST));

    expect(await stage.carryOut(third, ["prepare"])).toMatchObject({ code: "IN_USE", touched: false });
  });
});
