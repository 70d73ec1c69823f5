import { ConflictException } from "@aws-sdk/client-scheduler";
import { describe, expect, it } from "vitest";
import { START } from "../ecs/make-region.ts";
import type { Stage } from "./make-stage.ts";
import { addressOf, edit, makeScheduledStage, pauseFor, settingsOf, updates } from "./scheduled-stage.ts";

const later = (stage: Stage, seconds: number) => new Date(stage.region.kernel.now + seconds * 1_000);
const at = (moment: Date) => `at(${moment.toISOString().slice(0, 19)})`;
const runningWorkers = async (stage: Stage) =>
  (await stage.region.ecsCall("ListTasks", { cluster: "shop", family: "worker" }))["taskArns"];

describe("schedules that start writers", () => {
  it("start nothing while writers are paused, and are as they were afterwards", async () => {
    const stage = await makeScheduledStage({ digest: {}, "jobs/digest": {} });
    const before = await Promise.all(["digest", "jobs/digest"].map((name) => settingsOf(stage, name)));
    let workers: unknown;

    const end = await pauseFor(stage, 600, async () => {
      await stage.region.forSeconds(599);
      workers = await runningWorkers(stage);
    });

    expect(workers).toEqual([]);
    expect(end).toMatchObject({
      status: "done",
      note: expect.stringMatching(/what was due then did not run: digest \(09:/),
    });
    expect(updates(stage)).toEqual(["DISABLED", "DISABLED", "ENABLED", "ENABLED"]);
    const after = await Promise.all(["digest", "jobs/digest"].map((name) => settingsOf(stage, name)));
    expect(after).toEqual(before);
    await stage.region.forSeconds(180);
    expect(await runningWorkers(stage)).not.toEqual([]);
  });

  it("are waited for until nothing that was due before can still come", async () => {
    const stage = await makeScheduledStage({ digest: {} });
    const move = await stage.plan(undefined, "hold");

    await stage.run(move, ["pause"]);

    const disabled = stage.endpoint.calls.find(({ operation }) => operation === "UpdateSchedule");
    expect(stage.region.kernel.now - (disabled?.at ?? 0)).toBeGreaterThanOrEqual(60_000);
    expect(await runningWorkers(stage)).toEqual([]);
  });

  it("that were disabled before stay so", async () => {
    const stage = await makeScheduledStage({ digest: { State: "DISABLED" } });

    const end = await pauseFor(stage, 60);

    expect(end).toMatchObject({ status: "done" });
    expect(end.note).not.toContain("digest");
    expect(updates(stage)).toEqual([]);
  });

  it("keep what somebody changed while they were disabled", async () => {
    const stage = await makeScheduledStage({ digest: {} });

    await pauseFor(stage, 60, () =>
      edit(stage, "digest", { ScheduleExpression: "cron(0 4 * * ? *)", Description: undefined }),
    );

    const { Description, ...settings } = await settingsOf(stage, "digest");
    expect(settings).toMatchObject({ State: "ENABLED", ScheduleExpression: "cron(0 4 * * ? *)" });
    expect(Description).toBeUndefined();
  });

  it("come back when a rollback is tidied up, and when writers never stopped", async () => {
    for (const ticks of [2, 200]) {
      const stage = await makeScheduledStage({ digest: {}, "jobs/digest": {} });
      const move = await stage.plan();
      await stage.run(move, ["pause"], ticks).catch(() => undefined);
      expect(updates(stage)).toContain("DISABLED");

      expect(await stage.run(move, ["tidy"])).toMatchObject({ status: "done" });

      for (const name of ["digest", "jobs/digest"]) {
        expect(await settingsOf(stage, name)).toMatchObject({ State: "ENABLED" });
      }
    }
  });

  it("come back when somebody deleted the service meanwhile", async () => {
    const stage = await makeScheduledStage({ digest: {} });
    const move = await stage.plan();
    await stage.run(move, ["pause"]);
    await stage.region.ecsCall("DeleteService", { cluster: "shop", service: "shop", force: true });
    await stage.region.forSeconds(300);

    expect(await stage.run(move, ["tidy"])).toMatchObject({
      status: "done",
      note: expect.stringContaining("is gone"),
    });

    expect(await settingsOf(stage, "digest")).toMatchObject({ State: "ENABLED" });
  });

  it("that are being changed at this moment are tried again", async () => {
    const stage = await makeScheduledStage({ digest: {} });
    let conflicts = 2;
    stage.clients.scheduler.middlewareStack.add((next, { commandName }) => async (args) => {
      if (commandName !== "UpdateScheduleCommand" || conflicts-- <= 0) return next(args);
      throw new ConflictException({ message: "busy", Message: "busy", $metadata: { httpStatusCode: 409 } });
    });

    expect(await pauseFor(stage, 60)).toMatchObject({ status: "done" });

    expect(updates(stage)).toEqual(["DISABLED", "ENABLED"]);
  });

  it("that are gone when they should come back are told", async () => {
    const stage = await makeScheduledStage({ digest: {} });

    const end = await pauseFor(stage, 60, async () => {
      await stage.operate("scheduler", "DeleteSchedule", addressOf("digest"));
    });

    expect(end).toMatchObject({
      status: "done",
      note: expect.stringContaining("Gone since they were disabled: digest."),
    });
  });
});

describe("a one-time schedule", () => {
  const makeOnce = (seconds: number, settings: object = {}) =>
    makeScheduledStage({
      digest: { ScheduleExpression: at(new Date(START + seconds * 1_000)), ...settings },
    });

  it("whose moment is after the pause comes then", async () => {
    const stage = await makeOnce(4 * 3_600);

    expect((await pauseFor(stage, 60)).note).not.toContain("Left disabled");

    expect(await settingsOf(stage, "digest")).toMatchObject({ State: "ENABLED" });
    await stage.region.forSeconds(4 * 3_600);
    expect(stage.mutations("UpdateSchedule")).toHaveLength(2);
  });

  it("whose moment comes while writers are paused stays disabled, and people are told", async () => {
    const stage = await makeOnce(3_600, { ActionAfterCompletion: "DELETE" });

    const end = await pauseFor(stage, 2 * 3_600);

    const due = new Date(START + 3_600_000).toISOString().slice(0, 16);
    expect(end).toMatchObject({
      status: "done",
      note: expect.stringContaining(`only you know whether they shall run: digest (due ${due}Z)`),
    });
    expect(updates(stage)).toEqual(["DISABLED"]);
    expect(await settingsOf(stage, "digest")).toMatchObject({ State: "DISABLED" });
    expect(await runningWorkers(stage)).toEqual([]);
  });

  it("whose moment somebody puts off meanwhile comes then", async () => {
    const stage = await makeOnce(3_600);

    const end = await pauseFor(stage, 2 * 3_600, () =>
      edit(stage, "digest", { ScheduleExpression: at(later(stage, 9 * 3_600)) }),
    );

    expect(end.note).not.toContain("Left disabled");
    expect(await settingsOf(stage, "digest")).toMatchObject({ State: "ENABLED" });
  });

  it("that has just run and deletes itself is no mistake of the environment", async () => {
    const stage = await makeOnce(520, { ActionAfterCompletion: "DELETE" });
    await stage.region.forSeconds(521 - (stage.region.kernel.now - START) / 1_000);
    const move = await stage.plan();

    expect(await stage.run(move, ["pause"])).toMatchObject({ status: "done" });

    expect(updates(stage)).toEqual([]);
    const gone = stage.operate("scheduler", "GetSchedule", addressOf("digest"));
    await expect(gone).rejects.toMatchObject({ code: "ResourceNotFoundException" });
    expect(stage.mutations("StopTask")).toHaveLength(1);
  });

  it("that is over is left alone, and what it just started is stopped", async () => {
    const stage = await makeOnce(520);
    await stage.region.forSeconds(520 - (stage.region.kernel.now - START) / 1_000 + 5);

    const end = await pauseFor(stage, 60);

    expect(updates(stage)).toEqual([]);
    expect(stage.mutations("StopTask")).toHaveLength(1);
    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("not started again: worker") });
  });
});
