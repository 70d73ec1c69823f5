import { describe, expect, it } from "vitest";
import { ecsServiceVersionReader } from "../../../lambdas/components/ecs-service/observe-version.ts";
import { configuration, makeStage } from "./make-stage.ts";

describe("confirming", () => {
  it("fails when the deployment succeeded with another image under the same tag", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.driver().tick("prepare", move);
    stage.region.push("rebuilt", {}, "v1");

    const end = await stage.run(move);

    expect(end).toMatchObject({ status: "failed", code: "WRONG_VERSION", verb: "confirm", touched: true });
    expect(end.note).toMatch(/0 of 3 tasks run shop:1, but there is also 3 of shop:1 with another image/);
  });

  it("does not mistake a deployment of somebody else for the target", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    expect((await stage.run(move)).status).toBe("done");
    await stage.region.deploy("fix");
    await stage.region.forSeconds(300);

    expect(await stage.run(move, ["confirm"])).toMatchObject({ status: "failed", code: "SUPERSEDED" });
  });

  it("waits for tasks that are replaced, and says how many there are", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    await stage.run(move);
    const [task] = await stage.region.tasks();
    await stage.region.ecsCall("StopTask", { cluster: "shop", task: task?.taskArn });

    const tick = await stage.driver().tick("confirm", move);

    expect(tick).toMatchObject({ status: "working", note: "2 of 3 tasks run shop:1." });
    expect(await stage.run(move, ["confirm"])).toMatchObject({ status: "done" });
  });
});

describe("preparing", () => {
  it("makes a copy that pins the image when its tag moved since the plan", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    stage.region.push("rebuilt", {}, "v1");

    expect(await stage.run(move)).toMatchObject({
      status: "done",
      note: expect.stringContaining("run shop:3"),
    });
  });

  it("is harmless: the service and its tasks stay as they are", async () => {
    const stage = await makeStage({ inactiveGraceSeconds: [0, 0] });
    await stage.region.ecsCall("DeregisterTaskDefinition", { taskDefinition: "shop:1" });
    const move = await stage.plan();
    const [service, tasks] = [await stage.region.service(), await stage.region.tasks()];

    expect(await stage.run(move, ["prepare"])).toMatchObject({ status: "done" });
    expect(await stage.run(move, ["prepare"])).toMatchObject({ status: "done" });

    expect(await stage.region.service()).toEqual(service);
    expect(await stage.region.tasks()).toEqual(tasks);
    expect(stage.mutations("RegisterTaskDefinition")).toHaveLength(1);
  });

  it("registers the copy with its origin, its rollback and everything else as it was", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    stage.region.push("rebuilt", {}, "v1");
    await stage.run(move, ["prepare"]);

    const described = (name: string) =>
      stage.region.ecsCall("DescribeTaskDefinition", { taskDefinition: name, include: ["TAGS"] });
    const [copy, source] = [await described("shop:3"), await described("shop:1")];

    expect(copy["tags"]).toEqual([
      { key: "stepback:clone-of", value: move.to.id },
      { key: "stepback:rollback", value: "rb-1" },
    ]);
    const ignored = {
      taskDefinitionArn: "",
      revision: 0,
      registeredAt: "",
      registeredBy: "",
      status: "",
      tags: [],
    };
    const digest = stage.digest();
    const plain = JSON.stringify({ ...Object(source["taskDefinition"]), ...ignored });
    expect(JSON.stringify({ ...Object(copy["taskDefinition"]), ...ignored })).toBe(
      plain.replace("/shop:v1", `/shop@${digest}`),
    );
  });
});

describe("recording what runs", () => {
  it("tells the version with its digest and its registration, and nothing while a deployment is on its way", async () => {
    const stage = await makeStage();
    const read = () => ecsServiceVersionReader(stage.clients)(configuration);
    const { taskDefinition } = await stage.region.primary();

    expect(await read()).toMatchObject({
      taskDefinition,
      images: [
        {
          container: "app",
          image: expect.stringMatching(/shop:v2$/),
          digest: expect.stringMatching(/^sha256:/),
        },
      ],
      registration: expect.stringContaining('"family":"shop"'),
    });
    await stage.region.deploy("v3");
    await stage.region.forSeconds(5);
    expect(await read()).toBeUndefined();
  });
});
