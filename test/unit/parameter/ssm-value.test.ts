import { GetParameterHistoryCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { DAY, START } from "../region/make-configuration-region.ts";
import { moveIn } from "../secret/make-secret-stage.ts";
import { makeParameterStage, type ParameterStage } from "./make-parameter-stage.ts";

const NAME = "/shop/token";

/** A SecureString under a customer key: version 1 is proven, version 2 is bad. */
async function written(tier: "Standard" | "Advanced" = "Standard") {
  const stage = makeParameterStage();
  const key = stage.kms.install({ alias: "alias/shop" });
  const install = { name: NAME, type: "SecureString", keyId: key, tier } as const;
  stage.ssm.install({
    ...install,
    versions: [{ value: "good-hunter2", modifiedAt: START - DAY, description: "it" }],
  });
  stage.from({ store: "ssm-value", names: [NAME], kmsKeys: [key] });
  await stage.record("proven");
  await write(stage, "bad-hunter2", key);
  return { stage, key };
}

function write(stage: ParameterStage, Value: string, KeyId?: string) {
  const command = new PutParameterCommand({
    Name: NAME,
    Value,
    Overwrite: true,
    ...(KeyId ? { KeyId } : {}),
  });
  return stage.run(() => stage.operator.ssm.send(command));
}

async function newest(stage: ParameterStage) {
  const command = new GetParameterHistoryCommand({ Name: NAME });
  const { Parameters = [] } = await stage.run(() => stage.operator.ssm.send(command));
  return Parameters.at(-1);
}

const liveValue = (stage: ParameterStage) => stage.ssm.read(NAME)?.value;

describe("a parameter that is read by its name", () => {
  it("gets the old value as a new version, with its key, type, tier and description", async () => {
    const { stage, key } = await written("Advanced");

    expect(await stage.carryOut(moveIn(await stage.assess()))).toMatchObject({ status: "done" });

    expect(liveValue(stage)).toBe("good-hunter2");
    expect(await newest(stage)).toMatchObject({
      Version: 3,
      Type: "SecureString",
      KeyId: key,
      Tier: "Advanced",
      Description: "it",
      Labels: ["stepback-from-1"],
    });
    expect(stage.calls.times("PutParameter")).toBe(1);
    expect(stage.journal.entries.get(`cut-over-restored:${NAME}`)?.facts).toEqual({
      restoredFromVersion: "1",
      newVersion: 3,
    });
  });

  it("keeps the policies that the parameter has now, and says when they were others", async () => {
    const stage = makeParameterStage();
    const policy = (PolicyType: string, days: string) => [
      { PolicyType, PolicyText: `{"Type":"${PolicyType}","After":"${days}"}`, PolicyStatus: "Pending" },
    ];
    const versions = [
      { value: "1", modifiedAt: START, policies: policy("NoChangeNotification", "20") },
      { value: "2", modifiedAt: START, policies: policy("Expiration", "30") },
      { value: "3", modifiedAt: START, policies: policy("Expiration", "30") },
    ];
    stage.ssm.install({ name: NAME, type: "String", tier: "Advanced", versions });
    stage.from({ store: "ssm-value", names: [NAME], kmsKeys: [] });
    const to = async (version: string) =>
      moveIn(await stage.assess({ target: { components: { flags: version } } }));
    expect((await to("2")).warnings.join()).toContain("has a policy by which AWS deletes it");

    const move = await to("1");
    expect(move.warnings.join()).toContain(
      "keeps its parameter policies of now; those of version 1 were others",
    );
    expect(await stage.carryOut(move)).toMatchObject({ status: "done" });
    expect((await newest(stage))?.Policies).toEqual(policy("Expiration", "30"));
  });

  it("counts as the old version for the ledger, so that nobody goes back twice", async () => {
    const { stage } = await written();
    await stage.carryOut(moveIn(await stage.assess()));

    expect(await stage.read()).toEqual({ kind: "parameter", versions: { [NAME]: "1" } });
    expect((await stage.assess()).verdict.verdict).toBe("nothing-to-do");
  });

  it("says no value anywhere, not even when AWS refuses one", async () => {
    const { stage, key } = await written();
    const move = moveIn(await stage.assess());
    const refused = Object.assign(new Error("Value 'good-hunter2' at 'value' failed"), {
      name: "ValidationException",
      $fault: "client",
    });
    stage.calls.before.set("PutParameter", () => Promise.reject(refused));

    const end = await stage.carryOut(move);

    expect(end).toMatchObject({ status: "failed", code: "REFUSED_BY_AWS" });
    expect(end.note).toContain("ValidationException");
    const said = [end, move, ...stage.journal.entries.values(), ...stage.kernel.log.entries];
    expect(JSON.stringify(said)).not.toContain("hunter2");
    expect(key).toBeDefined();
  });

  it("goes back to the value before, whoever was killed in between", async () => {
    const { stage } = await written();
    const move = moveIn(await stage.assess());
    stage.calls.next.set("PutParameter", "lost-reply");
    stage.calls.next.set("LabelParameterVersion", "refused");
    const cut = await stage.carryOut(move, ["cutOver"]);

    const back = await stage.carryOut(move, ["revert"]);

    expect([cut.status, back.status]).toEqual(["done", "done"]);
    expect(liveValue(stage)).toBe("bad-hunter2");
    expect(await stage.read()).toEqual({ kind: "parameter", versions: { [NAME]: "2" } });
    expect(stage.calls.times("PutParameter")).toBe(2);
  });

  it("keeps somebody's newer value, before and after its own", async () => {
    const { stage, key } = await written();
    const move = moveIn(await stage.assess());
    await write(stage, "newer-hunter2", key);
    expect(await stage.carryOut(move)).toMatchObject({ code: "CHANGED_SINCE_PLAN", touched: false });

    const again = moveIn(await stage.assess());
    await stage.carryOut(again);
    await write(stage, "newest-hunter2", key);
    expect(await stage.carryOut(again, ["confirm"])).toMatchObject({ code: "SUPERSEDED" });
    expect(await stage.carryOut(again, ["revert"])).toMatchObject({ code: "SUPERSEDED" });
    expect(liveValue(stage)).toBe("newest-hunter2");
  });

  it("tells of a value that somebody wrote at the very moment, and puts that one back", async () => {
    const { stage, key } = await written();
    const move = moveIn(await stage.assess());
    const other = new PutParameterCommand({
      Name: NAME,
      Value: "theirs-hunter2",
      Overwrite: true,
      KeyId: key,
    });
    stage.calls.before.set("PutParameter", () => stage.operator.ssm.send(other));

    const end = await stage.carryOut(move);

    expect(end).toMatchObject({ status: "failed", code: "SUPERSEDED", touched: true });
    expect(end.note).toContain("wrote version 3");
    await stage.carryOut(move, ["revert"]);
    expect(liveValue(stage)).toBe("theirs-hunter2");
  });

  it("refuses a key that is not granted, a full history whose oldest version is labelled, a disabled key", async () => {
    const { stage, key } = await written();
    stage.from({ store: "ssm-value", names: [NAME], kmsKeys: [] });
    expect((await stage.assess()).verdict.reason).toContain("kmsKeys do not name");

    stage.from({ store: "ssm-value", names: [NAME], kmsKeys: [key] });
    const move = moveIn(await stage.assess());
    stage.kms.setState(key, "Disabled");
    expect(await stage.carryOut(move)).toMatchObject({
      status: "failed",
      code: "REFUSED_BY_AWS",
      touched: false,
    });

    const full = makeParameterStage();
    const versions = Array.from({ length: 100 }, (_, index) => ({
      value: `${index}`,
      modifiedAt: START - DAY,
      labels: index === 0 ? ["release-1"] : [],
    }));
    full.ssm.install({ name: NAME, type: "String", versions });
    full.from({ store: "ssm-value", names: [NAME], kmsKeys: [] });
    const verdict = (await full.assess({ target: { components: { flags: "99" } } })).verdict;
    expect(verdict.reason).toContain("the oldest, 1, is labelled release-1: remove the label");
  });

  it("loses Stepback's label once a newer version is live, before it is the oldest of a hundred and blocks the next", async () => {
    const { stage, key } = await written();
    await stage.carryOut(moveIn(await stage.assess()));
    expect(await stage.keep()).toContain("No label");

    await write(stage, "next-hunter2", key);
    expect(await stage.keep()).toBe("1 old labels were taken off.");

    const { Parameters = [] } = await stage.run(() =>
      stage.operator.ssm.send(new GetParameterHistoryCommand({ Name: NAME })),
    );
    expect(Parameters.flatMap(({ Labels = [] }) => Labels)).toEqual([]);
  });
});
