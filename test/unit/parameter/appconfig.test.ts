import { describe, expect, it } from "vitest";
import { DAY, MINUTE } from "../region/make-configuration-region.ts";
import { moveIn } from "../secret/make-secret-stage.ts";
import { ALARM, makeAppConfigStage } from "./make-appconfig-stage.ts";

const wayOf = (move: { details: Record<string, unknown> }) => move.details["deployment"];

describe("a configuration in AppConfig", () => {
  it.each([
    ["spreads", { strategy: "AppConfig.Linear20PercentEvery6Minutes", minutes: 8 }, "stop"],
    ["bakes", { minutes: 1 }, "stop"],
    ["is complete", { minutes: 30 }, "revert"],
    ["is complete for four days", { minutes: 4 * 24 * 60 }, "start"],
  ] as const)("goes back when the bad version %s", async (_, situation, way) => {
    const { stage, live } = await makeAppConfigStage(situation);

    const move = moveIn(await stage.assess());

    expect(wayOf(move)).toEqual({ number: 3, way });
    expect(await stage.carryOut(move)).toMatchObject({ status: "done", verb: "confirm" });
    expect(live()).toBe(1);
    expect(stage.calls.times("StopDeployment") + stage.calls.times("StartDeployment")).toBe(1);
    expect((await stage.assess()).verdict.verdict).toBe("nothing-to-do");
    expect(JSON.stringify([...stage.journal.entries.values(), move])).not.toContain("hunter2");
  });

  it.each([
    ["stop", { strategy: "AppConfig.Linear20PercentEvery6Minutes", minutes: 8 }],
    ["revert", { minutes: 30 }],
    ["start", { minutes: 4 * 24 * 60 }],
  ] as const)("is put back after a %s", async (_, situation) => {
    const { stage, live } = await makeAppConfigStage(situation);
    const move = moveIn(await stage.assess());
    expect((await stage.carryOut(move, ["revert"])).note).toBe("It was not touched.");
    await stage.carryOut(move);

    expect(await stage.carryOut(move, ["revert"])).toMatchObject({ status: "done" });
    expect(await stage.carryOut(move, ["revert"])).toMatchObject({ status: "done" });
    await stage.pass(30 * MINUTE);

    expect(live()).toBe(2);
  });

  it.each(["StartDeployment", "StopDeployment"] as const)(
    "finds its own %s again when its answer is lost",
    async (call) => {
      const { stage, live } = await makeAppConfigStage({
        minutes: call === "StopDeployment" ? 30 : 4 * 24 * 60,
      });
      const move = moveIn(await stage.assess());
      stage.calls.next.set(call, "lost-reply");

      expect(await stage.carryOut(move)).toMatchObject({ status: "done" });

      expect(live()).toBe(1);
      expect((await stage.carryOut(move, ["revert"])).status).toBe("done");
      await stage.pass(30 * MINUTE);
      expect(live()).toBe(2);
    },
  );

  it("is left alone when its own alarms took it back already", async () => {
    const { stage, live } = await makeAppConfigStage({ monitors: true, minutes: 1 });
    stage.alarms.set(ALARM, "ALARM");
    await stage.pass(MINUTE);

    const { verdict } = await stage.assess({ target: "previous" });

    expect(verdict).toMatchObject({ verdict: "nothing-to-do" });
    expect(verdict.reason).toContain(
      "its alarms already took deployment 3 of version 2 back; version 1 is live",
    );
    expect(live()).toBe(1);
  });

  it("has no version to record while it spreads", async () => {
    const { stage } = await makeAppConfigStage({
      strategy: "AppConfig.Linear20PercentEvery6Minutes",
      minutes: 8,
    });
    expect(await stage.read()).toBeUndefined();

    await stage.pass(60 * MINUTE);
    expect(await stage.read()).toMatchObject({ kind: "parameter" });
  });

  it("waits for other deployments: one at a time is possible", async () => {
    const { stage, start } = await makeAppConfigStage({ minutes: 30 });
    const move = moveIn(await stage.assess());
    await start("other", 2);
    expect((await stage.assess()).verdict.reason).toMatch(
      /deployment 4 of other is in progress.*wait for its end/,
    );

    const end = await stage.carryOut({
      ...move,
      details: { ...move.details, deployment: { number: 3, way: "start" } },
    });

    expect(end).toMatchObject({ status: "failed", code: "IN_USE", touched: false });
  });

  it("is not changed over a deployment that came after the plan", async () => {
    const { stage, start, live } = await makeAppConfigStage({ minutes: 4 * 24 * 60 });
    const move = moveIn(await stage.assess());
    stage.calls.before.set("StartDeployment", async () => {
      await start("flags", 3);
      // It is over, so that nothing but the number tells of it.
      await stage.kernel.sleep(30 * MINUTE);
    });

    const end = await stage.carryOut(move, ["cutOver"]);

    expect(end).toMatchObject({ status: "failed", code: "CHANGED_SINCE_PLAN", touched: false });
    await stage.pass(30 * MINUTE);
    expect(live()).toBe(3);
    expect(await stage.carryOut(move, ["revert"])).toMatchObject({ status: "done" });
    expect(live()).toBe(3);
  });

  it("is not deployed over what a person reverted after the plan", async () => {
    const { stage, start, stop, live } = await makeAppConfigStage({ minutes: 30 });
    await start("flags", 3);
    await stage.pass(30 * MINUTE);
    const move = moveIn(await stage.assess());
    expect(wayOf(move)).toEqual({ number: 4, way: "start" });
    await stop(4);
    await stage.pass(MINUTE);

    const end = await stage.carryOut(move, ["cutOver"]);

    expect(end).toMatchObject({ status: "failed", code: "CHANGED_SINCE_PLAN", touched: false });
    expect([live(), stage.calls.times("StartDeployment")]).toEqual([2, 0]);
  });

  it("says who took the old version back when it does not stay", async () => {
    const { stage } = await makeAppConfigStage({ monitors: true, minutes: 4 * 24 * 60 });
    const slow = { strategy: "AppConfig.Linear20PercentEvery6Minutes" };
    stage.from({ ...stage.configuration.source, ...slow } as typeof stage.configuration.source);
    const move = moveIn(await stage.assess());
    stage.alarms.set(ALARM, "ALARM");

    const end = await stage.carryOut(move);

    expect(end).toMatchObject({ status: "failed", code: "WRONG_VERSION", touched: true });
    expect(end.note).toContain("CLOUDWATCH_ALARM");
  });

  it("deploys the old version when reverting has become impossible", async () => {
    const { stage, live } = await makeAppConfigStage({ minutes: 30 });
    const move = moveIn(await stage.assess());
    await stage.pass(4 * DAY);

    expect(await stage.carryOut(move, ["cutOver", "confirm"])).toMatchObject({ status: "done" });
    expect(live()).toBe(1);
    expect([stage.calls.times("StopDeployment"), stage.calls.times("StartDeployment")]).toEqual([1, 1]);
  });

  it("does not take back what somebody else took back and replaced", async () => {
    const { stage, start, stop, live } = await makeAppConfigStage({ minutes: 1 });
    const move = moveIn(await stage.assess());
    await stop(3);
    await stage.pass(MINUTE);
    await start("flags", 3);
    await stage.pass(30 * MINUTE);

    expect(await stage.carryOut(move)).toMatchObject({ code: "CHANGED_SINCE_PLAN", touched: false });
    expect(live()).toBe(3);
  });
});
