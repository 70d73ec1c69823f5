import { describe, expect, it } from "vitest";
import { makeRegion } from "./make-region.ts";

describe("UpdateService", () => {
  it("starts no deployment for the task definition that runs, unless forced", async () => {
    const region = makeRegion();
    const { taskDefinition } = await region.install();

    await region.update({ taskDefinition });
    expect(await region.history()).toHaveLength(1);
    await region.update({ taskDefinition, forceNewDeployment: true });
    expect(await region.history()).toHaveLength(2);
  });

  it("changes count and deployment configuration without a deployment", async () => {
    const region = makeRegion();
    await region.install();
    await region.update({
      desiredCount: 5,
      deploymentConfiguration: { alarms: { alarmNames: ["errors"], enable: true, rollback: true } },
    });
    await region.forSeconds(120);

    expect(await region.history()).toHaveLength(1);
    expect(await region.service()).toMatchObject({ desiredCount: 5, runningCount: 5 });
  });

  it("sets deploymentConfiguration members that are left out to their defaults", async () => {
    const region = makeRegion();
    await region.install({ deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 150 } });
    await region.update({ deploymentConfiguration: { maximumPercent: 180 } });

    expect((await region.service()).deploymentConfiguration).toMatchObject({
      minimumHealthyPercent: 100,
      maximumPercent: 180,
    });
  });

  it("completes at desired count 0 without ever resolving an image", async () => {
    const region = makeRegion();
    await region.install();
    await region.update({ desiredCount: 0 });
    await region.forSeconds(120);
    const arn = await region.update({ taskDefinition: await region.register("not-pushed") });
    await region.forSeconds(60);

    expect((await region.deployment(arn)).status).toBe("SUCCESSFUL");
    expect(await region.tasks()).toEqual([]);
    await region.update({ desiredCount: 2 });
    await region.forSeconds(60);
    expect((await region.service()).runningCount).toBe(0);
  });

  it("refuses an INACTIVE task definition once the deregistration has taken effect, within ten minutes", async () => {
    const region = makeRegion();
    const { taskDefinition } = await region.install();
    await region.deploy("v2");
    await region.forSeconds(240);
    await region.ecsCall("DeregisterTaskDefinition", { taskDefinition });
    await region.forSeconds(600);

    await expect(region.update({ taskDefinition })).rejects.toMatchObject({
      code: "ClientException",
      message: "TaskDefinition is inactive",
    });
    await region.update({ desiredCount: 4 });
    await region.forSeconds(120);
    expect((await region.service()).runningCount).toBe(4);
  });

  it("still takes an INACTIVE task definition during the grace period", async () => {
    const region = makeRegion({ inactiveGraceSeconds: [600, 600] });
    const { taskDefinition } = await region.install();
    await region.deploy("v2");
    await region.ecsCall("DeregisterTaskDefinition", { taskDefinition });

    await region.update({ taskDefinition });
    expect(await region.history()).toHaveLength(3);
  });

  it("resolves a bare family to its latest ACTIVE revision", async () => {
    const region = makeRegion();
    await region.install();
    const second = await region.register("v1");
    const third = await region.register("v1");
    await region.ecsCall("DeregisterTaskDefinition", { taskDefinition: third });
    await region.update({ taskDefinition: "shop" });

    expect((await region.service()).taskDefinition).toBe(second);
  });

  it("refuses CODE_DEPLOY services with AWS's text", async () => {
    const region = makeRegion();
    const { deployments, taskSets } = await region.install({ deploymentController: { type: "CODE_DEPLOY" } });

    expect(deployments).toEqual([]);
    expect(taskSets).toMatchObject([{ runningCount: 3, stabilityStatus: "STEADY_STATE" }]);
    await expect(region.update({ taskDefinition: await region.register("v1") })).rejects.toMatchObject({
      message:
        "Unable to update task definition on services with a CODE_DEPLOY deployment controller. " +
        "Use AWS CodeDeploy to trigger a new deployment.",
    });
  });

  it("names what is missing or gone", async () => {
    const region = makeRegion();
    await region.install();
    const update = (cluster: string, service: string): Promise<unknown> =>
      region.ecsCall("UpdateService", { cluster, service, desiredCount: 1 });

    await expect(update("other", "shop")).rejects.toMatchObject({ code: "ClusterNotFoundException" });
    await expect(update("shop", "other")).rejects.toMatchObject({ code: "ServiceNotFoundException" });
    await region.ecsCall("DeleteService", { cluster: "shop", service: "shop", force: true });
    await expect(update("shop", "shop")).rejects.toMatchObject({ code: "ServiceNotActiveException" });
    expect((await region.service()).status).toBe("DRAINING");
    await region.forSeconds(120);
    expect((await region.service()).status).toBe("INACTIVE");
  });

  it("refuses lifecycle hooks, which are not modelled", async () => {
    const region = makeRegion();
    await region.install();
    const lifecycleHooks = [{ hookTargetArn: "arn:aws:lambda:eu-west-1:123456789012:function:check" }];

    await expect(region.update({ deploymentConfiguration: { lifecycleHooks } })).rejects.toMatchObject({
      code: "UnsupportedFeatureException",
    });
  });
});

describe("DescribeServices", () => {
  it("reports a missing service as a failure, not as an exception", async () => {
    const region = makeRegion();
    await region.install();

    const output = await region.ecsCall("DescribeServices", { cluster: "shop", services: ["shop", "other"] });
    expect(output).toMatchObject({
      services: [{ serviceName: "shop" }],
      failures: [{ arn: expect.stringMatching(/service\/shop\/other$/), reason: "MISSING" }],
    });
  });
});
