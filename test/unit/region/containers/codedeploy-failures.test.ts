import * as codedeploy from "@aws-sdk/client-codedeploy";
import { describe, expect, it } from "vitest";
import { deploy, deployment, finish, makeShop, sets, stop, traffic, until } from "./make-blue-green.ts";

describe("a CodeDeploy deployment that goes wrong", () => {
  it("is stopped with a rollback: a new deployment that gives the traffic back to blue", async () => {
    const { world, v1, v2 } = await makeShop({ terminationWaitMinutes: 30 });
    const id = await deploy(world, v2);
    await until(world, async () => traffic(world)["shop-alt"] === 100);
    const stopped = await stop(world, id, true);
    expect(stopped.status).toBe("Pending");
    await world.forSeconds(60);

    const { status, errorInformation, rollbackInfo } = await deployment(world, id);
    expect({ status, code: errorInformation?.code }).toEqual({ status: "Stopped", code: "MANUAL_STOP" });
    expect(await deployment(world, rollbackInfo?.rollbackDeploymentId ?? "")).toMatchObject({
      status: "Succeeded",
      creator: "codeDeployRollback",
      rollbackInfo: { rollbackTriggeringDeploymentId: id },
    });
    expect(await sets(world)).toMatchObject([{ status: "PRIMARY", taskDefinition: v1 }]);
    expect(traffic(world)).toEqual({ shop: 100 });
    await expect(stop(world, id, true)).rejects.toThrow(codedeploy.DeploymentAlreadyCompletedException);
  });

  it("leaves both task sets when it is stopped without a rollback", async () => {
    const { world, v1, v2 } = await makeShop({ terminationWaitMinutes: 30 });
    const id = await deploy(world, v2);
    await until(world, async () => (await sets(world)).length === 2);
    await stop(world, id, false);
    await world.forSeconds(60);

    expect((await deployment(world, id)).rollbackInfo).toBeUndefined();
    expect(await sets(world)).toMatchObject([
      { status: "PRIMARY", taskDefinition: v1 },
      { status: "ACTIVE" },
    ]);
    await finish(world, await deploy(world, v2, { overrideAlarmConfiguration: { enabled: false } }), 3600);
    await world.forSeconds(60);
    expect(await sets(world)).toMatchObject([{ status: "PRIMARY", taskDefinition: v2 }]);
  });

  it("stops at an alarm, even one that a former release set off, unless the deployment overrides it", async () => {
    const { world, v1, v2 } = await makeShop({
      terminationWaitMinutes: 0,
      alarmConfiguration: { enabled: true, alarms: [{ name: "5xx" }] },
      autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_STOP_ON_ALARM"] },
    });
    world.alarms.set("5xx", "OK");
    const bad = await deploy(world, v2);
    await finish(world, bad);
    world.alarms.set("5xx", "ALARM");
    const blocked = await deploy(world, v1);
    await world.forSeconds(60);

    expect(await deployment(world, blocked)).toMatchObject({
      status: "Stopped",
      errorInformation: { code: "ALARM_ACTIVE", message: expect.stringMatching(/Activated alarms: <5xx>$/) },
      rollbackInfo: { rollbackDeploymentId: expect.stringMatching(/^d-/) },
    });
    const free = await deploy(world, v1, { overrideAlarmConfiguration: { enabled: false } });
    await finish(world, free);
    expect((await deployment(world, free)).status).toBe("Succeeded");
  });

  it("fails when ECS does not take the task definition, and never touches what runs", async () => {
    const { world, v1, v2 } = await makeShop({
      autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE"] },
    });
    await world.call("ecs", "DeregisterTaskDefinition", { taskDefinition: v2 });
    const id = await deploy(world, v2);
    await world.forSeconds(60);

    expect(await deployment(world, id)).toMatchObject({
      status: "Failed",
      errorInformation: {
        code: "ECS_UPDATE_ERROR",
        message: expect.stringMatching(/TaskDefinition is inactive/),
      },
    });
    expect(await sets(world)).toMatchObject([{ status: "PRIMARY", taskDefinition: v1, runningCount: 2 }]);
  });

  it("fails after an hour when green never gets healthy, and is rolled back when the group says so", async () => {
    const { world, v1, v2 } = await makeShop({
      autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE"] },
    });
    world.releases.set("v2", { failsHealthChecks: true });
    const id = await deploy(world, v2);
    await world.forSeconds(3500);
    expect((await deployment(world, id)).status).toBe("InProgress");
    await world.forSeconds(300);

    const { status, errorInformation, rollbackInfo } = await deployment(world, id);
    expect([status, errorInformation?.code]).toEqual(["Failed", "TIMEOUT"]);
    expect((await deployment(world, rollbackInfo?.rollbackDeploymentId ?? "")).status).toBe("Succeeded");
    expect(await sets(world)).toMatchObject([{ taskDefinition: v1, status: "PRIMARY" }]);
  });
});
