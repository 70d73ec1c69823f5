import { PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { breaker, Stage } from "./make-stage.ts";

const alarms = { alarmNames: ["shop-errors"], enable: true, rollback: true };

/** A service guarded by a deployment alarm that is not in ALARM, running the bad `v2`. */
async function makeGuardedStage(): Promise<Stage> {
  const stage = new Stage();
  await stage.clients.cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: "shop-errors",
      Namespace: "Shop",
      MetricName: "Errors",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanThreshold",
    }),
  );
  await stage.region.install({ deploymentConfiguration: { ...breaker.deploymentConfiguration, alarms } });
  // Its bake time, during which the alarms are watched.
  await stage.region.forSeconds(600);
  await stage.checkpoint("cp-1");
  await stage.region.deploy("v2");
  await stage.region.forSeconds(600);
  return stage;
}

const setAlarm = (stage: Stage, StateValue: "OK" | "ALARM") =>
  stage.clients.cloudwatch.send(
    new SetAlarmStateCommand({ AlarmName: "shop-errors", StateValue, StateReason: "test" }),
  );

const alarmsOf = async (stage: Stage) => (await stage.region.service()).deploymentConfiguration?.alarms;

describe("deployment alarms", () => {
  it("are off while the rollback runs, so that one that fires late cannot undo it, and on again after", async () => {
    const stage = await makeGuardedStage();
    const before = (await stage.region.service()).deploymentConfiguration;
    const move = await stage.plan();
    await stage.driver().tick("cutOver", move);
    expect(await alarmsOf(stage)).toEqual({ ...alarms, enable: false, rollback: false });
    await stage.region.forSeconds(20);
    await setAlarm(stage, "ALARM");

    const end = await stage.run(move);

    expect(end.status).toBe("done");
    expect((await stage.region.service()).deploymentConfiguration).toEqual(before);
  });

  it("are looked at again at the moment of acting", async () => {
    const stage = await makeGuardedStage();
    await setAlarm(stage, "ALARM");
    const move = await stage.plan();
    expect(move.details["quietAlarms"]).toBe(false);
    await setAlarm(stage, "OK");

    await stage.driver().tick("cutOver", move);

    expect(await alarmsOf(stage)).toMatchObject({ enable: false });
  });

  it.each([
    ["RESTORED_BY_ECS", async (stage: Stage) => stage.region.setRelease("v1", { crashAfterSeconds: 2 })],
    ["TOO_SLOW", async (stage: Stage) => stage.region.setRelease("v1", { startSeconds: 2_000 })],
  ])("are on again after %s", async (code, spoil) => {
    const stage = await makeGuardedStage();
    const move = await stage.plan();
    await spoil(stage);

    expect(await stage.run(move)).toMatchObject({ status: "failed", code });
    expect(await alarmsOf(stage)).toEqual(alarms);
  });

  it("are on again after somebody else's deployment took over", async () => {
    const stage = await makeGuardedStage();
    const move = await stage.plan();
    await stage.driver().tick("cutOver", move);
    await stage.region.forSeconds(8);
    const fix = await stage.region.deploy("fix");

    expect(await stage.run(move)).toMatchObject({ code: "SUPERSEDED" });
    expect(await alarmsOf(stage)).toEqual(alarms);
    expect((await stage.region.history()).at(-1)?.serviceDeploymentArn).toBe(fix);
  });

  it.each(["revert", "tidy"] as const)(
    "are on again after %s of a rollback that was killed",
    async (verb) => {
      const stage = await makeGuardedStage();
      const move = await stage.plan();
      await stage.driver().tick("cutOver", move);
      await stage.region.forSeconds(8);

      expect(await stage.run(move, [verb])).toMatchObject({ status: "done" });
      expect(await alarmsOf(stage)).toEqual(alarms);
    },
  );

  it("stay as somebody set them meanwhile", async () => {
    const stage = await makeGuardedStage();
    const move = await stage.plan();
    await stage.driver().tick("cutOver", move);
    const chosen = { alarmNames: ["other"], enable: true, rollback: false };
    const { deploymentConfiguration } = await stage.region.service();
    await stage.region.update({ deploymentConfiguration: { ...deploymentConfiguration, alarms: chosen } });

    expect((await stage.run(move)).status).toBe("done");
    expect(await alarmsOf(stage)).toEqual(chosen);
  });
});
