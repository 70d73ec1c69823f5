import { describe, expect, it } from "vitest";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import { makeStage, type Stage } from "./make-stage.ts";

async function begin(stage: Stage, move: Move, seconds: number): Promise<void> {
  await stage.driver().tick("cutOver", move);
  await stage.region.forSeconds(seconds);
}

const revertOf = (stage: Stage, move: Move) => stage.run(move, ["revert"]);

describe("reverting", () => {
  it("changes nothing when nothing was changed", async () => {
    const stage = await makeStage();

    const end = await revertOf(stage, await stage.plan());

    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("nothing to put back") });
    expect(stage.mutations("UpdateService")).toEqual([]);
  });

  it("stops its own deployment while that is under way", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await begin(stage, move, 10);

    const end = await revertOf(stage, move);

    expect(end).toMatchObject({
      status: "done",
      note: expect.stringContaining("Put back shop:2. 3 of 3 tasks"),
    });
    expect(stage.mutations("StopServiceDeployment")).toHaveLength(1);
    expect(stage.mutations("UpdateService")).toHaveLength(1);
  });

  it("deploys what ran before when its own deployment is over", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    expect((await stage.run(move)).status).toBe("done");

    const end = await revertOf(stage, move);

    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("Put back shop:2") });
    expect(stage.mutations("UpdateService")).toHaveLength(2);
    expect(stage.mutations("StopServiceDeployment")).toEqual([]);
  });

  it("deploys a copy of what ran before when that was deregistered meanwhile", async () => {
    const stage = await makeStage({ inactiveGraceSeconds: [0, 0] });
    const move = await stage.plan();
    await stage.run(move);
    await stage.region.ecsCall("DeregisterTaskDefinition", { taskDefinition: "shop:2" });

    expect(await revertOf(stage, move)).toMatchObject({
      status: "done",
      note: expect.stringContaining("run shop:3"),
    });
  });

  it("deploys again what a stop took away", async () => {
    const stage = await makeStage();
    await stage.checkpoint("cp-2");
    await stage.region.deploy("v3");
    await stage.region.forSeconds(10);
    const move = await stage.plan();
    expect((await stage.run(move)).status).toBe("done");

    const end = await revertOf(stage, move);

    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("Put back shop:3") });
  });

  it("finds everything as it was when ECS has already put it back", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    stage.region.setRelease("v1", { crashAfterSeconds: 2 });
    expect(await stage.run(move)).toMatchObject({ code: "RESTORED_BY_ECS" });

    expect(await revertOf(stage, move)).toMatchObject({ status: "done" });
    expect(stage.mutations("UpdateService")).toHaveLength(1);
  });

  it.each([8, 200])("leaves a deployment alone that somebody started %i s later", async (seconds) => {
    const stage = await makeStage();
    const move = await stage.plan();
    await begin(stage, move, seconds);
    await stage.region.deploy("fix");
    await stage.region.forSeconds(5);

    const end = await revertOf(stage, move);

    expect(end).toMatchObject({ status: "failed", code: "SUPERSEDED" });
    expect((await stage.region.primary()).taskDefinition).toMatch(/shop:3$/);
  });

  it("leaves a deployment alone that somebody started while ECS was going back", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await begin(stage, move, 10);
    await stage.driver().tick("revert", move);
    await stage.region.forSeconds(8);
    await stage.region.deploy("fix");

    const end = await revertOf(stage, move);

    expect(end).toMatchObject({ status: "failed", code: "SUPERSEDED" });
    expect((await stage.region.primary()).taskDefinition).toMatch(/shop:3$/);
  });
});
