import { LabelParameterVersionCommand } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { DAY, START } from "../region/make-configuration-region.ts";
import { moveIn } from "../secret/make-secret-stage.ts";
import { makeParameterStage, type ParameterStage } from "./make-parameter-stage.ts";

const NAMES = ["/shop/flags", "/shop/limits"];

/** Two parameters with three versions; `live` was on the first, which is proven, and is on the third. */
async function labelled() {
  const stage = makeParameterStage();
  for (const name of NAMES) {
    const versions = [3, 2, 1].map((days) => ({ value: `${name} ${days}`, modifiedAt: START - days * DAY }));
    stage.ssm.install({ name, type: "String", versions });
  }
  stage.from({ store: "ssm-label", names: NAMES, label: "live" });
  for (const name of NAMES) await label(stage, name, 1);
  await stage.record("proven");
  for (const name of NAMES) await label(stage, name, 3);
  return stage;
}

function label(stage: ParameterStage, Name: string, ParameterVersion: number) {
  const command = new LabelParameterVersionCommand({ Name, ParameterVersion, Labels: ["live"] });
  return stage.run(() => stage.operator.ssm.send(command));
}

const live = (stage: ParameterStage) => NAMES.map((name) => stage.ssm.read(`${name}:live`)?.version);

describe("parameters that are read by a label", () => {
  it("get the label back on the proven versions, one call each", async () => {
    const stage = await labelled();

    const { move, lastChangedAt } = await stage.assess();

    expect(move).toMatchObject({
      tier: "configuration",
      from: { id: "/shop/flags=3,/shop/limits=3" },
      to: { id: "/shop/flags=1,/shop/limits=1", label: "/shop/flags:1, /shop/limits:1", checkpoint: "cp-0" },
      details: { from: { "/shop/flags": "3", "/shop/limits": "3" }, to: { "/shop/flags": "1" } },
    });
    expect(lastChangedAt).toEqual(new Date(START - DAY));
    expect(await stage.carryOut(moveIn({ ...(await stage.assess()) }))).toMatchObject({ status: "done" });
    expect(live(stage)).toEqual([1, 1]);
    expect(stage.calls.times("LabelParameterVersion")).toBe(2);
    expect((await stage.assess()).verdict).toMatchObject({ verdict: "nothing-to-do" });
  });

  it("go back again in the opposite order, and once only", async () => {
    const stage = await labelled();
    const move = moveIn(await stage.assess());
    expect((await stage.carryOut(move, ["revert"])).note).toBe("It was not touched.");
    await stage.carryOut(move);

    await stage.carryOut(move, ["revert"]);
    await stage.carryOut(move, ["revert"]);

    expect(live(stage)).toEqual([3, 3]);
    expect(stage.calls.times("LabelParameterVersion")).toBe(4);
  });

  it("stay as they are when somebody moved a label after the plan", async () => {
    const stage = await labelled();
    const move = moveIn(await stage.assess());
    await label(stage, "/shop/limits", 2);

    const end = await stage.carryOut(move);

    expect(end).toMatchObject({ status: "failed", code: "CHANGED_SINCE_PLAN", touched: false });
    expect(live(stage)).toEqual([3, 2]);
  });

  it("are not changed back over somebody's newer label", async () => {
    const stage = await labelled();
    const move = moveIn(await stage.assess());
    await stage.carryOut(move);
    await label(stage, "/shop/limits", 2);

    expect(await stage.carryOut(move, ["confirm"])).toMatchObject({ code: "SUPERSEDED" });
    expect(await stage.carryOut(move, ["revert"])).toMatchObject({ code: "SUPERSEDED", touched: true });
    expect(live(stage)).toEqual([1, 2]);
  });

  it("wait while somebody else changes one at the same moment", async () => {
    const stage = await labelled();
    const move = moveIn(await stage.assess());
    stage.ssm.refuseUpdates("/shop/flags", 2);

    expect(await stage.carryOut(move)).toMatchObject({ status: "done" });
    expect(live(stage)).toEqual([1, 1]);
  });

  it("refuse versions that are gone, a label that is nowhere, names that nobody knows", async () => {
    const stage = await labelled();
    const asFor = (name: string) => stage.assess({ target: { components: { flags: name } } });

    expect((await asFor("/shop/flags=9")).verdict.reason).toContain("version 9 of /shop/flags is gone");
    expect((await asFor("/shop/other=1")).verdict.reason).toContain("say name=version");
    expect(moveIn(await asFor("/shop/flags=2")).details["to"]).toEqual({ "/shop/flags": "2" });
    stage.from({ store: "ssm-label", names: NAMES, label: "stable" });
    expect((await stage.assess()).verdict.reason).toContain("has the label stable");
    stage.from({ store: "ssm-label", names: ["/shop/none"], label: "live" });
    expect((await stage.assess()).verdict.reason).toContain("there is no parameter /shop/none");
  });

  it("take a refusal inside a success for a refusal", async () => {
    const stage = makeParameterStage();
    // An old label that AWS would not give any more, however it is written.
    const versions = [
      { value: "1", modifiedAt: START },
      { value: "2", modifiedAt: START, labels: ["AWS-live"] },
    ];
    stage.ssm.install({ name: "/shop/flags", type: "String", versions });
    stage.from({ store: "ssm-label", names: ["/shop/flags"], label: "AWS-live" });
    const move = moveIn(await stage.assess({ target: { components: { flags: "1" } } }));

    expect(await stage.carryOut(move)).toMatchObject({ status: "failed", code: "REFUSED_BY_AWS" });
    expect(stage.ssm.read("/shop/flags:AWS-live")?.version).toBe(2);
  });
});
