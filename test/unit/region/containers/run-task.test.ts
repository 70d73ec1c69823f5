import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as ecs from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import type { TaskLaunch, TaskOutcome } from "../../../../lib/region/services/ecs/task-program.ts";
import { makeWorld, oneTask, register, runTask, task, type World } from "./make-world.ts";

const DOWNGRADE = { containerOverrides: [{ name: "app", command: ["alembic", "downgrade", "41"] }] };

describe("a standalone task", () => {
  it("runs the override's command and environment, and ends with the program's exit code", async () => {
    const { world, launches } = await makeRunner(
      { seconds: 40, exitCode: 3 },
      { environment: [env("A", "1"), env("B", "2")] },
    );
    const started = await runTask(world, {
      startedBy: "rollback/rb-1",
      overrides: {
        containerOverrides: [{ ...DOWNGRADE.containerOverrides[0], environment: [env("B", "3")] }],
      },
    });
    await world.forSeconds(120);

    expect(launches).toMatchObject([
      { family: "shop", command: ["alembic", "downgrade", "41"], environment: { A: "1", B: "3" } },
    ]);
    expect(launches[0]?.taskDefinition).toMatch(/task-definition\/shop:1$/);
    expect(await task(world, started)).toMatchObject({
      lastStatus: "STOPPED",
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      group: "family:shop",
      startedBy: "rollback/rb-1",
      containers: [{ name: "app", exitCode: 3, lastStatus: "STOPPED" }],
    });
  });

  it("passes through its states in order, each of them an event", async () => {
    const { world } = await makeRunner({ seconds: 40 });
    const { taskArn = "" } = await runTask(world, {});
    await world.forSeconds(120);

    const states = world.events
      .filter(
        ({ detailType, resources }) => detailType === "ECS Task State Change" && resources.includes(taskArn),
      )
      .map(({ detail }) => detail["lastStatus"]);
    expect(states).toEqual(["PROVISIONING", "PENDING", "RUNNING", "DEPROVISIONING", "STOPPED"]);
  });

  it("is not seen at once, and not longer than an hour after it stopped", async () => {
    const { world } = await makeRunner({ seconds: 40 });
    const seen: boolean[] = [];
    for (let seed = 0; seed < 6; seed++) {
      const started = await runTask(world, {});
      seen.push((await task(world, started)) !== undefined);
    }
    const last = await runTask(world, {});
    await world.forSeconds(3600);

    expect(seen).toContain(false);
    expect((await task(world, last))?.lastStatus).toBe("STOPPED");
    await world.forSeconds(300);
    expect(await task(world, last)).toBeUndefined();
  });

  it("writes its lines to prefix/container/task-id while it runs", async () => {
    const awslogs = { "awslogs-group": "/shop/tasks", "awslogs-stream-prefix": "migrate" };
    const { world } = await makeRunner(
      { seconds: 60, logLines: ["from 42", "to 41"] },
      { logConfiguration: { logDriver: "awslogs", options: awslogs } },
    );
    const { taskArn = "" } = await runTask(world, {});
    await world.forSeconds(120);

    const stream = `migrate/app/${taskArn.split("/").at(-1)}`;
    const { events = [] } = await world.run(() =>
      world.logs.send(new logs.GetLogEventsCommand({ logGroupName: "/shop/tasks", logStreamName: stream })),
    );
    expect(events.map(({ message }) => message)).toEqual(["from 42", "to 41"]);
    expect((events[1]?.timestamp ?? 0) - (events[0]?.timestamp ?? 0)).toBe(30_000);
  });

  it("has no exit code when its image cannot be pulled or its process never begins", async () => {
    const { world, outcome } = await makeRunner({ seconds: 40 });
    const missing = await runTask(world, { taskDefinition: await register(world, "v9", {}, false) });
    outcome.failsToStart = "ResourceInitializationError: unable to pull secrets";
    const broken = await runTask(world, { taskDefinition: "shop:1" });
    await world.forSeconds(90);

    expect(await task(world, missing)).toMatchObject({
      stopCode: "TaskFailedToStart",
      stoppedReason: expect.stringMatching(/^CannotPullContainerError: .*shop:v9: not found$/),
    });
    expect(await task(world, broken)).toMatchObject({ stoppedReason: outcome.failsToStart });
    for (const stopped of [missing, broken]) {
      expect((await task(world, stopped))?.containers?.[0]).not.toHaveProperty("exitCode");
    }
  });

  it("is killed by StopTask, unless it is done within the stop timeout", async () => {
    const { world, outcome, exited } = await makeRunner({ seconds: 60 });
    const killed = await runTask(world, {});
    await world.forSeconds(50);
    await stop(world, killed);
    await world.forSeconds(60);

    expect(exited).toEqual([]);
    expect(await task(world, killed)).toMatchObject({
      stopCode: "UserInitiated",
      containers: [{ exitCode: 137 }],
    });

    outcome.seconds = 20;
    const nearlyDone = await runTask(world, {});
    await world.kernel.runWhile(() => statusOf(world, nearlyDone) !== "RUNNING", world.kernel.now + 60_000);
    await world.forSeconds(15);
    await stop(world, nearlyDone);
    await world.forSeconds(30);

    expect(exited).toEqual([nearlyDone.taskArn]);
    expect(await task(world, nearlyDone)).toMatchObject({
      stopCode: "UserInitiated",
      containers: [{ exitCode: 0 }],
    });
  });
});

describe("RunTask", () => {
  it("answers the same token with the same task, and refuses it for anything else", async () => {
    const { world, launches } = await makeRunner({ seconds: 40 });
    const request = { clientToken: "rb-1:migrate", overrides: DOWNGRADE };
    const first = await runTask(world, request);
    const second = await runTask(world, request);

    expect(second.taskArn).toBe(first.taskArn);
    await expect(runTask(world, { ...request, count: 2 })).rejects.toMatchObject({
      name: "ConflictException",
      resourceIds: [first.taskArn],
    });
    await world.forSeconds(120);
    expect(launches).toHaveLength(1);
  });

  it("forgets a token with its tasks, so that it runs them again", async () => {
    const { world, launches } = await makeRunner({ seconds: 40 });
    await runTask(world, { clientToken: "t" });
    await world.forSeconds(2 * 3600);
    await runTask(world, { clientToken: "t" });
    await world.forSeconds(120);

    expect(launches).toHaveLength(2);
  });

  it("reports what does not fit as a failure, not as an exception", async () => {
    const { world } = await makeRunner({ seconds: 40 }, {}, 1);
    const command = new ecs.RunTaskCommand({ ...oneTask, taskDefinition: "shop", count: 2 });
    const { tasks, failures } = await world.run(() => world.ecs.send(command));

    expect(tasks).toHaveLength(1);
    expect(failures).toMatchObject([{ reason: expect.stringMatching(/^Capacity is unavailable/) }]);
  });

  it.each<[string, Partial<ecs.RunTaskRequest>, RegExp]>([
    [
      "awsvpc without a network",
      { networkConfiguration: undefined },
      /Network Configuration must be provided/,
    ],
    [
      "a strategy beside a launch type",
      { capacityProviderStrategy: [{ capacityProvider: "FARGATE" }] },
      /both/,
    ],
    ["an override of no container", { overrides: { containerOverrides: [{ name: "x" }] } }, /named x is not/],
    ["tags of a service", { propagateTags: "SERVICE" }, /SERVICE/],
    ["a strange startedBy", { startedBy: "rollback:1" }, /startedBy/],
    ["a long token", { clientToken: "x".repeat(65) }, /clientToken/],
    ["too many", { count: 11 }, /Count/],
  ])("refuses %s", async (_, input, message) => {
    const { world } = await makeRunner({ seconds: 40 });

    await expect(runTask(world, input)).rejects.toThrow(message);
  });

  it("is refused in a region that was given nothing to run", async () => {
    const world = makeWorld();
    await world.run(() => world.ecs.send(new ecs.CreateClusterCommand({ clusterName: "shop" })));
    await register(world, "v1");

    await expect(runTask(world, {})).rejects.toThrow(ecs.UnsupportedFeatureException);
  });

  it("lists its tasks by who started them and by family, apart from the rest", async () => {
    const { world } = await makeRunner({ seconds: 400 });
    const mine = await runTask(world, { startedBy: "mine" });
    await runTask(world, { startedBy: "yours" });
    await world.forSeconds(5);
    const list = async (filter: ecs.ListTasksRequest) =>
      (await world.run(() => world.ecs.send(new ecs.ListTasksCommand({ cluster: "shop", ...filter }))))
        .taskArns;

    expect(await list({ startedBy: "mine" })).toEqual([mine.taskArn]);
    expect(await list({ family: "shop" })).toHaveLength(2);
    await stop(world, mine);
    expect(await list({ startedBy: "mine" })).toEqual([]);
    expect(await list({ startedBy: "mine", desiredStatus: "STOPPED" })).toEqual([mine.taskArn]);
  });
});

const env = (name: string, value: string) => ({ name, value });

async function makeRunner(
  changes: Partial<TaskOutcome>,
  container: Partial<ecs.ContainerDefinition> = {},
  capacity = 100,
) {
  const launches: TaskLaunch[] = [];
  const exited: string[] = [];
  const outcome: { -readonly [Key in keyof TaskOutcome]: TaskOutcome[Key] } = {
    ...{ seconds: 10, exitCode: 0, logLines: [] },
    ...changes,
  };
  const run = (launch: TaskLaunch): TaskOutcome => {
    launches.push(launch);
    return { ...outcome, exited: () => exited.push(launch.taskArn) };
  };
  const world = makeWorld({ tasks: { run }, capacity: () => capacity });
  await world.run(() => world.ecs.send(new ecs.CreateClusterCommand({ clusterName: "shop" })));
  await register(world, "v1", container);
  return { world, launches, outcome, exited };
}

function stop(world: World, { taskArn = "" }: ecs.Task): Promise<unknown> {
  return world.run(() => world.ecs.send(new ecs.StopTaskCommand({ cluster: "shop", task: taskArn })));
}

/** As the latest event says it. */
function statusOf({ events }: World, { taskArn = "" }: ecs.Task): unknown {
  return events.findLast(({ resources }) => resources.includes(taskArn))?.detail["lastStatus"];
}
