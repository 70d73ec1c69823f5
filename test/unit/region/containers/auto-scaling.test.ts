import * as scaling from "@aws-sdk/client-application-auto-scaling";
import * as ecs from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import { installScaling } from "../../../../lib/region/services/application-auto-scaling/install-scaling.ts";
import { installShop, makeWorld, register, service, type World } from "./make-world.ts";

const which = {
  ServiceNamespace: "ecs",
  ResourceId: "service/shop/shop",
  ScalableDimension: "ecs:service:DesiredCount",
} as const;
const ALL = {
  DynamicScalingInSuspended: true,
  DynamicScalingOutSuspended: true,
  ScheduledScalingSuspended: true,
};

describe("target tracking", () => {
  it("adds tasks after three minutes of load and takes them away after a quarter of an hour without", async () => {
    const world = await makeScaled();
    world.load.percent = 90;
    await world.forSeconds(150);
    expect(await desired(world)).toBe(2);
    await world.forSeconds(60);
    expect(await desired(world)).toBe(4);

    world.load.percent = 10;
    await world.forSeconds(14 * 60);
    expect(await desired(world)).toBe(4);
    await world.forSeconds(120);
    expect(await desired(world)).toBe(2);
    expect((await activities(world)).map(({ Description }) => Description)).toEqual([
      "Setting desired count to 2.",
      "Setting desired count to 4.",
    ]);
    expect((await activities(world))[1]?.Cause).toMatch(
      /^monitor alarm TargetTracking-service\/shop\/shop-AlarmHigh-.* in state ALARM triggered policy shop-cpu$/,
    );
  });

  it("never goes beyond the bounds", async () => {
    const world = await makeScaled();
    world.load.percent = 500;
    await world.forSeconds(1800);

    expect(await desired(world)).toBe(6);
  });

  it("brings a service back that somebody paused, unless scaling out is suspended", async () => {
    const paused = async (SuspendedState?: scaling.SuspendedState) => {
      const world = await makeScaled();
      world.load.percent = 90;
      await world.forSeconds(120);
      if (SuspendedState) await registerTarget(world, { SuspendedState });
      await world.forSeconds(10);
      await update(world, { desiredCount: 0 });
      await world.forSeconds(1200);
      return desired(world);
    };

    expect(await paused()).toBeGreaterThanOrEqual(2);
    expect(await paused({ ...ALL, DynamicScalingOutSuspended: false })).toBeGreaterThanOrEqual(2);
    expect(await paused(ALL)).toBe(0);
  });

  it("takes nothing away during a deployment", async () => {
    const world = await makeScaled();
    await update(world, { desiredCount: 5 });
    world.load.percent = 10;
    await world.forSeconds(13 * 60);
    world.releases.set("v2", { failsHealthChecks: true });
    await update(world, { taskDefinition: await register(world, "v2") });
    await world.forSeconds(1200);

    expect(await desired(world)).toBe(5);
  });
});

describe("RegisterScalableTarget", () => {
  it("keeps what it is not told, and the suspension as it was", async () => {
    const world = await makeScaled();
    await registerTarget(world, { SuspendedState: ALL });
    await registerTarget(world, { MaxCapacity: 8 });

    expect(await targets(world)).toMatchObject([{ MinCapacity: 2, MaxCapacity: 8, SuspendedState: ALL }]);
  });

  it("resumes what a partial suspension leaves out", async () => {
    const world = await makeScaled();
    await registerTarget(world, { SuspendedState: ALL });
    await registerTarget(world, { SuspendedState: { DynamicScalingOutSuspended: true } });

    expect((await targets(world))[0]?.SuspendedState).toEqual({
      DynamicScalingInSuspended: false,
      DynamicScalingOutSuspended: true,
      ScheduledScalingSuspended: false,
    });
  });

  it("lifts a paused service to its minimum, even when all it was told is to suspend", async () => {
    const world = await makeScaled();
    await update(world, { desiredCount: 0 });
    await registerTarget(world, { SuspendedState: ALL });
    await world.forSeconds(10);

    expect(await desired(world)).toBe(2);
    expect((await activities(world))[0]?.Cause).toBe("minimum capacity was set to 2");
  });

  it.each<[string, Partial<scaling.RegisterScalableTargetRequest>, RegExp]>([
    ["a new target without bounds", { ResourceId: "service/shop/other" }, /required/],
    [
      "a service that is not there",
      { ResourceId: "service/shop/other", MinCapacity: 1, MaxCapacity: 2 },
      /doesn't exist/,
    ],
    ["bounds the wrong way round", { MinCapacity: 9 }, /greater/],
    ["what is not an ECS service", { ServiceNamespace: "dynamodb" }, /does not scale dynamodb/],
  ])("refuses %s", async (_, input, message) => {
    const world = await makeScaled();

    await expect(registerTarget(world, input)).rejects.toThrow(message);
  });

  it("is allowed by the target's ARN and the condition keys", async () => {
    const world = await makeScaled();
    const [target] = await targets(world);
    const caller = world.as({
      Effect: "Allow",
      Action: "application-autoscaling:RegisterScalableTarget",
      Resource: target?.ScalableTargetARN ?? "",
      Condition: { StringEquals: { "application-autoscaling:service-namespace": "ecs" } },
    });
    const suspend = new scaling.RegisterScalableTargetCommand({ ...which, SuspendedState: ALL });

    expect((await world.run(() => caller.scaling.send(suspend))).ScalableTargetARN).toBe(
      target?.ScalableTargetARN,
    );
    await expect(
      world.run(() =>
        caller.scaling.send(new scaling.DescribeScalableTargetsCommand({ ServiceNamespace: "ecs" })),
      ),
    ).rejects.toThrow(/DescribeScalableTargets on resource: \*/);
  });
});

describe("PutScalingPolicy", () => {
  it("needs a registered target, and changes the policy of the same name", async () => {
    const world = await makeScaled();
    const put = (input: Partial<scaling.PutScalingPolicyRequest>) =>
      world.run(() =>
        world.scaling.send(
          new scaling.PutScalingPolicyCommand({ ...which, PolicyName: "shop-cpu", ...input }),
        ),
      );
    const TargetTrackingScalingPolicyConfiguration = {
      TargetValue: 80,
      PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
    } as const;

    await expect(
      put({ ResourceId: "service/shop/other", TargetTrackingScalingPolicyConfiguration }),
    ).rejects.toThrow(scaling.ObjectNotFoundException);
    await put({ TargetTrackingScalingPolicyConfiguration });
    const command = new scaling.DescribeScalingPoliciesCommand({ ServiceNamespace: "ecs" });
    const { ScalingPolicies } = await world.run(() => world.scaling.send(command));
    expect(ScalingPolicies).toMatchObject([
      { PolicyName: "shop-cpu", TargetTrackingScalingPolicyConfiguration },
    ]);
  });
});

async function makeScaled(): Promise<World> {
  const world = makeWorld();
  await installShop(world);
  await installScaling(world.call, { cluster: "shop", service: "shop", min: 2, max: 6, cpuTarget: 50 });
  return world;
}

function registerTarget(
  world: World,
  input: Partial<scaling.RegisterScalableTargetRequest>,
): Promise<unknown> {
  return world.run(() =>
    world.scaling.send(new scaling.RegisterScalableTargetCommand({ ...which, ...input })),
  );
}

async function targets(world: World): Promise<scaling.ScalableTarget[]> {
  const command = new scaling.DescribeScalableTargetsCommand({ ServiceNamespace: "ecs" });
  return (await world.run(() => world.scaling.send(command))).ScalableTargets ?? [];
}

async function activities(world: World): Promise<scaling.ScalingActivity[]> {
  const command = new scaling.DescribeScalingActivitiesCommand({ ServiceNamespace: "ecs" });
  return (await world.run(() => world.scaling.send(command))).ScalingActivities ?? [];
}

function update(world: World, input: Partial<ecs.UpdateServiceRequest>): Promise<unknown> {
  return world.run(() =>
    world.ecs.send(new ecs.UpdateServiceCommand({ cluster: "shop", service: "shop", ...input })),
  );
}

const desired = async (world: World) => (await service(world)).desiredCount;
