import { describe, expect, it } from "vitest";
import { makeSecretStage, moveIn } from "./make-secret-stage.ts";

/** The password was made current that belongs to the data of `database`, whose journal says this. */
async function movedStage(...steps: readonly string[]) {
  const stage = makeSecretStage();
  stage.record(3, "proven");
  const move = { ...moveIn(await stage.assess()), waitsFor: ["database"] };
  await stage.carryOut(move, ["prepare", "cutOver"]);
  for (const step of steps) await stage.journal.write("database", step, {});
  return { stage, move };
}

describe("a password that belongs to data, when a rollback ends early", () => {
  it.each<[string, readonly string[]]>([
    ["its database was never switched", ["prepare-began"]],
    ["its database was put back", ["switch-intended", "put-back"]],
    ["its database went back and was taken back again", ["switch-intended", "switched", "reverted"]],
  ])("is put back when %s", async (_, steps) => {
    const { stage, move } = await movedStage(...steps);

    expect(await stage.carryOut(move, ["tidy"])).toMatchObject({ status: "done", verb: "revert" });

    expect(stage.holder("AWSCURRENT")).toBe(move.from.id);
    expect(stage.calls.times("UpdateSecretVersionStage")).toBe(2);
  });

  it("stays when users are on its data", async () => {
    const { stage, move } = await movedStage("switch-intended", "switched");

    expect(await stage.carryOut(move, ["tidy"])).toMatchObject({ status: "done", verb: "tidy" });

    expect(stage.holder("AWSCURRENT")).toBe(move.to.id);
  });

  it("stays, and says what to do, while nobody knows on which data users are", async () => {
    const { stage, move } = await movedStage("switch-intended");

    const end = await stage.carryOut(move, ["tidy"]);

    expect(end).toMatchObject({ status: "failed", code: "END_UNKNOWN", touched: true });
    expect(end.note).toContain(`make ${move.from.label} current again`);
    expect(stage.holder("AWSCURRENT")).toBe(move.to.id);
  });

  it("that belongs to nobody's data stays", async () => {
    const { stage, move } = await movedStage();

    await stage.carryOut({ ...move, waitsFor: [] }, ["tidy"]);

    expect(stage.holder("AWSCURRENT")).toBe(move.to.id);
  });
});
