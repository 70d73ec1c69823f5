import { DeleteHostedConfigurationVersionCommand } from "@aws-sdk/client-appconfig";
import { describe, expect, it } from "vitest";
import { MINUTE } from "../region/make-configuration-region.ts";
import { moveIn } from "../secret/make-secret-stage.ts";
import { ALARM, makeAppConfigStage } from "./make-appconfig-stage.ts";

/** Version 1 is proven, version 2 came after it and nobody proved it; now version 3 is on its way, for ten minutes at least. */
async function spreading({ strategy = "AppConfig.AllAtOnce", minutes = 1, monitors = false } = {}) {
  const made = await makeAppConfigStage({ minutes: 30, monitors });
  await made.start("flags", 3, strategy);
  await made.stage.pass(minutes * MINUTE);
  return made;
}

describe("a configuration in AppConfig that is on its way over one that nobody proved", () => {
  it.each([
    ["spreads", { strategy: "AppConfig.Linear20PercentEvery6Minutes", minutes: 8 }],
    ["bakes", {}],
  ] as const)("is stopped while it %s, and the proven one is deployed at once", async (_, situation) => {
    const { stage, live } = await spreading(situation);
    const move = moveIn(await stage.assess());
    const began = stage.kernel.now;

    expect(move.details["deployment"]).toEqual({ number: 4, way: "replace" });
    expect(move.warnings[0]).toContain("clients may get version 2");
    expect(await stage.carryOut(move)).toMatchObject({ status: "done", verb: "confirm" });
    expect(live()).toBe(1);
    expect((stage.kernel.now - began) / 1_000).toBeLessThan(60);
    expect(stage.calls.operations.filter((one) => /^(Stop|Start)/.test(one))).toEqual([
      "StopDeployment",
      "StartDeployment",
    ]);
    expect((await stage.assess()).verdict.verdict).toBe("nothing-to-do");
  });

  it("comes back when the rollback is taken back, whether its own deployment still bakes or not", async () => {
    for (const minutes of [0, 30]) {
      const { stage, live } = await spreading();
      const move = moveIn(await stage.assess());
      expect((await stage.carryOut(move, ["revert"])).note).toBe("It was not touched.");
      await stage.carryOut(move);
      await stage.pass(minutes * MINUTE);

      expect(await stage.carryOut(move, ["revert"])).toMatchObject({ status: "done" });
      expect(await stage.carryOut(move, ["revert"])).toMatchObject({ status: "done" });
      expect(live()).toBe(3);
    }
  });

  it("comes back also when it was only stopped", async () => {
    const { stage, live } = await spreading();
    const move = moveIn(await stage.assess());
    await stage.tick(move, "cutOver");
    expect(stage.calls.times("StartDeployment")).toBe(0);

    expect(await stage.carryOut(move, ["revert"])).toMatchObject({ status: "done" });
    expect(live()).toBe(3);
  });

  it("is not stopped any more once it is complete: the proven one is deployed over it", async () => {
    const { stage, live } = await spreading();
    const move = moveIn(await stage.assess());
    await stage.pass(30 * MINUTE);

    expect(await stage.carryOut(move)).toMatchObject({ status: "done" });
    expect([live(), stage.calls.times("StopDeployment")]).toEqual([1, 0]);
    expect(await stage.carryOut(move, ["revert"])).toMatchObject({ status: "done" });
    expect(live()).toBe(3);
  });

  it("is left to the person who stopped it after the plan was made", async () => {
    const { stage, stop, live } = await spreading();
    const move = moveIn(await stage.assess());
    await stop(4);
    await stage.pass(MINUTE);

    const end = await stage.carryOut(move, ["cutOver"]);

    expect(end).toMatchObject({ status: "failed", code: "CHANGED_SINCE_PLAN", touched: false });
    expect([live(), stage.calls.times("StartDeployment")]).toEqual([2, 0]);
  });

  it("makes room for the proven one when its own alarm took it back meanwhile", async () => {
    const { stage, live } = await spreading({ monitors: true });
    const move = moveIn(await stage.assess());
    stage.alarms.set(ALARM, "ALARM");
    await stage.pass(MINUTE);
    stage.alarms.set(ALARM, "OK");

    expect(await stage.carryOut(move, ["cutOver", "confirm"])).toMatchObject({ status: "done" });
    expect([live(), stage.calls.times("StopDeployment")]).toEqual([1, 0]);
  });

  it("is stopped and stays so when a person deploys another version in that moment", async () => {
    const { stage, start, live } = await spreading();
    const move = moveIn(await stage.assess());
    stage.calls.before.set("StartDeployment", () => start("flags", 2));

    const end = await stage.carryOut(move, ["cutOver"]);

    expect(end).toMatchObject({ status: "failed", code: "SUPERSEDED", touched: true });
    expect(await stage.carryOut(move, ["revert"])).toMatchObject({ status: "failed", code: "SUPERSEDED" });
    await stage.pass(30 * MINUTE);
    expect(live()).toBe(2);
  });

  it("waits when another configuration is deployed in that moment: it has nothing to do with this one", async () => {
    const { stage, start, live } = await spreading();
    const move = moveIn(await stage.assess());
    stage.calls.before.set("StartDeployment", () => start("other", 2));

    expect(await stage.carryOut(move)).toMatchObject({ status: "done", verb: "confirm" });
    expect(live()).toBe(1);
    expect(stage.appconfig.live("shop", "prod", "other")?.version).toBe(2);
  });

  it("is waited for when AWS does not stop what bakes", async () => {
    const { stage, live } = await spreading();
    const move = moveIn(await stage.assess());
    const refused = () =>
      Promise.reject(Object.assign(new Error("not now"), { name: "BadRequestException", $fault: "client" }));
    const until = stage.kernel.now + 8 * MINUTE;
    const again = async () => {
      if (stage.kernel.now > until) return;
      stage.calls.before.set("StopDeployment", again);
      await refused();
    };
    stage.calls.before.set("StopDeployment", again);

    expect(await stage.carryOut(move)).toMatchObject({ status: "done", verb: "confirm" });
    expect(live()).toBe(1);
  });

  it("is not stopped when the proven one was deleted: that is said before anything is touched", async () => {
    const { stage, live, where, profileId } = await spreading();
    const version = { ApplicationId: where.ApplicationId, ConfigurationProfileId: profileId("flags") };
    const remove = () =>
      stage.run(() =>
        stage.operator.appconfig.send(
          new DeleteHostedConfigurationVersionCommand({ ...version, VersionNumber: 1 }),
        ),
      );
    const move = moveIn(await stage.assess());
    await remove();

    expect((await stage.assess()).verdict).toMatchObject({ verdict: "refuse" });
    expect(await stage.carryOut(move)).toMatchObject({ code: "TARGET_GONE", touched: false });
    expect([live(), stage.calls.times("StopDeployment")]).toEqual([3, 0]);
  });

  it("waits for its end when stopping it would leave nothing to read", async () => {
    const { stage, start, profileId } = await makeAppConfigStage({ minutes: 30 });
    await start("fresh", 1);
    await stage.pass(MINUTE);
    stage.from({
      ...stage.configuration.source,
      profile: profileId("fresh"),
    } as typeof stage.configuration.source);

    const { verdict } = await stage.assess({ target: { components: { flags: "2" } } });

    expect(verdict).toMatchObject({ verdict: "refuse" });
    expect(verdict.reason).toContain("clients would get nothing");
  });
});
