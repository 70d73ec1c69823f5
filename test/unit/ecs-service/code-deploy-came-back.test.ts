import { describe, expect, it } from "vitest";
import { deploy, makeBlueGreenStage, nameOfServing } from "./make-blue-green-stage.ts";
import type { Stage } from "./make-stage.ts";

/** `v1` and `v2` are proven, `v2` serves, and CodeDeploy has begun to deploy `v3`, which is bad. */
async function makeStageWithTwoProven(): Promise<Stage> {
  const stage = await makeBlueGreenStage();
  await stage.checkpoint("cp-2");
  stage.region.push("v3", { errorRate: 0.5 });
  await deploy(stage, await stage.region.register("v3"));
  return stage;
}

describe("a service that CodeDeploy has just brought back", () => {
  it("stays on its proven version when its deployment was stopped and went back by itself", async () => {
    const stage = await makeStageWithTwoProven();
    await stage.region.forSeconds(25);
    const listed = await stage.operate("codedeploy", "ListDeployments", {
      includeOnlyStatuses: ["InProgress"],
    });
    const [deploymentId] = listed["deployments"] as string[];
    await stage.operate("codedeploy", "StopDeployment", { deploymentId, autoRollbackEnabled: true });
    await stage.region.forSeconds(60);
    expect(await nameOfServing(stage)).toBe("shop:2");

    expect((await stage.assess()).verdict).toMatchObject({
      verdict: "nothing-to-do",
      reason: expect.stringContaining("went back to it by itself"),
    });
  });

  it("stays where a rollback has just brought it from a version that was never recorded", async () => {
    const stage = await makeStageWithTwoProven();
    await stage.region.forSeconds(300);
    const move = await stage.plan();
    expect(move.to.label).toBe("shop:2 (v2)");
    await stage.run(move);
    await stage.region.forSeconds(60);

    expect((await stage.assess()).verdict).toMatchObject({
      verdict: "nothing-to-do",
      reason: expect.stringContaining("the rollback from shop:3 (v3) went to"),
    });
  });

  it("goes back from where an undo has brought it", async () => {
    const stage = await makeStageWithTwoProven();
    await stage.region.forSeconds(300);
    await stage.checkpoint("cp-3");
    await stage.run(await stage.plan({ components: { api: "shop:2" } }));
    stage.entries.clear();
    await stage.run(await stage.plan({ components: { api: "shop:3" } }));

    expect((await stage.plan()).to.label).toBe("shop:2 (v2)");
  });

  it("goes back as ever when a later deployment is the bad one", async () => {
    const stage = await makeStageWithTwoProven();
    await stage.region.forSeconds(300);

    expect((await stage.plan()).to.label).toBe("shop:2 (v2)");
  });
});
