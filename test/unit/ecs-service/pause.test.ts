import { describe, expect, it } from "vitest";
import { configuration, makeStage, type Stage } from "./make-stage.ts";

const counts = (stage: Stage) => stage.mutations("UpdateService").map((update) => update["desiredCount"]);

describe("pausing", () => {
  it("is done only when no task is left that could still write", async () => {
    const stage = await makeStage();
    const move = await stage.plan();

    const first = await stage.driver().tick("pause", move);
    await stage.region.forSeconds(10);
    const draining = await stage.driver().tick("pause", move);
    expect(first).toMatchObject({ status: "working" });
    expect(draining).toMatchObject({ status: "working", note: "3 tasks have not stopped yet." });
    const end = await stage.run(move, ["pause"]);

    expect(end).toMatchObject({
      status: "done",
      note: "Writers are stopped: no task of shop runs, where 3 should.",
    });
    expect(stage.region.ecs.services.count("shop", "shop")?.executingCount).toBe(0);
    expect(counts(stage)).toEqual([0]);
  });

  it("does not touch what somebody deployed after the plan", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.region.deploy("fix");

    expect(await stage.run(move, ["pause"])).toMatchObject({ code: "CHANGED_SINCE_PLAN", touched: false });
    expect(stage.mutations("UpdateService")).toEqual([]);
  });

  it.each([["resume"], ["revert"]] as const)(
    "stops a service that somebody brought to its target after the plan, and %s starts it there",
    async (way) => {
      const stage = await makeStage();
      const move = await stage.plan();
      await stage.region.update({ taskDefinition: "shop:1" });
      await stage.region.forSeconds(600);

      for (const verb of ["cutOver", "pause", way] as const) {
        expect(await stage.run(move, [verb])).toMatchObject({ status: "done" });
      }

      expect((await stage.region.primary()).taskDefinition).toMatch(/shop:1$/);
      expect(counts(stage)).toEqual([0, 3]);
    },
  );

  it("fails, and says so, when somebody scales the service up meanwhile", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.driver().tick("pause", move);
    await stage.region.update({ desiredCount: 5 });
    await stage.region.forSeconds(30);

    const end = await stage.run(move, ["pause"]);

    expect(end).toMatchObject({ status: "failed", code: "SUPERSEDED", touched: true });
    expect(end.note).toContain("set the desired count to 5");
    expect(counts(stage)).toEqual([0]);
  });

  it("refuses a DAEMON service", async () => {
    const daemon = { schedulingStrategy: "DAEMON", launchType: "EC2", desiredCount: undefined } as const;
    const stage = await makeStage({ service: { ...daemon, deploymentConfiguration: {} } });
    const { verdict } = await stage.assess("proven", "hold");

    expect(verdict).toMatchObject({ verdict: "refuse", reason: expect.stringContaining("DAEMON") });
    const end = await stage.run(await stage.plan(), ["pause"]);
    expect(end).toMatchObject({ status: "failed", code: "REFUSED_BY_AWS", touched: false });
  });

  it("ends at its deadline when tasks never stop being started", async () => {
    const families = ["worker"];
    const stage = await makeStage({ tasks: { run: () => ({ seconds: 9_000, exitCode: 0, logLines: [] }) } });
    stage.configuration = {
      ...configuration,
      connectedTasks: { families, rules: [], schedules: [], scheduleRoles: [] },
    };
    const move = await stage.plan();
    const worker = { family: "worker", containerDefinitions: [{ name: "app", image: "worker" }] };
    await stage.region.ecsCall("RegisterTaskDefinition", worker);
    for (let count = 0; count < 100; count++) {
      if (count % 2 === 0) {
        const task = { cluster: "shop", taskDefinition: "worker", launchType: "EC2" };
        await stage.region.ecsCall("RunTask", task);
      }
      const tick = await stage.driver().tick("pause", move);
      if (tick.status === "failed") break;
      await stage.region.forSeconds(12);
    }

    expect(await stage.driver().tick("pause", move)).toMatchObject({ status: "failed", code: "TOO_SLOW" });
  });
});

describe("resuming", () => {
  it("starts the target and the count in one call, so that the bad version never starts again", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.run(move, ["prepare"]);
    await stage.run(move, ["pause"]);
    const before = stage.region.events.length;
    const deployments = (await stage.region.history()).length;

    const end = await stage.run(move, ["resume", "confirm"]);

    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("3 of 3 tasks run shop:1") });
    expect(stage.startedSince(before)).toEqual(["shop:1", "shop:1", "shop:1"]);
    expect((await stage.region.history()).length - deployments).toBe(1);
    expect(stage.mutations("UpdateService")[1]).toMatchObject({
      desiredCount: 3,
      taskDefinition: move.to.id,
    });
  });

  it("only gives back the count to a service that went to its target before it was paused", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.run(move, ["prepare", "cutOver", "confirm"]);
    await stage.run(move, ["pause"]);
    const deployments = (await stage.region.history()).length;

    expect(await stage.run(move, ["resume", "confirm"])).toMatchObject({ status: "done" });

    expect(await stage.region.history()).toHaveLength(deployments);
    expect(counts(stage)).toEqual([undefined, 0, 3]);
  });

  it("goes to the target like a cut-over when it was never paused", async () => {
    const stage = await makeStage();

    expect(await stage.run(await stage.plan(), ["resume", "confirm"])).toMatchObject({ status: "done" });

    expect(counts(stage)).toEqual([undefined]);
  });

  it("leaves a target that cannot start where it is, instead of letting ECS start the bad version", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.run(move, ["pause"]);
    stage.region.setRelease("v1", { crashAfterSeconds: 2 });
    const before = stage.region.events.length;

    const end = await stage.run(move, ["resume"]);
    await stage.region.forSeconds(300);

    expect(end).toMatchObject({ status: "failed", code: "STUCK", touched: true });
    expect(end.note).toMatch(/shop:1 failed \(.*exited with 1.*0 of 3 tasks running/);
    expect(new Set(stage.startedSince(before))).toEqual(new Set(["shop:1"]));
    const { deploymentConfiguration } = await stage.region.service();
    expect(deploymentConfiguration?.deploymentCircuitBreaker).toMatchObject({ enable: true, rollback: true });
  });

  it("gives what somebody deployed meanwhile its count, and says that it is not the target", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.run(move, ["pause"]);
    await stage.region.deploy("fix");

    const end = await stage.run(move, ["resume"]);

    expect(end).toMatchObject({ status: "failed", code: "SUPERSEDED" });
    expect(await stage.region.service()).toMatchObject({ desiredCount: 3 });
    expect((await stage.region.primary()).taskDefinition).toMatch(/shop:3$/);
  });

  it("leaves the version that it goes away from at 0 when somebody deployed that again", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.run(move, ["pause"]);
    await stage.region.update({ forceNewDeployment: true });

    const end = await stage.run(move, ["resume"]);

    expect(end).toMatchObject({ status: "failed", code: "SUPERSEDED" });
    expect(end.note).toContain("stays at 0 tasks: deploy what should run, with a desired count of 3");
    expect((await stage.region.service()).desiredCount).toBe(0);
  });
});

describe("confirming after a pause", () => {
  it("does not take a service for running that somebody scaled to 0", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.run(move, ["pause"]);
    await stage.run(move, ["resume"]);
    await stage.region.update({ desiredCount: 0 });

    const end = await stage.run(move, ["confirm"]);

    expect(end).toMatchObject({ status: "failed", note: expect.stringContaining("though it had 3 tasks") });
  });
});

describe("the ways out of a pause", () => {
  it("reverting brings back the version of before with its count, in one call", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.run(move, ["pause"]);
    await stage.run(move, ["resume"]);
    await stage.run(move, ["pause"]);
    const before = stage.region.events.length;

    const end = await stage.run(move, ["revert"]);

    expect(end).toMatchObject({ status: "done" });
    expect(stage.startedSince(before)).toEqual(["shop:2", "shop:2", "shop:2"]);
    expect(counts(stage).filter((count) => count !== undefined)).toEqual([0, 3, 0, 3]);
  });

  it("reverting what was only paused starts what was there", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.run(move, ["pause"]);

    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });

    expect(counts(stage)).toEqual([0, 3]);
    expect((await stage.region.primary()).taskDefinition).toBe(move.from.id);
  });

  it("reverting starts what was there also when the target's deployment was only intended", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.run(move, ["pause"]);
    stage.faults.add({ operation: "UpdateService", effect: "refused", times: 1 });
    await stage
      .driver()
      .tick("resume", move)
      .catch(() => undefined);

    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });

    expect((await stage.region.service()).desiredCount).toBe(3);
    expect((await stage.region.primary()).taskDefinition).toBe(move.from.id);
  });

  it("tidying starts the target, and says the same again", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.run(move, ["pause"]);
    const before = stage.region.events.length;

    const end = await stage.run(move, ["tidy"]);
    const again = await stage.run(move, ["tidy"]);

    expect([end.status, again.status]).toEqual(["done", "done"]);
    await stage.region.forSeconds(120);
    expect(stage.startedSince(before)).toEqual(["shop:1", "shop:1", "shop:1"]);
    expect(counts(stage).filter((count) => count !== undefined)).toEqual([0, 3]);
  });
});
