import { ValidationException } from "@aws-sdk/client-scheduler";
import { describe, expect, it } from "vitest";
import { START } from "../ecs/make-region.ts";
import type { Stage } from "./make-stage.ts";
import {
  addressOf,
  edit,
  makeScheduledStage,
  pauseFor,
  ROLE,
  SCHEDULE,
  settingsOf,
  updates,
} from "./scheduled-stage.ts";

/** Long ago, some time after `longAfter`. */
const BEGUN = new Date(START + 600_000);
const longAfter = (stage: Stage) => stage.region.forSeconds(1_000);

describe("schedules that cannot be put back", () => {
  it("that cannot be taken back are told by name, the others come back, and the service does too", async () => {
    const stage = await makeScheduledStage({ digest: {}, "jobs/digest": {} });
    const move = await stage.plan(undefined, "hold");
    await stage.run(move, ["pause"]);
    await edit(stage, "digest", { Target: { ...SCHEDULE.Target, RoleArn: `${ROLE}-other` } });

    const end = await stage.run(move, ["resume", "confirm"]);

    expect(end.status).toBe("done");
    expect(end.note).toMatch(/Still disabled, enable it yourself: digest \(its target uses .*jobs-other now/);
    // The report names it as not put right, and `stepback finish` tries again.
    expect(stage.entries.get("left")?.facts).toEqual({ what: "the schedule digest" });
    expect(await settingsOf(stage, "jobs/digest")).toMatchObject({ State: "ENABLED" });
    await edit(stage, "digest", { Target: SCHEDULE.Target });
    expect((await stage.run(move, ["tidy"])).note).not.toContain("Still disabled");
    expect(stage.entries.get("left")?.facts).toEqual({ what: "" });
    expect(await settingsOf(stage, "digest")).toMatchObject({ State: "ENABLED" });
  });

  it.each(["GetSchedule", "UpdateSchedule"])(
    "that may not be taken back are told: %s is denied",
    async (operation) => {
      const stage = await makeScheduledStage({ digest: {} });
      const move = await stage.plan(undefined, "hold");
      await stage.run(move, ["pause"]);
      stage.faults.add({ operation, effect: "access-denied", times: 1 });

      const end = await stage.run(move, ["resume", "confirm"]);

      expect(end).toMatchObject({
        status: "done",
        note: expect.stringContaining("Still disabled, enable it yourself: digest ("),
      });
      expect((await stage.run(move, ["tidy"])).note).not.toContain("Still disabled");
      expect(await settingsOf(stage, "digest")).toMatchObject({ State: "ENABLED" });
    },
  );

  it("that AWS refuses to take back are told in AWS's words, once a verb", async () => {
    const stage = await makeScheduledStage({ digest: {} });
    const move = await stage.plan(undefined, "hold");
    await stage.run(move, ["pause"]);
    stage.clients.scheduler.middlewareStack.add((next, { commandName }) => async (args) => {
      if (commandName !== "UpdateScheduleCommand") return next(args);
      throw new ValidationException({ message: "no", Message: "no", $metadata: { requestId: "r-1" } });
    });

    const end = await stage.run(move, ["resume", "confirm"]);

    expect(end).toMatchObject({
      status: "done",
      note: expect.stringContaining(
        "Still disabled, enable it yourself: digest (AWS said ValidationException: no (request r-1)).",
      ),
    });
  });
});

describe("a pause fails before it touches a schedule", () => {
  const key = "arn:aws:kms:eu-west-1:123456789012:key/k";
  const soon = new Date(START + 3_600_000);
  const other = { ...SCHEDULE.Target, RoleArn: `${ROLE}-other` };

  it.each([
    ["uses a role that is not named", { Target: other }, /uses the role .*jobs-other, which is not among/],
    ["is encrypted with a key of yours", { KmsKeyArn: key }, /is encrypted with .*key\/k/],
    ["begins during the pause", { StartDate: soon }, /begins at 2026-11-21T10:00:00.000Z/],
    ["began long ago, which AWS refuses", { StartDate: BEGUN }, /5 minutes ago/],
  ])("that %s", async (_why, settings, note) => {
    const stage = await makeScheduledStage({ good: {}, digest: settings });
    await longAfter(stage);
    const before = await settingsOf(stage, "digest");
    const move = await stage.plan();

    const end = await stage.run(move, ["pause"]);

    expect(end).toMatchObject({ status: "failed", code: "NOT_UNDOABLE", touched: false });
    expect(end.note).toMatch(note);
    expect(await settingsOf(stage, "digest")).toEqual(before);
    expect(stage.mutations("UpdateService")).toEqual([]);
    await stage.run(move, ["tidy"]);
    expect(await settingsOf(stage, "good")).toMatchObject({ State: "ENABLED" });
  });

  it("that AWS does not let be written, for its role may be gone", async () => {
    const stage = await makeScheduledStage({ digest: {} });
    stage.clients.scheduler.middlewareStack.add((next, { commandName }) => async (args) => {
      if (commandName !== "UpdateScheduleCommand") return next(args);
      throw new ValidationException({ message: "no role", Message: "no role", $metadata: {} });
    });

    const end = await stage.run(await stage.plan(), ["pause"]);

    expect(end).toMatchObject({
      code: "NOT_UNDOABLE",
      note: expect.stringMatching(/^The schedule digest could not be put back as it is.*no role/),
    });
    expect(await settingsOf(stage, "digest")).toMatchObject({ State: "ENABLED" });
  });

  it("that does not exist", async () => {
    const stage = await makeScheduledStage({ digest: {} });
    await stage.operate("scheduler", "DeleteSchedule", addressOf("digest"));

    const end = await stage.run(await stage.plan(), ["pause"]);

    expect(end).toMatchObject({
      code: "NOT_ACTIVE",
      note: "The schedule digest does not exist; correct the environment.",
    });
  });

  it("that could be disabled and not enabled again", async () => {
    const settings = { digest: { StartDate: BEGUN } };
    const stage = await makeScheduledStage(settings, { updateTakesPastStart: "while-disabled" });
    await longAfter(stage);

    const end = await stage.run(await stage.plan(undefined, "hold"), ["pause"]);

    expect(end).toMatchObject({ code: "NOT_UNDOABLE", note: expect.stringContaining("5 minutes ago") });
    expect(await settingsOf(stage, "digest")).toMatchObject({ State: "ENABLED" });
  });
});

describe("a schedule that began long ago", () => {
  it("is disabled and enabled with its start where AWS takes that", async () => {
    const settings = {
      digest: { StartDate: BEGUN },
      "jobs/far": { StartDate: new Date(START + 9e8) },
    };
    const stage = await makeScheduledStage(settings, { updateTakesPastStart: "always" });
    await longAfter(stage);
    const before = await settingsOf(stage, "digest");

    expect(await pauseFor(stage, 60)).toMatchObject({ status: "done" });

    expect(await settingsOf(stage, "digest")).toEqual(before);
    expect(updates(stage)).toEqual(["ENABLED", "DISABLED", "DISABLED", "ENABLED", "ENABLED"]);
  });
});
