import { describe, expect, it } from "vitest";
import { makeTask, makeTaskStage } from "./make-task-stage.ts";

const undo = { container: "app", command: ["alembic", "upgrade", "42"], environment: {} };

describe("running a task", () => {
  it("runs the command once, in the planned revision, and says done with exit code 0", async () => {
    const stage = await makeTaskStage();
    const move = await stage.plan(makeTask({ environment: { STEPS: "all" } }));

    expect(await stage.run(move)).toMatchObject({
      status: "done",
      note: expect.stringMatching(/ended with exit code 0\.$/),
    });
    expect(stage.launches).toMatchObject([
      { command: ["alembic", "downgrade", "41"], environment: { STEPS: "all" } },
    ]);
    expect(stage.launches[0]?.taskDefinition).toMatch(/task-definition\/shop:1$/);
    expect([...stage.entries.values()].map(({ step }) => step)).toContain("cut-over-done");
    expect(await stage.run(move)).toMatchObject({ status: "done" });
    expect(stage.launches).toHaveLength(1);
  });

  it("fails with its exit code and its last five lines, cut and without control characters", async () => {
    const logLines = ["one", "two", "three", "four", "\u001b[31mfive", "x".repeat(900)];
    const stage = await makeTaskStage({ exitCode: 3, logLines });
    const end = await stage.run(await stage.plan());

    expect(end).toMatchObject({ status: "failed", code: "TASK_FAILED", touched: true });
    expect(end.note).toContain("exit code 3");
    expect(end.note).toContain(`"two" "three" "four" "[31mfive" "${"x".repeat(200)}"`);
    expect(end.note).not.toContain("one");
    expect(JSON.stringify([...stage.entries.values()])).not.toContain("three");
  });

  it("fails untouched when its process never begins, with the reason that ECS gives", async () => {
    const stage = await makeTaskStage({
      failsToStart: "ResourceInitializationError: unable to pull secrets",
    });

    expect(await stage.run(await stage.plan())).toMatchObject({
      code: "TASK_FAILED",
      touched: false,
      note: expect.stringMatching(/never started: .*unable to pull secrets, TaskFailedToStart/),
    });
  });

  it("waits for room in the cluster, and gives up untouched when there is none for long", async () => {
    const stage = await makeTaskStage({ capacity: 0 });
    const move = await stage.plan();
    const full = await stage.run(move);

    expect(full).toMatchObject({
      code: "TASK_FAILED",
      touched: false,
      note: expect.stringMatching(/Capacity/),
    });
    stage.room.tasks = 1;
    expect(await stage.run(move)).toMatchObject({ status: "done" });
    expect(stage.launches).toHaveLength(1);
  });

  it("leaves a task running that is late, and says so", async () => {
    const stage = await makeTaskStage({ seconds: 3_000 });
    const move = await stage.plan(makeTask({ deadlineMinutes: 5 }));

    expect(await stage.run(move)).toMatchObject({
      code: "TOO_SLOW",
      touched: true,
      note: expect.stringContaining("left running"),
    });
    expect(stage.endpoint.calls.map(({ operation }) => operation)).not.toContain("StopTask");
  });

  it("does not know the end of a task that ECS has forgotten, and does not run it again", async () => {
    const stage = await makeTaskStage();
    const move = await stage.plan();
    await stage.driver().tick("cutOver", move);
    await stage.world.forSeconds(3 * 3_600);

    expect(await stage.run(move)).toMatchObject({ code: "END_UNKNOWN", touched: true });
    expect(await stage.run(move)).toMatchObject({ code: "END_UNKNOWN" });
    expect(stage.launches).toHaveLength(1);
  });

  it("does not ask again with a token that ECS may have forgotten", async () => {
    const stage = await makeTaskStage();
    const move = await stage.plan();
    stage.faults.add({ operation: "RunTask", times: 1, effect: "lost-reply" });
    await expect(stage.driver().tick("cutOver", move)).rejects.toMatchObject({ name: "AwsBusy" });
    await stage.world.forSeconds(3 * 3_600);

    expect(await stage.run(move)).toMatchObject({ code: "END_UNKNOWN", touched: true });
    expect(stage.accepted()).toBe(1);
    expect(stage.launches).toHaveLength(1);
  });

  it("runs again what is declared safe to repeat", async () => {
    const stage = await makeTaskStage();
    const move = await stage.plan(makeTask({ safeToRepeat: true }));
    await stage.driver().tick("cutOver", move);
    await stage.world.forSeconds(3 * 3_600);

    expect(await stage.run(move)).toMatchObject({ status: "done" });
    expect(stage.launches).toHaveLength(2);
  });

  it("passes on what ECS refuses in its own words", async () => {
    const stage = await makeTaskStage();
    const move = await stage.plan();
    const broken = {
      ...move,
      details: { ...move.details, run: { ...(move.details["run"] as object), subnets: [] } },
    };

    expect(await stage.run(broken)).toMatchObject({
      code: "REFUSED_BY_AWS",
      touched: false,
      note: expect.stringContaining("Network Configuration must be provided"),
    });
  });
});

describe("taking a task back", () => {
  it("runs the declared undo once, also after the task failed", async () => {
    const stage = await makeTaskStage({ exitCode: 1 });
    const move = await stage.plan(makeTask({ undo }));
    await stage.run(move);
    stage.outcome.exitCode = 0;

    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    expect(stage.launches.map(({ command }) => command[1])).toEqual(["downgrade", "upgrade"]);
  });

  it("waits for the end of a task that was cut off before it is undone", async () => {
    const stage = await makeTaskStage({ seconds: 60 });
    const move = await stage.plan(makeTask({ undo }));
    await stage.driver().tick("cutOver", move);
    await stage.run(move, ["revert"]);
    const [down, up] = stage.launches;

    expect((up?.startedAt ?? 0) - (down?.startedAt ?? 0)).toBeGreaterThanOrEqual(60_000);
  });

  it("starts nothing when nothing was started", async () => {
    const stage = await makeTaskStage();
    const move = await stage.plan(makeTask({ undo }));

    for (const verb of ["revert", "tidy"] as const) {
      expect(await stage.run(move, [verb])).toMatchObject({ status: "done" });
    }
    await stage.world.forSeconds(300);
    expect(stage.launches).toEqual([]);
  });

  it("cannot take back what declares no undo, unless it changes nothing", async () => {
    const stage = await makeTaskStage();
    const move = await stage.plan();
    await stage.run(move);
    expect(await stage.run(move, ["revert"])).toMatchObject({ code: "NOT_UNDOABLE", touched: true });

    const harmless = await makeTaskStage();
    const check = await harmless.plan(makeTask({ changesData: false }));
    await harmless.run(check);
    expect(await harmless.run(check, ["revert"])).toMatchObject({ status: "done" });
  });

  it("tidies by waiting for the end, so that writers do not come back in the middle", async () => {
    const stage = await makeTaskStage({ seconds: 200 });
    const move = await stage.plan();
    await stage.driver().tick("cutOver", move);
    const before = stage.kernel.now;

    expect(await stage.run(move, ["tidy"])).toMatchObject({ status: "done" });
    expect(stage.kernel.now - before).toBeGreaterThan(200_000);
    expect(stage.launches).toHaveLength(1);
  });
});
