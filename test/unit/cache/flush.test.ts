import { describe, expect, it } from "vitest";
import { CacheComponent } from "../../../lambdas/contracts/kinds/cache.ts";
import { makeTaskStage } from "../task/make-task-stage.ts";
import { byFlush, makeCacheStage } from "./make-cache-stage.ts";

describe("a cache that is flushed", () => {
  it("is emptied by its task, once", async () => {
    const tasks = await makeTaskStage();
    const stage = makeCacheStage({ tasks });
    tasks.outcome.exited = () => stage.cache.caches.flush("shop");
    const move = await stage.plan(byFlush);

    expect(await stage.run(move)).toMatchObject({ status: "done", note: expect.stringContaining("emptied") });
    expect(stage.cache.caches.content("shop").size).toBe(0);
    expect(await stage.run(move)).toMatchObject({ status: "done" });
    expect(tasks.launches).toMatchObject([{ command: ["flush-all"] }]);
  });

  it("fails when its task does, and has nothing to put back", async () => {
    const tasks = await makeTaskStage();
    const stage = makeCacheStage({ tasks });
    tasks.outcome.exitCode = 1;
    const move = await stage.plan(byFlush);

    expect(await stage.run(move)).toMatchObject({ code: "TASK_FAILED", touched: true });
    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
  });

  it("is never one that may hold something that would be lost", () => {
    const clean = { way: "flush", task: "flush" };
    const accepts = (more: object) =>
      CacheComponent.safeParse({ kind: "cache", clean: { ...clean, ...more } }).success;

    expect([accepts({}), accepts({ ephemeral: false }), accepts({ ephemeral: true })]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it("refuses when its task could not be run", async () => {
    const stage = makeCacheStage({ tasks: await makeTaskStage() });

    expect((await stage.assess(byFlush, { neighbours: {} })).verdict).toMatchObject({ verdict: "refuse" });
  });
});
