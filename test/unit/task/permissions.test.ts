import { RunTaskCommand } from "@aws-sdk/client-ecs";
import { ModifyRuleCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateReplicationGroupCommand, DeleteReplicationGroupCommand } from "@aws-sdk/client-elasticache";
import { describe, expect, it } from "vitest";
import { grantAssessCache, grantMoveCache } from "../../../lib/stack/components/cache.ts";
import { grantAssessMaintenance, grantMoveMaintenance } from "../../../lib/stack/components/maintenance.ts";
import { grantAssessTask, grantMoveTask } from "../../../lib/stack/components/task.ts";
import { byEpoch, bySnapshot, makeCacheStage } from "../cache/make-cache-stage.ts";
import { makeMaintenanceStage } from "../maintenance/make-maintenance-stage.ts";
import { register } from "../region/containers/make-world.ts";
import { makeTask, makeTaskStage } from "./make-task-stage.ts";
import { statementsOf } from "./statements-of.ts";

const task = makeTask();
const taskPolicy = [
  ...statementsOf((scope, grantee) => grantAssessTask(scope, grantee, task, {})),
  ...statementsOf((scope, grantee) => grantMoveTask(scope, grantee, task)),
];
const cachePolicy = [byEpoch, bySnapshot].flatMap((cache) =>
  statementsOf((scope, grantee) => {
    grantAssessCache(scope, grantee, cache, {});
    grantMoveCache(scope, grantee, cache, {});
  }),
);
const denied = { name: expect.stringMatching(/^AccessDenied/) };

describe("what running a task is granted", () => {
  it("is enough, to the last line of the log", async () => {
    const stage = await makeTaskStage({ policy: taskPolicy, exitCode: 1, logLines: ["no such revision"] });

    expect((await stage.run(await stage.plan(task))).note).toContain('"no such revision"');
  });

  it("runs no other family and in no other cluster", async () => {
    const stage = await makeTaskStage({ policy: taskPolicy });
    await register(stage.world, "v2");
    const definition = { family: "other", containerDefinitions: [{ name: "app", image: "any" }] };
    await stage.world.call("ecs", "RegisterTaskDefinition", definition);
    const run = (taskDefinition: string, cluster: string) =>
      stage.ecs.send(new RunTaskCommand({ cluster, taskDefinition }));

    await expect(run("other:1", "shop")).rejects.toMatchObject(denied);
    await expect(run("shop:1", "elsewhere")).rejects.toMatchObject(denied);
  });
});

describe("what cleaning a cache is granted", () => {
  it("is enough for a new epoch, and for a copy that is made, used, or thrown away", async () => {
    const stage = makeCacheStage({ policy: cachePolicy });
    expect(await stage.run(await stage.plan(byEpoch))).toMatchObject({ status: "done" });
    stage.entries.clear();
    stage.cache.install.snapshot("shop", "automatic.shop-1");
    const move = await stage.plan(bySnapshot, { cut: stage.kernel.date() });
    await stage.run(move, ["prepare"]);
    expect(await stage.run(move, ["discard"])).toMatchObject({ status: "done" });
    stage.entries.clear();
    expect(await stage.run(move)).toMatchObject({ status: "done", verb: "confirm" });
  });

  it("neither deletes the cache in use nor one with a look-alike name, and makes none of another name", async () => {
    const stage = makeCacheStage({ policy: cachePolicy });
    stage.cache.install.replicationGroup({ id: "shop-sb-live", tags: {} });
    const remove = (ReplicationGroupId: string) =>
      stage.clients.elasticache.send(new DeleteReplicationGroupCommand({ ReplicationGroupId }));
    const make = stage.clients.elasticache.send(
      new CreateReplicationGroupCommand({
        ReplicationGroupId: "other",
        ReplicationGroupDescription: "other",
        Engine: "valkey",
        CacheNodeType: "cache.t4g.small",
      }),
    );

    await expect(make).rejects.toMatchObject(denied);
    await expect(remove("shop")).rejects.toMatchObject(denied);
    await expect(remove("shop-sb-live")).rejects.toMatchObject(denied);
  });
});

describe("what maintenance mode is granted", () => {
  const rules = { policy: policyFor("rules") };

  it.each(["rules", "store", "parameter"] as const)(
    "is enough to show a page by %s and to hide it",
    async (kind) => {
      const stage = makeMaintenanceStage({ policy: policyFor(kind) });
      const move = await stage.plan(stage.components[kind]);

      expect(await stage.run(move, ["cutOver", "confirm"])).toMatchObject({ status: "done" });
      expect(await stage.run(move, ["tidy"])).toMatchObject({ status: "done" });
    },
  );

  it("is enough to isolate and to lift that, and changes no other rule", async () => {
    const stage = makeMaintenanceStage(rules);
    const move = await stage.plan(undefined, { authorization: "security" });
    expect(await stage.run(move)).toMatchObject({ status: "done" });
    const lift = await stage.plan(undefined, { target: { components: { it: "open" } } });
    expect(await stage.run(lift)).toMatchObject({ status: "done" });

    const other = `${stage.httpRule.slice(0, -4)}dead`;
    const modify = stage.clients.balancing.send(new ModifyRuleCommand({ RuleArn: other, Conditions: [] }));
    await expect(modify).rejects.toMatchObject(denied);
  });
});

function policyFor(
  kind: "rules" | "store" | "parameter",
): NonNullable<NonNullable<Parameters<typeof makeMaintenanceStage>[0]>["policy"]> {
  return ({ components }) =>
    statementsOf((scope, grantee) => {
      grantAssessMaintenance(scope, grantee, components[kind]);
      grantMoveMaintenance(scope, grantee, components[kind]);
    });
}
