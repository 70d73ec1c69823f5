import { describe, expect, it } from "vitest";
import { makeStage, type Stage } from "./make-stage.ts";

const crashing = { crashAfterSeconds: 2 };

describe("a deployment of the target", () => {
  it("ends done with nothing but the target running, by one call that changes nothing else", async () => {
    const stage = await makeStage();

    const end = await stage.run(await stage.plan());

    expect(end).toMatchObject({
      status: "done",
      verb: "confirm",
      note: expect.stringContaining("3 of 3 tasks run shop:1"),
    });
    expect((await stage.region.tasks()).map((task) => task.taskDefinitionArn)).toEqual(
      Array.from({ length: 3 }, () => expect.stringMatching(/shop:1$/)),
    );
    const [update, ...more] = stage.mutations("UpdateService");
    expect(more).toEqual([]);
    expect(Object.keys(update ?? {}).sort()).toEqual(["cluster", "service", "taskDefinition"]);
  });

  it("tells how many new tasks are running", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    const notes: string[] = [];

    for (let tick = 0; tick < 35; tick++) {
      notes.push((await stage.driver().tick("cutOver", move)).note);
      await stage.region.forSeconds(4);
    }

    expect(notes).toContain("0 of 3 new tasks running.");
    expect(notes).toContain("3 of 3 new tasks running; 3 old ones still running.");
    expect(notes.at(-1)).toBe("shop:1 is deployed.");
  });

  it("does not begin when somebody deployed after the plan", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.region.deploy("fix");

    const end = await stage.run(move);

    expect(end).toMatchObject({ status: "failed", code: "CHANGED_SINCE_PLAN", touched: false });
    expect(stage.mutations("UpdateService")).toEqual([]);
  });

  it("does not begin when somebody brought the service to the target after the plan, and waits for it", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.region.update({ taskDefinition: "shop:1" });

    expect(await stage.driver().tick("cutOver", move)).toMatchObject({
      status: "working",
      note: expect.stringContaining("0 of 3 new tasks running"),
    });
    expect(await stage.run(move)).toMatchObject({
      status: "done",
      verb: "confirm",
      note: expect.stringContaining("3 of 3 tasks run shop:1"),
    });
    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    expect((await stage.region.primary()).taskDefinition).toMatch(/shop:1$/);
    expect(stage.mutations("UpdateService")).toEqual([]);
  });

  it("leaves a newer deployment alone that somebody starts meanwhile", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.driver().tick("cutOver", move);
    await stage.region.forSeconds(8);
    await stage.region.deploy("fix");

    const end = await stage.run(move);

    expect(end).toMatchObject({ status: "failed", code: "SUPERSEDED", touched: true });
    expect((await stage.region.primary()).taskDefinition).toMatch(/shop:3$/);
    expect(stage.mutations("UpdateService")).toHaveLength(1);
  });

  it("says why the target could not start when ECS put the previous version back", async () => {
    const stage = await makeStage();
    stage.region.setRelease("v1", crashing);

    const end = await stage.run(await stage.plan());

    expect(end).toMatchObject({ status: "failed", code: "RESTORED_BY_ECS", verb: "cutOver" });
    expect(end.note).toMatch(/shop:1 could not start \(.*exited with 1.*ECS put shop:2 back/);
  });

  it("says how many tasks are left when ECS has no rollback of its own", async () => {
    const service = {
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
    };
    const stage = await makeStage({ service });
    stage.region.setRelease("v1", crashing);

    const end = await stage.run(await stage.plan());

    expect(end).toMatchObject({ status: "failed", code: "STUCK" });
    expect(end.note).toMatch(/\d of 3 tasks running/);
  });

  it("ends at its deadline when ECS never gives up, and tells the last thing ECS said", async () => {
    const stage = await makeStage({ service: { deploymentConfiguration: {} } });
    stage.region.setRelease("v1", crashing);

    const end = await stage.run(await stage.plan());

    expect(end).toMatchObject({ status: "failed", code: "TOO_SLOW", touched: true });
    expect(end.note).toMatch(/still being deployed after 15 minutes.*failed to start.*ECS says/);
  });

  it("does not begin when the service is gone, or the image", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    const imageDigest = stage.digest();
    await stage.region.call("ecr", "BatchDeleteImage", {
      repositoryName: "shop",
      imageIds: [{ imageDigest }],
    });
    expect(await stage.run(move)).toMatchObject({ code: "TARGET_GONE", verb: "prepare", touched: false });

    await stage.region.ecsCall("DeleteService", { cluster: "shop", service: "shop", force: true });
    expect(await stage.run(move)).toMatchObject({ code: "NOT_ACTIVE", touched: false });
  });

  it("goes on with a copy when the task definition is deregistered between plan and action", async () => {
    const stage = await makeStage({ inactiveGraceSeconds: [0, 0] });
    const move = await stage.plan();
    await stage.region.ecsCall("DeregisterTaskDefinition", { taskDefinition: "shop:1" });

    expect(await stage.run(move)).toMatchObject({ status: "done", note: expect.stringContaining("shop:3") });
  });

  it("answers a refusal of AWS with AWS's own words", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    stage.region.ecs.forgetTaskDefinition(move.to.id);

    const end = await stage.run(move);

    expect(end).toMatchObject({ status: "failed", code: "REFUSED_BY_AWS", touched: false });
    expect(end.note).toMatch(/ClientException: TaskDefinition not found\. \(request /);
  });

  it("answers a missing permission like a refusal", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    stage.faults.add({ operation: "UpdateService", effect: "access-denied" });

    const end = await stage.run(move);

    expect(end).toMatchObject({ status: "failed", code: "REFUSED_BY_AWS" });
    expect(end.note).toMatch(/^NotAllowed: Starting the deployment of/);
  });

  it.each([
    ["throttle", "AwsBusy"],
    ["server-error", "AwsBusy"],
    ["refused", "AwsBusy"],
  ] as const)("throws on %s what the workflow knows as %s", async (effect, name) => {
    const stage = await makeStage();
    const move = await stage.plan();
    stage.faults.add({ operation: "UpdateService", effect });

    const error = await stage
      .driver()
      .tick("cutOver", move)
      .catch((caught: unknown) => caught);

    expect(error).toMatchObject({
      name,
      message: expect.stringContaining("Starting the deployment of shop:1 on shop"),
    });
  });
});

describe("a deployment in flight", () => {
  async function inFlight(): Promise<Stage> {
    const stage = await makeStage();
    await stage.checkpoint("cp-2");
    await stage.region.deploy("v3");
    await stage.region.forSeconds(10);
    return stage;
  }

  it("is stopped, once, and ECS goes back", async () => {
    const stage = await inFlight();

    const end = await stage.run(await stage.plan());

    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("tasks run shop:2") });
    expect(stage.mutations("StopServiceDeployment")).toHaveLength(1);
    expect(stage.mutations("UpdateService")).toEqual([]);
  });

  it("is replaced by a deployment when it ends before it can be stopped", async () => {
    const stage = await inFlight();
    const move = await stage.plan();
    await stage.region.forSeconds(300);

    const end = await stage.run(move);

    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("tasks run shop:2") });
    expect(stage.mutations("StopServiceDeployment")).toEqual([]);
    expect(stage.mutations("UpdateService")).toHaveLength(1);
  });

  it("is followed when ECS has begun to go back by itself", async () => {
    const stage = await inFlight();
    const move = await stage.plan();
    await stage.region.ecsCall("StopServiceDeployment", {
      serviceDeploymentArn: move.details["serviceDeployment"],
    });
    await stage.region.forSeconds(6);

    const end = await stage.run(move);

    expect(end.status).toBe("done");
    expect(stage.mutations("StopServiceDeployment")).toEqual([]);
  });

  it("is left alone when somebody deployed over it", async () => {
    const stage = await inFlight();
    const move = await stage.plan();
    await stage.region.deploy("fix");

    expect(await stage.run(move)).toMatchObject({ code: "CHANGED_SINCE_PLAN", touched: false });
    expect(stage.mutations("StopServiceDeployment")).toEqual([]);
  });

  it("that ECS rolls back by itself is only watched", async () => {
    const stage = await makeStage();
    await stage.checkpoint("cp-2");
    const failing = await stage.region.deploy("v3");
    await stage.region.forSeconds(10);
    await stage.region.ecsCall("StopServiceDeployment", { serviceDeploymentArn: failing });

    const move = await stage.plan();
    const end = await stage.run(move);

    expect(move.details["way"]).toBe("follow");
    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("tasks run shop:2") });
    expect(stage.mutations("UpdateService")).toEqual([]);
  });
});
