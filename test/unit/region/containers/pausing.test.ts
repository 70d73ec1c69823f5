import * as ecs from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import type { PolicyStatement } from "../../../../lib/region/service-model.ts";
import { ARN, installShop, makeWorld, oneTask, register, service, type World } from "./make-world.ts";

describe("a service that is scaled to 0", () => {
  it("counts as empty at once, while its tasks drain, get SIGTERM, and only then cannot write any more", async () => {
    const world = makeWorld();
    await installShop(world);
    await update(world, { desiredCount: 0 });
    await world.forSeconds(5);

    expect(await service(world)).toMatchObject({ runningCount: 0, pendingCount: 0, desiredCount: 0 });
    expect(await stopping(world)).toEqual(["DEACTIVATING", "DEACTIVATING"]);
    expect(world.containers.services.count("shop", "shop")?.executingCount).toBe(2);
    // 30 s deregistration delay, then 4 s between SIGTERM and the exit.
    await world.forSeconds(28);
    expect(await stopping(world)).toEqual(["STOPPING", "STOPPING"]);
    expect(world.containers.services.count("shop", "shop")?.executingCount).toBe(2);
    await world.forSeconds(20);
    expect(await stopping(world)).toEqual(["STOPPED", "STOPPED"]);
    expect(world.containers.services.count("shop", "shop")?.executingCount).toBe(0);
    expect((await service(world)).deployments).toHaveLength(1);
  });

  it("is killed when it does not listen to SIGTERM within the stop timeout", async () => {
    const world = makeWorld();
    await installShop(world);
    world.releases.set("v1", { stopSeconds: 50 });
    await update(world, { desiredCount: 0 });
    await world.forSeconds(60);

    const stopped = await tasks(world, "STOPPED");
    expect(stopped.map(({ containers }) => containers?.[0]?.exitCode)).toEqual([137, 137]);
  });

  it("resumes with the target alone when count and task definition come in one call", async () => {
    const world = makeWorld();
    const good = await installShop(world);
    const bad = await register(world, "v2");
    await update(world, { taskDefinition: bad });
    await world.forSeconds(240);
    await update(world, { desiredCount: 0 });
    await world.forSeconds(60);
    const before = world.events.length;
    await update(world, { desiredCount: 2, taskDefinition: good });
    await world.forSeconds(120);

    expect(startedSince(world, before)).toEqual([good, good]);
    expect(await service(world)).toMatchObject({
      runningCount: 2,
      deployments: [{ rolloutState: "COMPLETED", taskDefinition: good }],
    });
  });

  it("starts the old definition first when the count comes in a call of its own", async () => {
    const world = makeWorld();
    const good = await installShop(world);
    const bad = await register(world, "v2");
    await update(world, { taskDefinition: bad });
    await world.forSeconds(240);
    await update(world, { desiredCount: 0 });
    await world.forSeconds(60);
    const before = world.events.length;
    await update(world, { desiredCount: 2 });
    await world.forSeconds(10);
    await update(world, { taskDefinition: good });
    await world.forSeconds(60);

    expect(startedSince(world, before)).toEqual([bad, bad, good, good]);
  });
});

describe("a DAEMON service", () => {
  const daemon = { schedulingStrategy: "DAEMON", launchType: "EC2", desiredCount: undefined } as const;

  it("has one task on each container instance, and a gap while it is deployed", async () => {
    const world = makeWorld({ containerInstances: () => 3 });
    await installShop(world, daemon);
    expect(await service(world)).toMatchObject({
      schedulingStrategy: "DAEMON",
      runningCount: 3,
      desiredCount: 3,
    });

    await update(world, { taskDefinition: await register(world, "v2") });
    await world.forSeconds(10);
    expect((await service(world)).runningCount).toBe(0);
    await world.forSeconds(180);
    expect(await service(world)).toMatchObject({
      runningCount: 3,
      deployments: [{ rolloutState: "COMPLETED" }],
    });
  });

  it("refuses a desired count, and Fargate", async () => {
    const world = makeWorld();
    await installShop(world, daemon);

    await expect(update(world, { desiredCount: 0 })).rejects.toThrow(/does not support a desired count/);
    await expect(
      update(world, { desiredCount: 2, taskDefinition: await register(world, "v2") }),
    ).rejects.toThrow(/does not support a desired count/);
    await expect(installShop(makeWorld(), { ...daemon, launchType: "FARGATE" })).rejects.toThrow(/daemon/);
  });
});

describe("the permissions of standalone tasks", () => {
  const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
  const allow = (Action: string, Resource: string, Condition = {}): PolicyStatement => ({
    ...{ Effect: "Allow", Action, Resource },
    Condition,
  });
  const run = allow("ecs:RunTask", `${ARN}:task-definition/shop:*`, {
    ArnEquals: { "ecs:cluster": `${ARN}:cluster/shop` },
  });
  const pass = (name: string) =>
    allow("iam:PassRole", role(name), { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } });
  const roles = { taskRoleArn: role("task"), executionRoleArn: role("execution") };

  it.each<[string, PolicyStatement[], Partial<ecs.RunTaskRequest>, string | undefined]>([
    ["may run it with both roles", [run, pass("task"), pass("execution")], {}, undefined],
    ["may not without the execution role", [run, pass("task")], {}, "iam:PassRole"],
    [
      "may not with a role of the override",
      [run, pass("task"), pass("execution")],
      { overrides: { taskRoleArn: role("admin") } },
      "admin",
    ],
    [
      "may not tag",
      [run, pass("task"), pass("execution")],
      { tags: [{ key: "a", value: "b" }] },
      "ecs:TagResource",
    ],
    ["may not without RunTask", [pass("task"), pass("execution")], {}, "ecs:RunTask"],
    [
      "may not in another cluster",
      [
        { ...run, Condition: { ArnEquals: { "ecs:cluster": `${ARN}:cluster/other` } } },
        pass("task"),
        pass("execution"),
      ],
      {},
      "ecs:RunTask",
    ],
  ])("%s", async (_, statements, input, refusal) => {
    const world = makeWorld({ tasks: { run: () => ({ seconds: 1, exitCode: 0, logLines: [] }) } });
    await installShop(world);
    await world.call("ecs", "RegisterTaskDefinition", {
      family: "shop",
      networkMode: "awsvpc",
      containerDefinitions: [{ name: "app", image: "shop:v1" }],
      ...roles,
    });
    const caller = world.as(...statements);
    const attempt = world.run(() =>
      caller.ecs.send(new ecs.RunTaskCommand({ ...oneTask, taskDefinition: "shop:2", ...input })),
    );

    if (refusal === undefined) expect((await attempt).tasks).toHaveLength(1);
    else await expect(attempt).rejects.toThrow(refusal);
  });
});

function update(world: World, input: Partial<ecs.UpdateServiceRequest>): Promise<unknown> {
  return world.run(() =>
    world.ecs.send(new ecs.UpdateServiceCommand({ cluster: "shop", service: "shop", ...input })),
  );
}

async function tasks(world: World, desiredStatus: "RUNNING" | "STOPPED"): Promise<ecs.Task[]> {
  const list = new ecs.ListTasksCommand({ cluster: "shop", serviceName: "shop", desiredStatus });
  const { taskArns } = await world.run(() => world.ecs.send(list));
  return (
    (
      await world.run(() =>
        world.ecs.send(new ecs.DescribeTasksCommand({ cluster: "shop", tasks: taskArns })),
      )
    ).tasks ?? []
  );
}

/** The task definitions of the tasks that were started, in order. */
function startedSince({ events }: World, before: number): unknown[] {
  return events
    .slice(before)
    .filter(({ detail }) => detail["lastStatus"] === "PROVISIONING")
    .map(({ detail }) => detail["taskDefinitionArn"]);
}

async function stopping(world: World): Promise<unknown[]> {
  return (await tasks(world, "STOPPED")).map(({ lastStatus }) => lastStatus);
}
