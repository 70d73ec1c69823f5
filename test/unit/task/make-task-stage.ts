import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CreateClusterCommand, ECSClient } from "@aws-sdk/client-ecs";
import type { Assessment, Wish } from "../../../lambdas/components/component.ts";
import { taskDriver } from "../../../lambdas/components/task/driver.ts";
import { taskObserver } from "../../../lambdas/components/task/observe.ts";
import { TaskComponent } from "../../../lambdas/contracts/kinds/task.ts";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import type { PolicyStatement } from "../../../lib/region/service-model.ts";
import type { TaskLaunch, TaskOutcome } from "../../../lib/region/services/ecs/task-program.ts";
import { makeWorld, register } from "../region/containers/make-world.ts";
import { makeClientSettings } from "./make-client-settings.ts";
import { drive, makeJournal } from "./make-journal.ts";
import { makeWish } from "./make-wish.ts";

export const makeTask = (overrides: Partial<TaskComponent> = {}): TaskComponent =>
  TaskComponent.parse({
    kind: "task",
    cluster: "shop",
    taskDefinition: "shop:1",
    container: "app",
    command: ["alembic", "downgrade", "41"],
    subnets: ["subnet-0a1b2c3d"],
    logGroup: "/shop/tasks",
    logStreamPrefix: "migrate",
    ...overrides,
  });

/** A cluster with one task definition, whose tasks end as `outcome` says, and a driver that reaches it over the wire. */
export async function makeTaskStage({
  seed = 7,
  capacity = 100,
  policy,
  ...changes
}: Partial<TaskOutcome> & {
  readonly seed?: number;
  readonly capacity?: number;
  /** What the mover's role may do; the operator's unless told. */
  readonly policy?: readonly PolicyStatement[];
} = {}) {
  const launches: TaskLaunch[] = [];
  const outcome: { -readonly [Key in keyof TaskOutcome]: TaskOutcome[Key] } = {
    ...{ seconds: 20, exitCode: 0, logLines: [] },
    ...changes,
  };
  const room = { tasks: capacity };
  const world = makeWorld({
    seed,
    capacity: () => room.tasks,
    tasks: {
      run: (launch) => {
        launches.push(launch);
        return { ...outcome };
      },
    },
  });
  const { kernel } = world;
  await world.run(() => world.ecs.send(new CreateClusterCommand({ clusterName: "shop" })));
  await register(world, "v1", {
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": "/shop/tasks", "awslogs-stream-prefix": "migrate" },
    },
  });

  const { faults, endpoint, settings } = makeClientSettings(kernel, world.endpoint.services, policy);
  const ecs = new ECSClient(settings);
  const logs = new CloudWatchLogsClient(settings);
  const { journal, entries, crashes } = makeJournal(kernel);
  const clock = () => kernel.date();
  const driver = () => taskDriver({ ecs, logs, clock, journal, rollbackId: makeWish().rollbackId });
  const assess = (configuration = makeTask(), wish: Partial<Wish> = {}): Promise<Assessment> =>
    taskObserver({ ecs }).assess(configuration, makeWish(wish));
  return {
    ...{
      world,
      kernel,
      launches,
      outcome,
      room,
      faults,
      endpoint,
      settings,
      entries,
      crashes,
      journal,
      ecs,
      logs,
      driver,
      assess,
    },
    /** The move that an assessment proposes; a verdict without one ends the test with its reason. */
    plan: async (configuration = makeTask(), wish: Partial<Wish> = {}): Promise<Move> => {
      const { move, verdict } = await assess(configuration, wish);
      if (!move) throw new Error(`${verdict.verdict}: ${verdict.reason}`);
      return move;
    },
    run: (move: Move, verbs?: Move["verbs"]) => drive({ kernel, driver }, move, verbs),
    accepted: () =>
      endpoint.calls.filter(({ operation, outcome: came }) => operation === "RunTask" && came === "ok")
        .length,
  };
}
