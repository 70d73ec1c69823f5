import { describe, expect, it } from "vitest";
import { installScaling } from "../../../lib/region/services/application-auto-scaling/install-scaling.ts";
import { configuration, makeStage, type Stage } from "./make-stage.ts";
import { ROLE, SCHEDULE, settingsOf } from "./scheduled-stage.ts";

const EFFECTS = ["lost-reply", "throttle"] as const;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A service with everything around it that a pause touches. */
async function makeFullStage(): Promise<Stage> {
  const stage = await makeStage();
  const notice = { function: "arn:aws:lambda:eu-west-1:123456789012:function:notice", seconds: 5 };
  const connectedTasks = { families: [], rules: ["nightly"], schedules: ["digest"], scheduleRoles: [ROLE] };
  stage.configuration = { ...configuration, autoScaling: true, notice, connectedTasks };
  await installScaling(stage.operate, { cluster: "shop", service: "shop", min: 2, max: 9, cpuTarget: 50 });
  await stage.operate("events", "PutRule", { Name: "nightly", ScheduleExpression: "rate(1 day)" });
  await stage.operate("scheduler", "CreateSchedule", { ...SCHEDULE, Name: "digest" });
  return stage;
}

/** What must hold however often the functions were killed on the way. */
async function expectPausedAndResumed(stage: Stage): Promise<void> {
  const move = await stage.plan();
  const deployments = (await stage.region.history()).length;
  const pause = await stage.run(move, ["pause"]);
  expect(pause).toMatchObject({ status: "done" });
  expect(stage.region.ecs.services.count("shop", "shop")?.executingCount).toBe(0);
  const before = stage.region.events.length;

  const end = await stage.run(move, ["resume", "confirm"]);

  expect(end).toMatchObject({ status: "done", note: expect.stringContaining("3 of 3 tasks run shop:1") });
  expect(new Set(stage.startedSince(before))).toEqual(new Set(["shop:1"]));
  expect((await stage.region.history()).length - deployments).toBe(1);
  expect(stage.told.length).toBeLessThanOrEqual(1);
  const [rule, { ScalableTargets }] = await Promise.all([
    stage.operate("events", "DescribeRule", { Name: "nightly" }),
    stage.operate("application-autoscaling", "DescribeScalableTargets", { ServiceNamespace: "ecs" }),
  ]);
  expect(rule["State"]).toBe("ENABLED");
  expect(await settingsOf(stage, "digest")).toMatchObject({
    State: "ENABLED",
    Description: SCHEDULE.Description,
  });
  expect(JSON.stringify(ScalableTargets)).toContain('"DynamicScalingOutSuspended":false');
  const { deploymentConfiguration } = await stage.region.service();
  expect(deploymentConfiguration?.deploymentCircuitBreaker?.rollback).toBe(true);
}

describe("a pause and its resume that are killed and retried anywhere", () => {
  it("end the same before whichever journal entry the function is killed", async () => {
    for (const write of numbers(14)) {
      const stage = await makeFullStage();
      stage.crashingWrites = new Set([write, write + 14]);

      await expectPausedAndResumed(stage);
    }
  }, 60_000);

  it.each(EFFECTS)(
    "end the same whichever mutation meets %s",
    async (effect) => {
      const rules = ["DisableRule", "EnableRule"];
      const repeated = { UpdateService: [0, 1, 2], UpdateSchedule: [0, 1], GetSchedule: [0, 1, 2] };
      const operations = ["RegisterScalableTarget", "Invoke", ...rules].map((one) => [one, [0]] as const);
      for (const [operation, skips] of [...operations, ...Object.entries(repeated)]) {
        for (const skip of skips) {
          const stage = await makeFullStage();
          stage.faults.add({ operation, effect, times: 2, skip });

          await expectPausedAndResumed(stage);
        }
      }
    },
    60_000,
  );
});
