import { describe, expect, it } from "vitest";
import { deploy, makeBlueGreenStage, nameOfServing } from "./make-blue-green-stage.ts";
import { configuration } from "./make-stage.ts";

describe("a service that CodeDeploy deploys", () => {
  it("is refused without its application and group, which the sentence asks for", async () => {
    const stage = await makeBlueGreenStage();
    stage.configuration = configuration;

    expect((await stage.assess()).verdict).toMatchObject({
      verdict: "refuse",
      reason: expect.stringContaining("add codeDeploy to it"),
    });
  });

  it("goes back by one deployment that neither its alarms nor its own rollback can turn round", async () => {
    const stage = await makeBlueGreenStage();
    const move = await stage.plan();

    const end = await stage.run(move);

    expect(move).toMatchObject({
      details: { way: "code-deploy" },
      to: { label: "shop:1 (v1)", checkpoint: "cp-1" },
    });
    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("3 of 3 tasks run shop:1") });
    expect(await nameOfServing(stage)).toBe("shop:1");
    expect(stage.mutations("CreateDeployment").slice(1)).toMatchObject([
      {
        description: "Stepback rb-1 (cut-over)",
        overrideAlarmConfiguration: { enabled: false },
        autoRollbackConfiguration: { enabled: false },
      },
    ]);
  });

  it("does not wait for the old tasks, which nobody reaches any more", async () => {
    const stage = await makeBlueGreenStage();
    const move = await stage.plan();

    await stage.run(move, ["prepare", "cutOver"]);

    expect(await nameOfServing(stage)).toBe("shop:1");
    expect(await stage.run(move, ["confirm"])).toMatchObject({ status: "done" });
  });

  it("says which old tasks still run, though nobody reaches them", async () => {
    const stage = await makeBlueGreenStage({ seconds: 1_000, terminationWaitMinutes: 15 });

    const { note } = await stage.run(await stage.plan());

    expect(note).toBe(
      "3 of 3 tasks run shop:1, and nothing else serves; CodeDeploy keeps 3 of shop:2 for a while, which nobody reaches.",
    );
  });

  it("has its deployment in flight taken back, whether the traffic has moved or not", async () => {
    for (const seconds of [25, 90]) {
      const stage = await makeBlueGreenStage({ seconds, terminationWaitMinutes: 30 });
      const move = await stage.plan();

      const end = await stage.run(move);

      expect(move.details["codeDeploy"]).toHaveProperty("deploymentInFlight");
      expect(end).toMatchObject({ status: "done", note: expect.stringContaining("3 of 3 tasks run shop:1") });
      expect(stage.mutations("StopDeployment")).toMatchObject([{ autoRollbackEnabled: true }]);
      expect(stage.mutations("CreateDeployment")).toHaveLength(1);
    }
  });

  it("is deployed when the deployment in flight ends before it could be stopped", async () => {
    const stage = await makeBlueGreenStage({ seconds: 25 });
    const move = await stage.plan();
    await stage.region.forSeconds(300);

    expect(await stage.run(move)).toMatchObject({ status: "done" });

    expect(await nameOfServing(stage)).toBe("shop:1");
    expect(stage.mutations("StopDeployment")).toEqual([]);
  });

  it("lets the traffic move where a person would have to", async () => {
    const stage = await makeBlueGreenStage({ readyWaitMinutes: 60, seconds: 0 });
    const move = await stage.plan();
    await stage.run(move);
    await deploy(stage, move.from.id);
    await stage.region.forSeconds(120);
    const listed = await stage.operate("codedeploy", "ListDeployments", { includeOnlyStatuses: ["Ready"] });
    const [deploymentId] = listed["deployments"] as string[];
    await stage.operate("codedeploy", "ContinueDeployment", { deploymentId });
    await stage.region.forSeconds(120);
    stage.entries.clear();

    expect(await stage.run(await stage.plan())).toMatchObject({ status: "done" });

    expect(stage.mutations("ContinueDeployment")).toHaveLength(2);
  });

  it("stays with what somebody deployed after the plan, and says when another deployment is in the way", async () => {
    const stage = await makeBlueGreenStage();
    const move = await stage.plan();
    stage.region.push("fix");
    await deploy(stage, await stage.region.register("fix"));
    await stage.region.forSeconds(5);
    expect(await stage.run(move)).toMatchObject({ status: "failed", code: "IN_USE" });

    stage.entries.clear();
    await stage.region.forSeconds(300);
    expect(await stage.run(move)).toMatchObject({ code: "CHANGED_SINCE_PLAN", touched: false });
    expect(await nameOfServing(stage)).toBe("shop:3");
  });

  it("says why the target could not start; what was there goes on serving", async () => {
    const stage = await makeBlueGreenStage();
    const move = await stage.plan();
    stage.region.setRelease("v1", { crashAfterSeconds: 2 });

    const end = await stage.run(move);

    expect(end).toMatchObject({ status: "failed", code: "TOO_SLOW" });
    expect(await nameOfServing(stage)).toBe("shop:2");
  });
});

describe("reverting what CodeDeploy did", () => {
  it.each([5, 300])("puts back what ran before, %i s after the cut-over began", async (seconds) => {
    const stage = await makeBlueGreenStage();
    const move = await stage.plan();
    await stage.driver().tick("cutOver", move);
    await stage.region.forSeconds(seconds);

    const end = await stage.run(move, ["revert"]);

    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("Put back shop:2") });
    expect(await nameOfServing(stage)).toBe("shop:2");
  });
});
