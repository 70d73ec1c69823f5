import { describe, expect, it } from "vitest";
import { makeTaskStage } from "../task/make-task-stage.ts";
import { byEpoch, byFlush, bySnapshot, type CacheStage, EPOCH, makeCacheStage } from "./make-cache-stage.ts";

const BACK = ["switch-intended", "switched"];
const UNKNOWN = ["switch-intended"];
const TAKEN_BACK = [...BACK, "reverted"];

/** The services of the cache write to `data`, whose journal says this when the rollback ends early. */
async function moveOf(stage: CacheStage, clean: typeof byEpoch, steps: readonly string[]) {
  const move = { ...(await stage.plan(clean)), waitsFor: ["data"] };
  for (const step of steps) await stage.journal.write("data", step, {});
  return move;
}

describe("a cache that was not reached when a rollback ends early", () => {
  it.each([BACK, UNKNOWN])("is cleaned when users are, or may be, on other data: %j", async (...steps) => {
    const stage = makeCacheStage();
    const move = await moveOf(stage, byEpoch, steps);

    expect(await stage.run(move, ["tidy"])).toMatchObject({ status: "done", verb: "cutOver" });
    await stage.run(move, ["tidy"]);
    expect(stage.ssm.read(EPOCH)?.value).toBe("8");
  });

  it.each([[["prepare-began"]], [TAKEN_BACK], [[]]])(
    "stays as it is when the data does: %j",
    async (steps) => {
      const stage = makeCacheStage();
      const move = await moveOf(stage, byEpoch, steps);

      expect(await stage.run(move, ["tidy"])).toMatchObject({ status: "done", verb: "tidy" });
      expect(stage.ssm.read(EPOCH)?.value).toBe("7");
    },
  );

  it("is emptied by its task, once, when that is how it is cleaned", async () => {
    const tasks = await makeTaskStage();
    const stage = makeCacheStage({ tasks });
    const move = await moveOf(stage, byFlush, BACK);

    expect(await stage.run(move, ["tidy"])).toMatchObject({ status: "done", verb: "cutOver" });
    await stage.run(move, ["tidy"]);
    expect(tasks.launches).toMatchObject([{ command: ["flush-all"] }]);
  });

  it("is left to people, who are told, when its copy is not in use yet", async () => {
    const stage = makeCacheStage();
    stage.cache.install.snapshot("shop", "automatic.shop-1");
    await stage.pass(600);
    const planned = await stage.plan(bySnapshot, { cut: stage.kernel.date() });
    const move = { ...planned, waitsFor: ["data"] };
    await stage.run(move, ["prepare"]);
    for (const step of BACK) await stage.journal.write("data", step, {});

    const end = await stage.run(move, ["tidy"]);

    expect(end).toMatchObject({ status: "done", verb: "tidy" });
    expect(end.note).toContain(`Start again with scope ["${move.component}"]`);
  });
});
