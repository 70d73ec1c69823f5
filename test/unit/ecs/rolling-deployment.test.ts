import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rollingBounds } from "../../../lib/region/services/ecs/rolling-plan.ts";
import { makeRegion } from "./make-region.ts";

describe("a rolling deployment", () => {
  it("replaces every task and reaches a steady state", async () => {
    const region = makeRegion();
    await region.install();
    const arn = await region.deploy("v2");

    await region.forSeconds(240);

    expect(await region.deployment(arn)).toMatchObject({ status: "SUCCESSFUL" });
    const service = await region.service();
    expect(service.deployments).toHaveLength(1);
    expect(service.deployments?.[0]).toMatchObject({ rolloutState: "COMPLETED", runningCount: 3 });
    expect(service.events?.[0]?.message).toBe("(service shop) has reached a steady state.");
    const images = (await region.tasks()).map((task) => task.containers?.[0]?.image);
    expect(images.every((image) => image?.endsWith("shop:v2"))).toBe(true);
    expect(images).toHaveLength(3);
    expect(region.deploymentEvents().slice(-2)).toEqual([
      expect.stringMatching(/^SERVICE_DEPLOYMENT_IN_PROGRESS: ECS deployment ecs-svc\/\d+ in progress\.$/),
      expect.stringMatching(/^SERVICE_DEPLOYMENT_COMPLETED: ECS deployment ecs-svc\/\d+ completed\.$/),
    ]);
  });

  it("never has fewer healthy tasks than the floor, nor more active ones than the ceiling", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 100, max: 250 }),
        fc.integer({ min: 1, max: 1_000 }),
        async (desired, minimumHealthyPercent, maximumPercent, seed) => {
          const region = makeRegion({ seed });
          const deploymentConfiguration = { minimumHealthyPercent, maximumPercent };
          await region.install({ desiredCount: desired, deploymentConfiguration });
          const { floor, ceiling } = rollingBounds(desired, minimumHealthyPercent, maximumPercent);
          await region.deploy("v2");

          for (let second = 0; second < 900; second += 5) {
            await region.forSeconds(5);
            expect(region.healthyTargets()).toBeGreaterThanOrEqual(floor);
            expect((await region.tasks()).length).toBeLessThanOrEqual(ceiling);
          }
          const stuck = floor === desired && ceiling === desired;
          expect((await region.history()).at(-1)?.status).toBe(stuck ? "IN_PROGRESS" : "SUCCESSFUL");
        },
      ),
      { numRuns: 12, seed: 42 },
    );
  });

  it("says so when the percentages allow no move", async () => {
    const region = makeRegion();
    await region.install({ deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } });
    await region.deploy("v2");

    await region.forSeconds(600);

    const messages = (await region.service()).events?.map(({ message }) => message);
    expect(messages?.[0]).toContain("was unable to stop or start tasks during a deployment");
    expect(await region.primary()).toMatchObject({ rolloutState: "IN_PROGRESS", runningCount: 0 });
  });

  it("keeps retrying, slower and slower, when there is no circuit breaker", async () => {
    const region = makeRegion();
    await region.install();
    await region.deploy("v2", {
      startFailure: { stopCode: "TaskFailedToStart", reason: "ResourceInitializationError: no route" },
    });

    await region.forSeconds(3_600);
    const afterOneHour = (await region.primary()).failedTasks ?? 0;
    await region.forSeconds(3_600);
    const afterTwoHours = (await region.primary()).failedTasks ?? 0;

    expect((await region.primary()).rolloutState).toBe("IN_PROGRESS");
    expect(region.healthyTargets()).toBe(3);
    expect(afterTwoHours - afterOneHour).toBeGreaterThan(0);
    expect(afterTwoHours - afterOneHour).toBeLessThan(afterOneHour);
    expect(region.events.map(({ detail }) => detail["eventName"])).toContain("SERVICE_TASK_START_IMPAIRED");
  });

  it("is superseded by a newer one", async () => {
    const region = makeRegion();
    await region.install();
    const second = await region.deploy("v2");
    await region.forSeconds(20);
    const third = await region.deploy("v3");
    expect((await region.deployment(second)).status).toBe("STOP_REQUESTED");

    await region.forSeconds(240);

    expect((await region.deployment(second)).status).toBe("STOPPED");
    expect((await region.deployment(third)).status).toBe("SUCCESSFUL");
    expect(region.healthyTargets()).toBe(3);
  });

  it("takes a stopped task through drain, stop and deprovisioning", async () => {
    const region = makeRegion();
    await region.install();
    const [task] = await region.tasks();
    await region.ecsCall("StopTask", { cluster: "shop", task: task?.taskArn, reason: "by hand" });

    await region.forSeconds(120);

    const changes = region.events
      .filter(({ resources }) => resources[0] === task?.taskArn)
      .map(({ detail }) => detail["lastStatus"]);
    expect(changes).toEqual([
      "PROVISIONING",
      "PENDING",
      "ACTIVATING",
      "RUNNING",
      "DEACTIVATING",
      "STOPPING",
      "DEPROVISIONING",
      "STOPPED",
    ]);
    const [stopped] = await region.tasks("STOPPED");
    expect(stopped).toMatchObject({ stopCode: "UserInitiated", stoppedReason: "by hand" });
    expect(stopped?.containers?.[0]?.exitCode).toBe(0);
    expect(region.healthyTargets()).toBe(3);
  });
});
