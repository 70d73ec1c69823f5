import { describe, expect, it } from "vitest";
import { makeBlueGreenStage, nameOfServing } from "./make-blue-green-stage.ts";

describe("pausing what CodeDeploy deploys", () => {
  it("resumes on the target only when the old task set is gone, so that the bad version never starts again", async () => {
    const stage = await makeBlueGreenStage({ terminationWaitMinutes: 0 });
    const move = await stage.plan();
    await stage.run(move, ["prepare"]);
    await stage.run(move, ["pause"]);
    const before = stage.region.events.length;

    const end = await stage.run(move, ["resume", "confirm"]);

    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("3 of 3 tasks run shop:1") });
    expect(stage.startedSince(before)).toEqual(["shop:1", "shop:1", "shop:1"]);
  });

  it("ends the wait for the old tasks, which hold the count up", async () => {
    const stage = await makeBlueGreenStage({ seconds: 5_000, terminationWaitMinutes: 60 });
    const move = await stage.plan();
    await stage.run(move, ["pause"]);
    const before = stage.region.events.length;

    expect(await stage.run(move, ["resume", "confirm"])).toMatchObject({ status: "done" });

    expect(stage.mutations("ContinueDeployment")).toMatchObject([{ deploymentWaitType: "TERMINATION_WAIT" }]);
    expect(stage.startedSince(before)).toEqual(["shop:1", "shop:1", "shop:1"]);
  });

  it("holds and restarts it with its own means", async () => {
    const stage = await makeBlueGreenStage();
    const move = await stage.plan("proven", "hold");
    await stage.run(move, ["pause"]);
    expect((await stage.region.service()).desiredCount).toBe(0);
    const hold = await stage.run(move, ["resume", "confirm"]);
    expect(hold).toMatchObject({ status: "done", note: expect.stringContaining("run shop:2") });
    stage.entries.clear();
    const old = (await stage.region.tasks()).map(({ taskArn }) => taskArn);

    const restart = await stage.run(await stage.plan("proven", "restart"));

    expect(restart).toMatchObject({ status: "done", note: expect.stringContaining("run shop:2") });
    const fresh = (await stage.region.tasks()).filter(({ taskArn }) => !old.includes(taskArn));
    expect(fresh).toHaveLength(3);
  });
});

describe("a rollback by CodeDeploy that is killed and retried anywhere", () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

  it("makes one deployment, whichever answer is lost and whichever journal entry", async () => {
    const calls = (["CreateDeployment", "UpdateService"] as const).flatMap((operation) =>
      (["lost-reply", "refused", "throttle"] as const).map((effect) => ({ operation, effect })),
    );
    const writes = numbers(9).map((write) => ({ write }));
    for (const trouble of [...calls, ...writes]) {
      const stage = await makeBlueGreenStage();
      const move = await stage.plan();
      if ("write" in trouble) stage.crashingWrites = new Set([trouble.write]);
      else stage.faults.add({ ...trouble, times: 1 });
      await stage.run(move, ["prepare"]);
      await stage.run(move, ["pause"]);

      expect(await stage.run(move, ["resume", "confirm"])).toMatchObject({ status: "done" });
      expect(stage.mutations("CreateDeployment").length).toBeLessThanOrEqual(2);
      expect(await nameOfServing(stage)).toBe("shop:1");
    }
  }, 60_000);
});
