import { DeregisterTaskDefinitionCommand, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import { EcsServiceComponent } from "../../../lambdas/contracts/kinds/ecs-service.ts";
import type { TaskComponent } from "../../../lambdas/contracts/kinds/task.ts";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import { makeRollbackRecord } from "../domain/make-rollback-record.ts";
import { installShop, register } from "../region/containers/make-world.ts";
import { makeTask, makeTaskStage } from "./make-task-stage.ts";

const undo = { container: "app", command: ["alembic", "upgrade", "42"], environment: {} };
const shop = EcsServiceComponent.parse({ kind: "ecs-service", cluster: "shop", service: "shop" });
const runOf = (move: Move | undefined) => move?.details["run"];

describe("planning a task", () => {
  it("takes the revision that its service runs now, not the newest one, and the service's network", async () => {
    const stage = await makeTaskStage();
    const { world } = stage;
    await installShop(world);
    const running = await register(world, "v2");
    await world.run(() =>
      world.ecs.send(new UpdateServiceCommand({ cluster: "shop", service: "shop", taskDefinition: running })),
    );
    const newest = await register(world, "v3");

    const task = makeTask({ taskDefinition: "shop", services: ["api"], subnets: [] });
    const { move, verdict } = await stage.assess(task, { neighbours: { api: shop } });

    expect(newest).not.toBe(running);
    expect(verdict).toMatchObject({ verdict: "roll-back", kind: "task" });
    expect(runOf(move)).toMatchObject({
      taskDefinition: running,
      subnets: ["subnet-1"],
      securityGroups: ["sg-1"],
    });
    expect(move).toMatchObject({ tier: "data", verbs: ["cutOver"], to: { id: `run:${running}` } });
  });

  it("warns when none of its services runs the family, and when the target is relative", async () => {
    const stage = await makeTaskStage();
    const task = makeTask({ taskDefinition: "shop", command: ["sh", "-c", "alembic downgrade -1"] });
    const { warnings } = await stage.plan(task);

    expect(warnings).toEqual([
      expect.stringMatching(/shop:1, the newest revision/),
      expect.stringMatching(/-1 is relative: it runs twice as far/),
      expect.stringMatching(/declares no undo/),
    ]);
  });

  it("warns of nothing when the revision is exact, the target is named and an undo is declared", async () => {
    const stage = await makeTaskStage();

    expect((await stage.plan(makeTask({ undo }))).warnings).toEqual([]);
  });

  it.each<[string, Partial<TaskComponent>, RegExp]>([
    ["its cluster is missing", { cluster: "elsewhere" }, /cluster elsewhere does not exist/],
    ["its task definition is missing", { taskDefinition: "shop:9" }, /shop:9 does not exist/],
    ["the container is missing", { container: "worker" }, /no container worker; it has app/],
    ["it has no network", { subnets: [] }, /needs subnets/],
    ["its undo could not be run", { undo: { ...undo, container: "worker" } }, /its undo could not be run/],
    ["its overrides are too long", { command: Array<string>(10).fill("x".repeat(999)) }, /8,192 characters/],
  ])("refuses when %s", async (_, overrides, reason) => {
    const stage = await makeTaskStage();
    const { verdict, move } = await stage.assess(makeTask(overrides));

    expect(move).toBeUndefined();
    expect(verdict).toMatchObject({ verdict: "refuse", reason: expect.stringMatching(reason) });
  });

  it("refuses a deregistered task definition, and a role that may not be passed", async () => {
    const stage = await makeTaskStage();
    const { world } = stage;
    await world.run(() => world.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: "shop:1" })));
    expect((await stage.assess()).verdict.reason).toMatch(/shop:1 is INACTIVE/);

    const executionRoleArn = "arn:aws:iam::123456789012:role/execution";
    const role = { family: "shop", executionRoleArn, containerDefinitions: [{ name: "app", image: "any" }] };
    await world.call("ecs", "RegisterTaskDefinition", role);
    const second = { taskDefinition: "shop:2", subnets: [] };
    expect((await stage.assess(makeTask(second))).verdict.reason).toContain(executionRoleArn);
    const allowed = makeTask({ ...second, taskRoles: [executionRoleArn] });
    expect((await stage.assess(allowed)).verdict.verdict).toBe("roll-back");
  });
});

describe("planning the undo of a task", () => {
  const target = { components: { it: "not-run" } };

  it("runs the declared undo in the revision that was run, whatever its service runs by now", async () => {
    const stage = await makeTaskStage();
    const task = makeTask({ taskDefinition: "shop", undo });
    const forward = await stage.plan(task);
    await register(stage.world, "v2");
    const past = [makeRollbackRecord({ moves: [{ ...recorded(forward), took: {} }] })];

    const move = await stage.plan(task, { target, past });
    expect(move.to.id).toBe("not-run");
    expect(runOf(move)).toMatchObject({
      taskDefinition: expect.stringMatching(/shop:1$/),
      command: ["alembic", "upgrade", "42"],
    });
    expect(await stage.run(move)).toMatchObject({ status: "done" });
    expect(stage.launches.map(({ command }) => command[1])).toEqual(["upgrade"]);
  });

  it("refuses when it changed data and declares no undo, and when nobody knows in which revision it ran", async () => {
    const stage = await makeTaskStage();

    expect((await stage.assess(makeTask(), { target })).verdict).toMatchObject({
      verdict: "refuse",
      reason: expect.stringMatching(/declares no undo/),
    });
    expect((await stage.assess(makeTask({ undo }), { target })).verdict).toMatchObject({
      verdict: "refuse",
      reason: expect.stringMatching(/nobody knows in which revision/),
    });
    expect((await stage.assess(makeTask({ changesData: false }), { target })).verdict.verdict).toBe(
      "nothing-to-do",
    );
  });
});

const recorded = ({ component, kind, tier, from, to }: Move) => ({ component, kind, tier, from, to });
