import type { Task } from "@aws-sdk/client-ecs";
import type { TargetHealth } from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "vitest";
import { countHealthy } from "../../../lambdas/components/ecs-service/pausing/count-healthy.ts";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import type { Verb } from "../../../lambdas/contracts/vocabulary.ts";
import { makeBlueGreenStage } from "./make-blue-green-stage.ts";
import { makeStage, type Stage } from "./make-stage.ts";

const INITIAL: TargetHealth = { State: "initial", Reason: "Elb.InitialHealthChecking" };

/** Paused after it went to its target; then all health checks need this long after the start of a task. */
async function pausedStage(healthySeconds: number): Promise<{ stage: Stage; move: Move }> {
  const stage = await makeStage();
  const move = await stage.plan();
  await stage.run(move, ["prepare", "cutOver", "confirm"]);
  await stage.run(move, ["pause"]);
  stage.region.setRelease("v1", { healthySeconds });
  return { stage, move };
}

describe("a service behind a load balancer that was paused", () => {
  it.each<readonly [Verb]>([["resume"], ["tidy"]])(
    "is not done with %s before its target group calls as many tasks healthy as are wanted",
    async (verb) => {
      const { stage, move } = await pausedStage(15);

      let tick = await stage.driver().tick(verb, move);
      while ((await stage.region.primary()).runningCount !== 3) {
        await stage.region.forSeconds(2);
        tick = await stage.driver().tick(verb, move);
      }

      expect(stage.region.healthyTargets()).toBe(0);
      expect(tick).toMatchObject({ status: "working" });
      expect(tick.note).toBe(
        "0 of 3 tasks are healthy in the target group shop (Elb.InitialHealthChecking).",
      );
      const end = await stage.run(move, [verb]);
      expect(end).toMatchObject({ status: "done" });
      expect(stage.region.healthyTargets()).toBe(3);
    },
  );

  it("fails at its deadline with what the load balancer says", async () => {
    const { stage, move } = await pausedStage(0);
    stage.region.setRelease("v1", { failsHealthChecks: true });

    const end = await stage.run(move, ["resume"]);

    expect(end).toMatchObject({ status: "failed", code: "TOO_SLOW", touched: true });
    expect(end.note).toMatch(
      /^It still does not serve 15 minutes after it was resumed: .* healthy in the target group shop/,
    );
  });

  it("is done as soon as its tasks run when it has no target group", async () => {
    const stage = await makeStage({
      service: { loadBalancers: [], healthCheckGracePeriodSeconds: undefined },
    });
    const move = await stage.plan("proven", "hold");
    await stage.run(move, ["pause"]);

    expect(await stage.run(move, ["resume"])).toMatchObject({ status: "done" });

    expect(stage.endpoint.calls.some((call) => call.operation === "DescribeTargetHealth")).toBe(false);
  });

  it("of CodeDeploy waits for the target group of the task set that serves", async () => {
    const stage = await makeBlueGreenStage();
    const move = await stage.plan("proven", "hold");
    await stage.run(move, ["pause"]);

    expect(await stage.run(move, ["resume"])).toMatchObject({ status: "done" });

    const groups = stage.endpoint.calls
      .filter((call) => call.operation === "DescribeTargetHealth")
      .map((call) => call.input["TargetGroupArn"]);
    const { taskSets = [] } = await stage.region.service();
    const serving = taskSets.find(({ status }) => status === "PRIMARY")?.loadBalancers?.[0]?.targetGroupArn;
    expect(new Set(groups)).toEqual(new Set([serving]));
    expect(stage.region.healthyTargets()).toBe(3);
  });
});

describe("a paused service that waits for data", () => {
  it.each<[string, string, readonly string[]]>([
    ["comes back where it came from when that did not go back", "from", ["switch-intended", "put-back"]],
    ["comes back on its target when it did", "to", ["switch-intended", "switched"]],
  ])("%s", async (_, side, steps) => {
    const stage = await makeStage();
    const move = { ...(await stage.plan()), waitsFor: ["data"] };
    await stage.run(move, ["pause"]);
    for (const step of steps) {
      stage.entries.set(step, { component: "data", step, at: stage.clock().toISOString(), facts: {} });
    }

    expect(await stage.run(move, ["tidy"])).toMatchObject({ status: "done" });

    const { taskDefinition, runningCount } = await stage.region.primary();
    expect([taskDefinition, runningCount]).toEqual([side === "from" ? move.from.id : move.to.id, 3]);
  });
});

describe("a service that comes to its target by being started again", () => {
  it("is written down before it starts there, so that an undo knows it when the rollback dies now", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.run(move, ["prepare", "pause"]);
    expect(stage.entries.has("cut-over-began")).toBe(false);

    await stage.driver().tick("resume", move);

    expect(stage.entries.has("cut-over-began")).toBe(true);
  });
});

describe("a service that failed before it was ever paused", () => {
  it("is not deployed again by resuming it", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    stage.faults.add({ operation: "UpdateService", effect: "access-denied", times: 1 });
    expect(await stage.run(move, ["prepare", "cutOver"])).toMatchObject({ code: "REFUSED_BY_AWS" });

    const end = await stage.run(move, ["resume"]);
    const tidied = await stage.run(move, ["tidy"]);

    expect([end.status, tidied.status]).toEqual(["done", "done"]);
    expect(stage.mutations("UpdateService")).toEqual([]);
    expect((await stage.region.primary()).taskDefinition).toBe(move.from.id);
  });
});

describe("a task", () => {
  const at = (...addresses: string[]): Task => ({
    containers: [{ networkInterfaces: addresses.map((privateIpv4Address) => ({ privateIpv4Address })) }],
  });
  const target = (Id: string, TargetHealth: TargetHealth) => ({ Target: { Id }, TargetHealth });
  const healthy = (id: string) => target(id, { State: "healthy" });

  it("with an address of its own is healthy when the target of that address is, and nobody else's", () => {
    const strangers = [healthy("10.0.0.7"), healthy("10.0.0.8")];

    expect(countHealthy([at("10.0.0.1"), at("10.0.0.2")], [...strangers, healthy("10.0.0.1")])).toBe(1);
  });

  it("on a shared instance cannot be told from others, so targets are counted", () => {
    expect(countHealthy([at(), at()], [healthy("i-1"), healthy("i-2"), target("i-3", INITIAL)])).toBe(2);
  });

  it.each<[string, TargetHealth, number]>([
    ["is healthy", { State: "healthy" }, 1],
    [
      "cannot be waited for, because health checks are off",
      { State: "unavailable", Reason: "Target.HealthCheckDisabled" },
      1,
    ],
    [
      "cannot be waited for, because nobody uses the group",
      { State: "unused", Reason: "Target.NotInUse" },
      1,
    ],
    ["is not known to be healthy", { State: "unavailable", Reason: "Elb.InternalError" }, 0],
    ["is on its way", INITIAL, 0],
    ["is unhealthy", { State: "unhealthy", Reason: "Target.Timeout" }, 0],
    ["is going", { State: "draining" }, 0],
    ["is not there", { State: "unused", Reason: "Target.NotRegistered" }, 0],
  ])("%s", (_, health, count) => {
    expect(countHealthy([at("10.0.0.1")], [target("10.0.0.1", health)])).toBe(count);
  });
});
