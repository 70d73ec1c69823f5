import { describe, expect, it } from "vitest";
import type { TargetChoice } from "../../../lambdas/contracts/request.ts";
import { makeStage, Stage } from "./make-stage.ts";

describe("the target", () => {
  it("is the newest proven checkpoint, with the way, the digests and what was seen", async () => {
    const stage = await makeStage();

    const { move, verdict, lastChangedAt } = await stage.assess();

    expect(verdict).toMatchObject({ verdict: "roll-back", warnings: [] });
    expect(move?.from.label).toBe("shop:2 (v2)");
    expect(move?.to).toMatchObject({ label: "shop:1 (v1)", checkpoint: "cp-1" });
    const { id = "" } = await stage.region.primary();
    expect(move?.details).toMatchObject({
      way: "update",
      quietAlarms: false,
      images: [{ container: "app", digest: expect.stringMatching(/^sha256:/) }],
      seen: { primaryDeployment: id, desiredCount: 3 },
    });
    expect(lastChangedAt).toEqual((await stage.region.history()).at(-1)?.createdAt);
  });

  it("is before both of two bad releases in a row", async () => {
    const stage = await makeStage();
    await stage.checkpoint("cp-2", "suspect");
    await stage.region.deploy("v3");
    await stage.region.forSeconds(300);

    expect((await stage.plan("proven")).to.label).toBe("shop:1 (v1)");
  });

  it("is before both of two bad releases in ECS's own history, when the ledger has judged one of them", async () => {
    const stage = await makeStage();
    await stage.checkpoint("cp-2", "quarantined");
    await stage.region.deploy("v3");
    await stage.region.forSeconds(300);
    stage.checkpoints.splice(1);

    const move = await stage.plan("previous");

    expect(move.to.label).toBe("shop:1 (v1)");
    expect(move.warnings.join()).toContain("unproven");
  });

  it("comes from ECS's own history, unproven, when the ledger has nothing", async () => {
    const stage = await makeStage();
    stage.checkpoints.length = 0;

    const move = await stage.plan("proven");

    expect(move.to.label).toBe("shop:1 (v1)");
    expect(move.warnings.join()).toMatch(/unproven.*ECS's own deployment history/);
  });

  it("is never a revision whose deployment failed", async () => {
    const stage = await makeStage();
    stage.checkpoints.length = 0;
    await stage.region.deploy("broken", { startFailure: { stopCode: "TaskFailedToStart", reason: "no" } });
    await stage.region.forSeconds(900);
    await stage.region.deploy("v4");
    await stage.region.forSeconds(300);

    expect((await stage.plan("proven")).to.label).toBe("shop:2 (v2)");
  });

  it("is what ran at the moment asked for", async () => {
    const stage = await makeStage();
    const { createdAt } = (await stage.region.history()).at(-1) ?? {};
    const before = new Date((createdAt?.getTime() ?? 0) - 1_000).toISOString();

    const move = await stage.plan({ at: before });

    expect(move.to).toMatchObject({ label: "shop:1 (v1)", checkpoint: "cp-1" });
  });

  it("may be any version that AWS knows, when a person names it", async () => {
    const stage = await makeStage();
    stage.region.push("hotfix");
    const hotfix = await stage.region.register("hotfix");

    const move = await stage.plan({ components: { api: "shop:3" } });

    expect(move.to.id).toBe(hotfix);
    expect(move.warnings.join()).toContain("never seen running");
  });

  it.each<[string, TargetChoice, RegExp]>([
    [
      "a version that nobody knows",
      { components: { api: "shop:77" } },
      /"shop:77".*Known versions are shop:1/,
    ],
    ["a family without revision", { components: { api: "shop" } }, /family:revision/],
    ["a checkpoint that is not there", { checkpoint: "cp-9" }, /cp-9 is not among.*cp-1/],
    ["a moment before the first deployment", { at: "2020-01-01T00:00:00Z" }, /no target/],
  ])("is refused for %s, with what is known", async (_, target, reason) => {
    const { verdict, move } = await (await makeStage()).assess(target);

    expect(verdict.verdict).toBe("refuse");
    expect(verdict.reason).toMatch(reason);
    expect(move).toBeUndefined();
  });

  it("is nowhere further back once a rollback has landed, until somebody names one", async () => {
    const stage = await makeStage();
    await stage.checkpoint("cp-2", "candidate");
    expect((await stage.run(await stage.plan())).status).toBe("done");
    stage.judge("cp-2", "quarantined");
    await stage.region.forSeconds(60);

    const { verdict } = await stage.assess("proven");

    expect(verdict).toMatchObject({
      verdict: "nothing-to-do",
      reason: expect.stringContaining("already runs shop:1 (v1)"),
    });
  });

  it("is not a copy of what runs", async () => {
    const stage = await makeStage({ inactiveGraceSeconds: [0, 0] });
    await stage.region.ecsCall("DeregisterTaskDefinition", { taskDefinition: "shop:1" });
    await stage.run(await stage.plan());
    expect((await stage.region.primary()).taskDefinition).toMatch(/shop:3$/);

    const { verdict } = await stage.assess({ checkpoint: "cp-1" });

    expect(verdict).toMatchObject({ verdict: "nothing-to-do" });
  });
});

describe("the way", () => {
  it("is to stop the deployment in flight when ECS would land on the target", async () => {
    const stage = await makeStage();
    await stage.checkpoint("cp-2");
    const inFlight = await stage.region.deploy("v3");
    await stage.region.forSeconds(10);

    const move = await stage.plan();

    expect(move.details).toMatchObject({ way: "stop", serviceDeployment: inFlight, quietAlarms: false });
    expect(move).toMatchObject({ from: { label: "shop:3 (v3)" }, to: { label: "shop:2 (v2)" } });
  });

  it("is a deployment over the one in flight when ECS would land elsewhere", async () => {
    const stage = await makeStage();
    await stage.region.deploy("v3");
    await stage.region.forSeconds(10);

    const move = await stage.plan();

    expect(move).toMatchObject({ to: { label: "shop:1 (v1)" }, details: { way: "update" } });
  });

  it("is to follow ECS when it is rolling back by itself", async () => {
    const stage = await makeStage();
    const failing = await stage.region.deploy("v3");
    await stage.region.forSeconds(10);
    await stage.region.ecsCall("StopServiceDeployment", { serviceDeploymentArn: failing });
    await stage.region.forSeconds(6);
    expect((await stage.region.primary()).taskDefinition).toMatch(/shop:2$/);

    const move = await stage.plan({ checkpoint: "cp-1" });

    expect(move.details).toMatchObject({ way: "follow", serviceDeployment: failing });
    expect(move).toMatchObject({ from: { label: "shop:3 (v3)" }, to: { label: "shop:2 (v2)" } });
    expect(move.warnings.join()).toContain("not to shop:1");
  });

  it("is nothing at all when ECS has already gone back to the proven version", async () => {
    const stage = new Stage();
    await stage.region.install();
    await stage.checkpoint("cp-1");
    const failing = await stage.region.deploy("v2");
    await stage.region.forSeconds(10);
    await stage.region.ecsCall("StopServiceDeployment", { serviceDeploymentArn: failing });
    await stage.region.forSeconds(300);

    const { verdict } = await stage.assess();

    expect(verdict).toMatchObject({ verdict: "nothing-to-do", reason: expect.stringContaining("by itself") });
  });
});
