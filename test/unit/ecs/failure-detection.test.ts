import { describe, expect, it } from "vitest";
import { breakerThreshold } from "../../../lib/region/services/ecs/circuit-breaker.ts";
import { makeRegion, type TestRegion } from "./make-region.ts";

const FAILS_TO_START = {
  startFailure: {
    stopCode: "EssentialContainerExited",
    exitCode: 1,
    reason: "Essential container in task exited",
  },
} as const;

function withBreaker(rollback: boolean): object {
  return { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } } };
}

async function withAlarm(rollback = true): Promise<TestRegion> {
  const region = makeRegion();
  region.alarms.set("errors", "OK");
  await region.install({
    deploymentConfiguration: { alarms: { alarmNames: ["errors"], enable: true, rollback } },
  });
  await region.forSeconds(300);
  return region;
}

describe("the circuit breaker", () => {
  it.each([
    [1, 3],
    [5, 3],
    [25, 13],
    [1_000, 200],
  ])("tolerates for a desired count of %i fewer than %i failures", (desired, threshold) => {
    expect(breakerThreshold({}, desired)).toBe(threshold);
  });

  it("rolls back to the last completed deployment and reuses its revision", async () => {
    const region = makeRegion();
    const before = await region.install(withBreaker(true));
    const good = before.deployments?.[0];
    const arn = await region.deploy("v2", FAILS_TO_START);
    const bad = await region.primary();

    await region.forSeconds(300);

    const deployment = await region.deployment(arn);
    expect(deployment.status).toBe("ROLLBACK_SUCCESSFUL");
    expect(deployment.rollback?.serviceRevisionArn).toBe(before.currentServiceRevisions?.[0]?.arn);
    expect(deployment.deploymentCircuitBreaker).toMatchObject({ status: "TRIGGERED", threshold: 3 });
    const service = await region.service();
    expect(service.taskDefinition).toBe(before.taskDefinition);
    expect(service.deployments).toMatchObject([{ id: good?.id, rolloutState: "COMPLETED", runningCount: 3 }]);
    expect(region.deploymentEvents().slice(-3)).toEqual([
      "SERVICE_DEPLOYMENT_FAILED: ECS deployment circuit breaker: task failed to start.",
      `SERVICE_DEPLOYMENT_IN_PROGRESS: ECS deployment circuit breaker: rolling back to deploymentId ${good?.id}.`,
      `SERVICE_DEPLOYMENT_COMPLETED: ECS deployment ${good?.id} completed.`,
    ]);
    expect((await region.tasks("STOPPED")).filter(({ startedBy }) => startedBy === bad.id)).not.toHaveLength(
      0,
    );
  });

  it("stops the deployment and leaves what runs when rollback is off", async () => {
    const region = makeRegion();
    await region.install(withBreaker(false));
    const arn = await region.deploy("v2", FAILS_TO_START);

    await region.forSeconds(300);

    expect((await region.deployment(arn)).status).toBe("STOPPED");
    expect(await region.primary()).toMatchObject({ rolloutState: "FAILED", runningCount: 0 });
    expect(region.healthyTargets()).toBe(3);
  });

  it("counts tasks that run but fail their health checks", async () => {
    const region = makeRegion();
    await region.install(withBreaker(true));
    const arn = await region.deploy("v2", { failsHealthChecks: true });

    await region.forSeconds(300);

    expect((await region.deployment(arn)).status).toBe("ROLLBACK_SUCCESSFUL");
    const reasons = (await region.tasks("STOPPED")).map(({ stoppedReason }) => stoppedReason);
    expect(reasons).toContainEqual(expect.stringContaining("Task failed ELB health checks in (target-group"));
  });

  it("has nothing to go back to when the very first deployment fails", async () => {
    const region = makeRegion();
    region.push("v1");
    region.ecr.push("shop", "broken");
    await region.install({ ...withBreaker(true), taskDefinition: await region.register("missing") });

    await region.forSeconds(600);

    const [deployment] = await region.history();
    expect(deployment?.status).toBe("ROLLBACK_FAILED");
    expect(await region.primary()).toMatchObject({ rolloutState: "FAILED", runningCount: 0 });
  });

  it("stalls when a second deployment fails while a rollback is still running", async () => {
    const region = makeRegion();
    await region.install(withBreaker(true));
    const first = await region.deploy("v2", FAILS_TO_START);
    while ((await region.deployment(first)).status !== "ROLLBACK_IN_PROGRESS") await region.forSeconds(1);
    const second = await region.deploy("v3", FAILS_TO_START);

    await region.forSeconds(600);

    expect((await region.deployment(first)).status).toBe("ROLLBACK_FAILED");
    expect((await region.deployment(second)).status).toBe("ROLLBACK_FAILED");
    expect(region.healthyTargets()).toBe(3);
  });
});

describe("a cluster that is full", () => {
  it("fails the placement, says so, and fails the deployment through the circuit breaker", async () => {
    let capacity = 100;
    const region = makeRegion({ capacity: () => capacity });
    await region.install(withBreaker(true));
    capacity = 3;
    const arn = await region.deploy("v2");

    await region.forSeconds(600);

    expect((await region.deployment(arn)).status).toBe("ROLLBACK_SUCCESSFUL");
    expect(region.events).toContainEqual(
      expect.objectContaining({
        detailType: "ECS Service Action",
        detail: expect.objectContaining({
          eventName: "SERVICE_TASK_PLACEMENT_FAILURE",
          reason: "RESOURCE:FARGATE",
        }),
      }),
    );
    expect(region.healthyTargets()).toBe(3);
  });
});

describe("deployment alarms", () => {
  it("are ignored for the whole deployment when one is in ALARM at its start", async () => {
    const region = await withAlarm();
    region.alarms.set("errors", "ALARM");
    const arn = await region.deploy("v2");

    await region.forSeconds(900);

    expect(await region.deployment(arn)).toMatchObject({
      status: "SUCCESSFUL",
      alarms: { status: "DISABLED", triggeredAlarmNames: [] },
    });
  });

  it("fail and roll back a deployment during which one goes to ALARM", async () => {
    const region = await withAlarm();
    const arn = await region.deploy("v2");
    await region.forSeconds(60);
    region.alarms.set("errors", "ALARM");

    await region.forSeconds(300);

    expect(await region.deployment(arn)).toMatchObject({
      status: "ROLLBACK_SUCCESSFUL",
      alarms: { status: "TRIGGERED", triggeredAlarmNames: ["errors"] },
    });
    expect((await region.service()).taskDefinition).toMatch(/shop:1$/);
  });

  it("still fail it during the bake time, when only new tasks run", async () => {
    const region = await withAlarm();
    const arn = await region.deploy("v2");
    while ((await region.service()).deployments?.length !== 1) await region.forSeconds(5);
    expect(await region.primary()).toMatchObject({ rolloutState: "IN_PROGRESS", runningCount: 3 });
    region.alarms.set("errors", "ALARM");

    await region.forSeconds(300);

    expect((await region.deployment(arn)).status).toBe("ROLLBACK_SUCCESSFUL");
    expect(region.healthyTargets()).toBe(3);
  });
});
