import * as codedeploy from "@aws-sdk/client-codedeploy";
import { describe, expect, it } from "vitest";
import { deploy, deployment, finish, makeShop, sets, traffic, until, which } from "./make-blue-green.ts";
import { service } from "./make-world.ts";

describe("a CodeDeploy deployment", () => {
  it("brings green up beside blue, moves the traffic, keeps blue for a while, and ends with one task set", async () => {
    const { world, v1, v2 } = await makeShop({ terminationWaitMinutes: 5 });
    const id = await deploy(world, v2);

    await until(world, async () => (await sets(world)).length === 2);
    expect(await sets(world)).toMatchObject([
      { status: "PRIMARY", taskDefinition: v1 },
      {
        status: "ACTIVE",
        taskDefinition: v2,
        externalId: id,
        startedBy: "CODE_DEPLOY",
        stabilityStatus: "STABILIZING",
      },
    ]);
    await until(world, async () => (await sets(world))[1]?.status === "PRIMARY");
    expect(traffic(world)).toEqual({ shop: 0, "shop-alt": 100 });
    await world.forSeconds(240);
    expect(await deployment(world, id)).toMatchObject({ status: "InProgress", creator: "user" });
    await world.forSeconds(180);

    expect(await deployment(world, id)).toMatchObject({
      status: "Succeeded",
      completeTime: expect.any(Date),
    });
    expect(await sets(world)).toMatchObject([{ status: "PRIMARY", taskDefinition: v2, externalId: id }]);
    expect((await service(world)).deployments).toEqual([]);
  });

  it("returns to the first target group the next time", async () => {
    const { world, v1, v2 } = await makeShop({ terminationWaitMinutes: 0 });
    await finish(world, await deploy(world, v2));
    await finish(world, await deploy(world, v1));
    await world.forSeconds(60);

    expect(traffic(world)).toEqual({ shop: 100 });
    const { deploymentGroupInfo } = await world.run(() =>
      world.codedeploy.send(new codedeploy.GetDeploymentGroupCommand(which)),
    );
    expect(deploymentGroupInfo?.targetRevision?.appSpecContent?.content).toContain(v1);
  });

  it("shifts by canary when its configuration says so", async () => {
    const { world, v2 } = await makeShop({
      terminationWaitMinutes: 0,
      deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
    });
    const id = await deploy(world, v2);
    await until(world, async () => traffic(world)["shop-alt"] === 10);

    expect((await deployment(world, id)).status).toBe("Baking");
    await world.forSeconds(200);
    expect(traffic(world)).toEqual({ shop: 90, "shop-alt": 10 });
    await world.forSeconds(120);
    expect(traffic(world)).toEqual({ "shop-alt": 100 });
  });

  it("waits, Ready, for somebody to continue it, and stops when nobody does", async () => {
    const { world, v2 } = await makeShop({ terminationWaitMinutes: 0, readyWaitMinutes: 10 });
    const isReady = (id: string) => async () => (await deployment(world, id)).status === "Ready";
    const forgotten = await deploy(world, v2);
    await until(world, isReady(forgotten));
    await world.forSeconds(660);
    expect((await deployment(world, forgotten)).status).toBe("Stopped");
    expect(traffic(world)).toEqual({ shop: 100, "shop-alt": 0 });

    const continued = await deploy(world, v2);
    const command = new codedeploy.ContinueDeploymentCommand({ deploymentId: continued });
    await expect(world.run(() => world.codedeploy.send(command))).rejects.toThrow(
      codedeploy.DeploymentIsNotInReadyStateException,
    );
    await until(world, isReady(continued));
    await world.run(() => world.codedeploy.send(command));
    await finish(world, continued);
  });

  it("is the only one of its group", async () => {
    const { world, v1, v2 } = await makeShop();
    const id = await deploy(world, v2);

    await expect(deploy(world, v1)).rejects.toMatchObject({
      name: "DeploymentLimitExceededException",
      message: `The Deployment Group 'shop-blue-green' already has an active Deployment '${id}'`,
    });
  });

  it("gives its revision for another deployment, and lists what succeeded", async () => {
    const { world, v2 } = await makeShop({ terminationWaitMinutes: 0 });
    const first = await deploy(world, v2);
    await finish(world, first);
    const { revision } = await deployment(world, first);
    const command = new codedeploy.CreateDeploymentCommand({ ...which, revision });
    const { deploymentId: second = "" } = await world.run(() => world.codedeploy.send(command));
    await world.forSeconds(5);

    expect((await deployment(world, second)).previousRevision).toEqual(revision);
    const list = async (includeOnlyStatuses: codedeploy.DeploymentStatus[]) =>
      (
        await world.run(() =>
          world.codedeploy.send(new codedeploy.ListDeploymentsCommand({ ...which, includeOnlyStatuses })),
        )
      ).deployments;
    expect(await list(["Succeeded"])).toEqual([first]);
    expect((await list([]))?.sort()).toEqual([first, second].sort());
  });
});
