import { describe, expect, it } from "vitest";
import { makeStage } from "./make-stage.ts";

describe("holding", () => {
  it("keeps the version, and pauses and resumes it without a deployment", async () => {
    const stage = await makeStage();
    const move = await stage.plan("proven", "hold");
    const deployments = (await stage.region.history()).length;
    const before = stage.region.events.length;

    await stage.run(move, ["pause"]);
    const end = await stage.run(move, ["resume", "confirm"]);

    expect(move).toMatchObject({ stays: true, tier: "reversible", verbs: ["pause", "resume", "confirm"] });
    expect(move.to).toEqual(move.from);
    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("3 of 3 tasks run shop:2") });
    expect(stage.startedSince(before)).toEqual(["shop:2", "shop:2", "shop:2"]);
    expect(await stage.region.history()).toHaveLength(deployments);
    const updates = stage.mutations("UpdateService").map(({ desiredCount }) => desiredCount);
    expect(updates).toEqual([0, 3]);
  });

  it("comes back also when its task definition was deregistered meanwhile", async () => {
    const stage = await makeStage({ inactiveGraceSeconds: [0, 0] });
    const move = await stage.plan("proven", "hold");
    await stage.run(move, ["pause"]);
    await stage.region.ecsCall("DeregisterTaskDefinition", { taskDefinition: "shop:2" });

    await stage.driver().tick("resume", move);

    expect((await stage.region.service()).desiredCount).toBe(3);
    expect(stage.mutations("UpdateService").at(-1)).not.toHaveProperty("taskDefinition");
  });

  it("resumes, reverts and tidies a service that was never paused by doing nothing", async () => {
    const stage = await makeStage();
    const move = await stage.plan("proven", "hold");

    const ends = [await stage.run(move, ["resume"]), await stage.run(move, ["revert"])];
    ends.push(await stage.run(move, ["tidy"]), await stage.run(move, ["discard"]));

    expect(ends.map(({ status }) => status)).toEqual(["done", "done", "done", "done"]);
    expect(stage.mutations("UpdateService")).toEqual([]);
  });

  it.each(["hold", "restart"] as const)(
    "refuses to %s while a deployment is in progress, and says what to do",
    async (part) => {
      const stage = await makeStage();
      await stage.region.deploy("v3");
      await stage.region.forSeconds(10);

      const { verdict } = await stage.assess("proven", part);

      expect(verdict).toMatchObject({ verdict: "refuse" });
      expect(verdict.reason).toMatch(
        /deployment of shop is in progress .* wait until it has ended, stop it, or roll/,
      );
    },
  );

  it.each(["hold", "restart"] as const)("refuses to %s a service that is gone", async (part) => {
    const stage = await makeStage();
    await stage.region.ecsCall("DeleteService", { cluster: "shop", service: "shop", force: true });

    expect((await stage.assess("proven", part)).verdict.verdict).toBe("refuse");
  });
});

describe("restarting", () => {
  it("starts fresh tasks of the same version by one forced deployment", async () => {
    const stage = await makeStage();
    const old = (await stage.region.tasks()).map(({ taskArn }) => taskArn);
    const move = await stage.plan("proven", "restart");

    const end = await stage.run(move);

    expect(move).toMatchObject({ stays: true, verbs: ["cutOver", "confirm"], details: { way: "restart" } });
    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("3 of 3 tasks run shop:2") });
    const fresh = await stage.region.tasks();
    expect(fresh).toHaveLength(3);
    expect(fresh.filter(({ taskArn }) => old.includes(taskArn))).toEqual([]);
    expect(stage.mutations("UpdateService")).toMatchObject([{ forceNewDeployment: true }]);
  });

  it.each(["lost-reply", "throttle", "refused"] as const)(
    "restarts once when the call meets %s",
    async (effect) => {
      const stage = await makeStage();
      const move = await stage.plan("proven", "restart");
      const deployments = (await stage.region.history()).length;
      stage.faults.add({ operation: "UpdateService", effect, times: 1 });
      stage.crashingWrites = new Set([2, 3]);

      expect(await stage.run(move)).toMatchObject({ status: "done" });

      expect((await stage.region.history()).length - deployments).toBe(1);
    },
  );

  it("pins the image when its tag moved, so that the code stays the same", async () => {
    const stage = await makeStage();
    const digests = async () => (await stage.region.tasks()).map((task) => task.containers?.[0]?.imageDigest);
    const before = await digests();
    stage.region.push("rebuilt", {}, "v2");

    const move = await stage.plan("proven", "restart");
    const end = await stage.run(move);

    expect(move.details["clone"]).toBe("tag-moved");
    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("3 of 3 tasks run shop:3") });
    expect(await digests()).toEqual(before);
  });

  it("does not call tasks fresh that were there before", async () => {
    const stage = await makeStage();
    const move = await stage.plan("proven", "restart");
    await stage.driver().tick("cutOver", move);
    await stage.region.forSeconds(4);

    const tick = await stage.driver().tick("confirm", move);

    expect(tick).toMatchObject({ status: "working" });
    expect(tick.note).toContain("3 of shop:2 from before the restart");
  });

  it("has nothing to do for a service without tasks", async () => {
    const stage = await makeStage();
    await stage.region.update({ desiredCount: 0 });

    expect((await stage.assess("proven", "restart")).verdict.verdict).toBe("nothing-to-do");
  });
});
