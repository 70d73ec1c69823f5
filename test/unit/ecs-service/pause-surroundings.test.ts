import { describe, expect, it } from "vitest";
import type { EcsServiceComponent } from "../../../lambdas/contracts/kinds/ecs-service.ts";
import { installScaling } from "../../../lib/region/services/application-auto-scaling/install-scaling.ts";
import { configuration, makeStage, type Stage } from "./make-stage.ts";

const NOTICE = {
  function: "arn:aws:lambda:eu-west-1:123456789012:function:notice",
  seconds: 30,
};

async function makeSurroundedStage(overrides: Partial<EcsServiceComponent>): Promise<Stage> {
  const stage = await makeStage({ tasks: { run: () => ({ seconds: 3_000, exitCode: 0, logLines: [] }) } });
  stage.configuration = { ...configuration, ...overrides };
  await installScaling(stage.operate, { cluster: "shop", service: "shop", min: 2, max: 9, cpuTarget: 50 });
  const rule = { Name: "nightly", ScheduleExpression: "rate(1 day)" };
  await stage.operate("events", "PutRule", rule);
  await stage.operate("events", "PutRule", { ...rule, Name: "resting", State: "DISABLED" });
  return stage;
}

async function suspended(stage: Stage): Promise<unknown> {
  const { ScalableTargets } = (await stage.operate("application-autoscaling", "DescribeScalableTargets", {
    ServiceNamespace: "ecs",
  })) as { ScalableTargets?: { SuspendedState?: Record<string, boolean> }[] };
  return Object.values(ScalableTargets?.[0]?.SuspendedState ?? {});
}

const stateOf = async (stage: Stage, Name: string) =>
  (await stage.operate("events", "DescribeRule", { Name }))["State"];

describe("scaling", () => {
  it("does not lift a paused service, and is as it was once that runs again", async () => {
    const stage = await makeSurroundedStage({ autoScaling: true });
    const former = { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: false };
    const target = { ServiceNamespace: "ecs", ResourceId: "service/shop/shop" };
    const dimension = { ScalableDimension: "ecs:service:DesiredCount" };
    await stage.operate("application-autoscaling", "RegisterScalableTarget", {
      ...target,
      ...dimension,
      SuspendedState: { ...former, ScheduledScalingSuspended: false },
    });
    const move = await stage.plan(undefined, "hold");

    await stage.run(move, ["pause"]);
    expect(await suspended(stage)).toEqual([true, true, true]);
    stage.load = 95;
    await stage.region.forSeconds(900);
    expect((await stage.region.service()).desiredCount).toBe(0);
    stage.load = 40;
    const end = await stage.run(move, ["resume", "confirm"]);

    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("3 of 3 tasks run shop:2") });
    expect(await suspended(stage)).toEqual([true, false, false]);
  });

  it("is suspended while the service goes back, and restored also when that fails", async () => {
    const stage = await makeSurroundedStage({ autoScaling: true });
    const move = await stage.plan();
    stage.region.setRelease("v1", { crashAfterSeconds: 2 });
    await stage.driver().tick("cutOver", move);
    expect(await suspended(stage)).toEqual([true, true, true]);

    expect(await stage.run(move)).toMatchObject({ code: "RESTORED_BY_ECS" });

    expect(await suspended(stage)).toEqual([false, false, false]);
  });

  it("stays as somebody set it meanwhile", async () => {
    const stage = await makeSurroundedStage({ autoScaling: true });
    const move = await stage.plan();
    await stage.driver().tick("cutOver", move);
    await stage.operate("application-autoscaling", "RegisterScalableTarget", {
      ServiceNamespace: "ecs",
      ResourceId: "service/shop/shop",
      ScalableDimension: "ecs:service:DesiredCount",
      SuspendedState: { DynamicScalingInSuspended: true },
    });

    await stage.run(move);

    expect(await suspended(stage)).toEqual([true, false, false]);
    expect(stage.mutations("RegisterScalableTarget")).toHaveLength(3);
  });

  it("is left alone when the environment does not speak of it", async () => {
    const stage = await makeSurroundedStage({});

    await stage.run(await stage.plan());

    expect(stage.endpoint.calls.filter(({ operation }) => operation === "DescribeScalableTargets")).toEqual(
      [],
    );
  });
});

describe("clients with long connections", () => {
  it("are told once, with their time, before anything is stopped", async () => {
    const stage = await makeSurroundedStage({ notice: NOTICE });
    const move = await stage.plan(undefined, "hold");
    await stage.driver().tick("pause", move);
    await stage.region.forSeconds(25);
    await stage.driver().tick("pause", move);
    expect(stage.mutations("UpdateService")).toEqual([]);

    await stage.run(move, ["pause"]);
    await stage.run(move, ["resume"]);
    await stage.run(move, ["pause"]);

    expect(stage.told).toEqual([{ rollbackId: "rb-1", component: "api", seconds: 30 }]);
    expect((await stage.region.service()).desiredCount).toBe(0);
  });

  it.each([
    ["throttle", 1],
    ["refused", 0],
    ["lost-reply", 1],
  ] as const)("are told as often as can be known when the call meets %s", async (effect, times) => {
    const stage = await makeSurroundedStage({ notice: NOTICE });
    const move = await stage.plan(undefined, "hold");
    stage.faults.add({ operation: "Invoke", effect, times: 1 });

    expect(await stage.run(move, ["pause"])).toMatchObject({ status: "done" });

    expect(stage.told).toHaveLength(times);
  });
});

describe("tasks that hold connections too", () => {
  const connectedTasks = {
    families: ["worker"],
    rules: ["nightly", "resting"],
    schedules: [],
    scheduleRoles: [],
  };

  async function runWorker(stage: Stage, startedBy = "ada"): Promise<void> {
    const container = { name: "app", image: `${stage.region.ecr.images.registry}/shop:v1` };
    await stage.region.ecsCall("RegisterTaskDefinition", {
      family: "worker",
      containerDefinitions: [container],
    });
    const task = { cluster: "shop", taskDefinition: "worker", launchType: "EC2", count: 2, startedBy };
    await stage.region.ecsCall("RunTask", task);
    await stage.region.forSeconds(90);
  }

  it("are stopped with a reason, and waited for", async () => {
    const stage = await makeSurroundedStage({ connectedTasks });
    await runWorker(stage);

    const end = await stage.run(await stage.plan(undefined, "hold"), ["pause"]);

    expect(end.status).toBe("done");
    const reason = "Stepback rb-1: writers are paused";
    expect(stage.mutations("StopTask")).toMatchObject([{ reason }, { reason }]);
    const listed = await stage.region.ecsCall("ListTasks", { cluster: "shop", family: "worker" });
    expect(listed["taskArns"]).toEqual([]);
  });

  it("are named at the end, for whoever has to start them again; not those that a rule started", async () => {
    const stage = await makeSurroundedStage({ connectedTasks });
    await runWorker(stage);
    const move = await stage.plan();
    await stage.run(move, ["pause"]);
    const note = "Stopped while writers were paused and not started again: worker.";

    expect(await stage.run(move, ["resume", "confirm"])).toMatchObject({
      note: expect.stringContaining(note),
    });
    expect(await stage.run(move, ["revert"])).toMatchObject({ note: expect.stringContaining(note) });

    const other = await makeSurroundedStage({ connectedTasks });
    await runWorker(other, "events-rule/nightly");
    const planned = await other.plan();
    await other.run(planned, ["pause"]);
    expect((await other.run(planned, ["resume", "confirm"])).note).not.toContain("not started again");
  });

  it("are not started by their rules until the service runs again; rules that rested go on resting", async () => {
    const stage = await makeSurroundedStage({ connectedTasks });
    const move = await stage.plan(undefined, "hold");

    await stage.run(move, ["pause"]);
    expect(await stateOf(stage, "nightly")).toBe("DISABLED");
    await stage.run(move, ["resume", "confirm"]);

    expect(await stateOf(stage, "nightly")).toBe("ENABLED");
    expect(await stateOf(stage, "resting")).toBe("DISABLED");
    expect(stage.mutations("EnableRule")).toHaveLength(1);
  });

  it("come back with the service when a rollback is tidied up", async () => {
    const stage = await makeSurroundedStage({ connectedTasks, autoScaling: true });
    const move = await stage.plan();
    await stage.run(move, ["pause"]);

    expect(await stage.run(move, ["tidy"])).toMatchObject({ status: "done" });

    expect(await stateOf(stage, "nightly")).toBe("ENABLED");
    expect(await suspended(stage)).toEqual([false, false, false]);
    expect((await stage.region.service()).desiredCount).toBe(3);
  });
});
