import { PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { breaker, makeStage, Stage } from "./make-stage.ts";

async function reasonOf(stage: Stage): Promise<string> {
  const { verdict } = await stage.assess();
  expect(verdict.verdict).toBe("refuse");
  return verdict.reason;
}

async function digestOfV1(stage: Stage): Promise<string> {
  return stage.digest() ?? "none";
}

describe("a target whose image", () => {
  it("is gone is refused", async () => {
    const stage = await makeStage();
    const imageDigest = await digestOfV1(stage);
    await stage.region.call("ecr", "BatchDeleteImage", {
      repositoryName: "shop",
      imageIds: [{ imageDigest }],
    });

    expect(await reasonOf(stage)).toMatch(/shop:v1 is gone.*choose another version/);
  });

  it("is archived is refused with the remedy", async () => {
    const stage = await makeStage();
    stage.region.ecr.setStatus("shop", await digestOfV1(stage), "ARCHIVED");

    expect(await reasonOf(stage)).toMatch(/ARCHIVED; restore it in ECR/);
  });

  it("lost its tag to another image is started from a copy that pins the digest", async () => {
    const stage = await makeStage();
    const digest = await digestOfV1(stage);
    stage.region.push("rebuilt", {}, "v1");

    const move = await stage.plan();
    const end = await stage.run(move);

    expect(move.details).toMatchObject({ clone: "tag-moved" });
    expect(move.warnings.join()).toContain(digest);
    expect(end.status).toBe("done");
    const running = await stage.region.tasks();
    expect(running.map((task) => task.containers?.[0]?.imageDigest)).toEqual([digest, digest, digest]);
  });

  it("is under the very task definition that runs is started from a copy too", async () => {
    const stage = new Stage();
    stage.region.push("first", {}, "latest");
    await stage.region.install({ taskDefinition: await stage.region.register("latest") });
    await stage.checkpoint("cp-1");
    stage.region.push("second", { errorRate: 1 }, "latest");
    await stage.region.update({ forceNewDeployment: true });
    await stage.region.forSeconds(300);

    const end = await stage.run(await stage.plan());

    expect(end.status).toBe("done");
    const digest = await digestOfV1(stage);
    expect((await stage.region.tasks()).map((task) => task.containers?.[0]?.imageDigest)).toEqual(
      Array.from({ length: 3 }, () => digest),
    );
  });
});

describe("a target whose task definition", () => {
  it("was deregistered is started from a copy", async () => {
    const stage = await makeStage({ inactiveGraceSeconds: [0, 0] });
    await stage.region.ecsCall("DeregisterTaskDefinition", { taskDefinition: "shop:1" });

    const move = await stage.plan();

    expect(move.details).toMatchObject({ clone: "inactive", way: "update" });
    expect(await stage.run(move)).toMatchObject({ status: "done", note: expect.stringContaining("shop:3") });
  });

  it("was deregistered is started from a copy even while ECS could go back to it by itself", async () => {
    const stage = await makeStage();
    await stage.checkpoint("cp-2");
    await stage.region.deploy("v3");
    await stage.region.forSeconds(10);
    await stage.region.ecsCall("DeregisterTaskDefinition", { taskDefinition: "shop:2" });

    expect((await stage.plan()).details).toMatchObject({ clone: "inactive", way: "update" });
  });

  it("was forgotten by AWS is registered again from the checkpoint", async () => {
    const stage = await makeStage();
    stage.region.ecs.forgetTaskDefinition((await stage.plan()).to.id);

    const move = await stage.plan();

    expect(move.details).toMatchObject({ clone: "inactive", checkpoint: "cp-1" });
    expect((await stage.run(move)).status).toBe("done");
  });

  it("was forgotten by AWS and by the ledger is refused", async () => {
    const stage = await makeStage();
    stage.checkpoints.length = 0;
    stage.region.ecs.forgetTaskDefinition((await stage.plan()).to.id);

    expect(await reasonOf(stage)).toMatch(/no longer knows the task definition shop:1/);
  });

  it("lacks the load balancer's container is refused", async () => {
    const stage = await makeStage();
    const service = await stage.region.service();
    await stage.region.ecsCall("RegisterTaskDefinition", {
      family: "shop",
      containerDefinitions: [
        {
          name: "web",
          image: `${stage.region.ecr.images.registry}/shop:v1`,
          portMappings: [{ containerPort: 80 }],
        },
      ],
    });
    expect(service.loadBalancers?.[0]?.containerName).toBe("app");

    const { verdict } = await stage.assess({ components: { api: "shop:3" } });

    expect(verdict).toMatchObject({
      verdict: "refuse",
      reason: expect.stringContaining("container app with port 8080"),
    });
  });
});

describe("a service that", () => {
  it("does not exist is refused", async () => {
    expect(await reasonOf(new Stage())).toContain("was not found");
  });

  it.each(["CODE_DEPLOY", "EXTERNAL"] as const)("is deployed by %s is refused", async (type) => {
    const stage = new Stage();
    await stage.region.install({ deploymentController: { type } });

    expect(await reasonOf(stage)).toMatch(/deployed by/);
  });

  it("is scaled to 0 or has no circuit breaker is rolled back with a warning", async () => {
    const stage = await makeStage({ service: {} });
    await stage.region.update({ desiredCount: 0 });
    await stage.region.forSeconds(120);

    const move = await stage.plan();

    expect(move.warnings.join()).toMatch(/set, not proven.*no deployment circuit breaker/);
    expect(await stage.run(move)).toMatchObject({
      status: "done",
      note: expect.stringContaining("not proven"),
    });
  });

  it("has deployment alarms gets them quieted, unless one is in ALARM already", async () => {
    const stage = new Stage();
    const alarms = { alarmNames: ["shop-errors"], enable: true, rollback: true };
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

    expect((await stage.plan()).details).toMatchObject({ quietAlarms: true });
    const inAlarm = { AlarmName: "shop-errors", StateValue: "ALARM" as const, StateReason: "test" };
    await stage.clients.cloudwatch.send(new SetAlarmStateCommand(inAlarm));
    expect((await stage.plan()).details).toMatchObject({ quietAlarms: false });
  });
});
