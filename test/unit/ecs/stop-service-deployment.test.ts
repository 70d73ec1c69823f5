import { describe, expect, it } from "vitest";
import { ALTERNATE_GROUP, makeRegion, TARGET_GROUP, type TestRegion } from "./make-region.ts";

function stop(region: TestRegion, serviceDeploymentArn: string, stopType = "ROLLBACK"): Promise<unknown> {
  return region.ecsCall("StopServiceDeployment", { serviceDeploymentArn, stopType });
}

const BLUE_GREEN = {
  desiredCount: 2,
  deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: 10 },
  loadBalancers: [
    {
      targetGroupArn: TARGET_GROUP,
      containerName: "app",
      containerPort: 8080,
      advancedConfiguration: { alternateTargetGroupArn: ALTERNATE_GROUP },
    },
  ],
} as const;

async function blueGreen(): Promise<TestRegion> {
  const region = makeRegion();
  await region.install({ ...BLUE_GREEN, loadBalancers: [...BLUE_GREEN.loadBalancers] });
  await region.forSeconds(900);
  return region;
}

/** Share of the new requests that go to a release, 0 to 100. */
function weightOf(region: TestRegion, tag: string): number | undefined {
  return region.ecs.targets("shop", "shop").find(({ image }) => image.tag === tag)?.weight;
}

describe("StopServiceDeployment", () => {
  it("takes a deployment in flight back to the previous revision, however often it is asked", async () => {
    const region = makeRegion();
    const before = await region.install();
    const arn = await region.deploy("v2");
    await region.forSeconds(30);

    await stop(region, arn);
    expect((await region.deployment(arn)).status).toBe("ROLLBACK_REQUESTED");
    await region.forSeconds(8);
    expect((await region.deployment(arn)).status).toBe("ROLLBACK_IN_PROGRESS");
    await stop(region, arn);
    await region.forSeconds(120);

    expect((await region.deployment(arn)).status).toBe("ROLLBACK_SUCCESSFUL");
    const service = await region.service();
    expect(service.taskDefinition).toBe(before.taskDefinition);
    expect(service.currentServiceRevisions?.[0]?.arn).toBe(before.currentServiceRevisions?.[0]?.arn);
    expect(await region.history()).toHaveLength(2);
  });

  it("lets a deployment win that finishes before the request takes effect", async () => {
    const rehearsal = makeRegion();
    await rehearsal.install();
    const started = rehearsal.kernel.now;
    const rehearsed = await rehearsal.deploy("v2");
    await rehearsal.forSeconds(240);
    const seconds = ((await rehearsal.deployment(rehearsed)).finishedAt?.getTime() ?? 0) - started;

    const region = makeRegion();
    await region.install();
    const arn = await region.deploy("v2");
    await region.forSeconds(seconds / 1000 - 0.2);
    await stop(region, arn);
    expect((await region.deployment(arn)).status).toBe("ROLLBACK_REQUESTED");
    await region.forSeconds(60);

    expect((await region.deployment(arn)).status).toBe("SUCCESSFUL");
    expect((await region.service()).taskDefinition).toMatch(/shop:2$/);
  });

  it("refuses a finished deployment, an unknown one, and ABORT", async () => {
    const region = makeRegion();
    await region.install();
    const [finished] = await region.history();
    const arn = finished?.serviceDeploymentArn ?? "";
    const running = await region.deploy("v2");

    await expect(stop(region, arn)).rejects.toMatchObject({ code: "ConflictException" });
    await expect(stop(region, `${arn}x`)).rejects.toMatchObject({
      code: "ServiceDeploymentNotFoundException",
    });
    await expect(stop(region, running, "ABORT")).rejects.toMatchObject({ code: "InvalidParameterException" });
  });

  it("fails the rollback on an INACTIVE task definition, in a region where AWS does so", async () => {
    const region = makeRegion({ rollbackNeedsActiveTaskDefinition: true });
    const { taskDefinition } = await region.install();
    const arn = await region.deploy("v2");
    await region.ecsCall("DeregisterTaskDefinition", { taskDefinition });
    await stop(region, arn);
    await region.forSeconds(60);

    expect((await region.deployment(arn)).status).toBe("ROLLBACK_FAILED");
  });
});

describe("a blue/green deployment", () => {
  it("keeps blue running until the bake time ends", async () => {
    const region = await blueGreen();
    const arn = await region.deploy("v2");
    await region.forSeconds(150);

    expect((await region.deployment(arn)).lifecycleStage).toBe("BAKE_TIME");
    expect([weightOf(region, "v1"), weightOf(region, "v2")]).toEqual([0, 100]);
    expect(region.healthyTargets()).toBe(4);
    await region.forSeconds(700);

    expect((await region.deployment(arn)).status).toBe("SUCCESSFUL");
    expect(weightOf(region, "v1")).toBeUndefined();
    expect(region.healthyTargets()).toBe(2);
  });

  it("is back on blue within half a minute when it is stopped during the bake time", async () => {
    const region = await blueGreen();
    const arn = await region.deploy("v2");
    await region.forSeconds(150);

    await stop(region, arn);
    await region.forSeconds(30);

    expect([weightOf(region, "v1"), weightOf(region, "v2") ?? 0]).toEqual([100, 0]);
    await region.forSeconds(120);
    expect((await region.deployment(arn)).status).toBe("ROLLBACK_SUCCESSFUL");
    expect(region.healthyTargets()).toBe(2);
  });

  it("never gives production traffic to a green that does not become healthy", async () => {
    const region = await blueGreen();
    const arn = await region.deploy("v2", { failsHealthChecks: true });

    for (let second = 0; second < 1_200; second += 10) {
      await region.forSeconds(10);
      expect(weightOf(region, "v2") ?? 0).toBe(0);
    }
    expect(await region.deployment(arn)).toMatchObject({ status: "IN_PROGRESS", lifecycleStage: "SCALE_UP" });
  });

  it("reconciles when a newer deployment supersedes one that had shifted traffic", async () => {
    const region = await blueGreen();
    await region.deploy("v2");
    await region.forSeconds(150);
    const third = await region.deploy("v3");

    await region.forSeconds(5);
    expect((await region.deployment(third)).lifecycleStage).toBe("RECONCILE_SERVICE");
    await region.forSeconds(1_200);

    expect((await region.deployment(third)).status).toBe("SUCCESSFUL");
    expect(region.healthyTargets()).toBe(2);
  });

  it.each([
    ["LINEAR", { linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 1 } }, [25, 50, 75, 100]],
    ["CANARY", { canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 2 } }, [10, 100]],
  ] as const)("shifts step by step with %s", async (strategy, settings, expected) => {
    const region = await blueGreen();
    await region.update({ deploymentConfiguration: { strategy, bakeTimeInMinutes: 1, ...settings } });
    const arn = await region.deploy("v2");
    const seen = new Set<number>();
    for (let second = 0; second < 900; second += 5) {
      await region.forSeconds(5);
      seen.add(weightOf(region, "v2") ?? 0);
    }

    expect([...seen].filter((weight) => weight > 0)).toEqual(expected);
    expect((await region.deployment(arn)).status).toBe("SUCCESSFUL");
  });
});
