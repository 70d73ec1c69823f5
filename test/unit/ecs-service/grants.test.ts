import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { describe, expect, it } from "vitest";
import { Component, type Environment } from "../../../lambdas/contracts/environment.ts";
import type { EcsServiceComponent } from "../../../lambdas/contracts/kinds/ecs-service.ts";
import type { PolicyStatement } from "../../../lib/region/service-model.ts";
import { installScaling } from "../../../lib/region/services/application-auto-scaling/install-scaling.ts";
import { grantKeepEcsService, grantMoveEcsService } from "../../../lib/stack/components/ecs-service.ts";
import type { Grant } from "../../../lib/stack/components/registry.ts";
import { makeBlueGreenStage } from "./make-blue-green-stage.ts";
import { configuration, makeStage } from "./make-stage.ts";
import { ROLE, SCHEDULE } from "./scheduled-stage.ts";

const FULL: EcsServiceComponent = {
  ...configuration,
  autoScaling: true,
  notice: { function: "arn:aws:lambda:eu-west-1:123456789012:function:notice", seconds: 5 },
  connectedTasks: {
    families: ["worker"],
    rules: ["nightly"],
    schedules: ["digest", "jobs/digest"],
    scheduleRoles: [ROLE],
  },
};

/** A task that runs while this service is paused. */
const migrationOf = (service: string) =>
  Component.parse({
    kind: "task",
    cluster: "shop",
    taskDefinition: "migrate",
    container: "app",
    command: ["migrate"],
    when: "while-paused",
    services: [service],
  });

/** The statements that a grant adds to a role, as they are deployed. */
function statementsOf(
  component: EcsServiceComponent,
  grant: Grant<"ecs-service"> = grantMoveEcsService,
  neighbours: Environment["components"] = { api: component, migrate: migrationOf("api") },
): PolicyStatement[] {
  const app = new App({ context: { "@aws-cdk/core:enablePartitionLiterals": true } });
  const stack = new Stack(app, "Stack", { env: { account: "123456789012", region: "eu-west-1" } });
  const role = new Role(stack, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  grant(stack, role, component, neighbours);
  const policies = Template.fromStack(stack).findResources("AWS::IAM::Policy");
  return Object.values(policies).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

const actionsOf = (statements: readonly PolicyStatement[]) =>
  statements.flatMap(({ Action }) => Action ?? []);

describe("the mover's permissions", () => {
  it("are enough to pause everything, to resume and to go back again", async () => {
    const stage = await makeStage({ tasks: { run: () => ({ seconds: 900, exitCode: 0, logLines: [] }) } });
    stage.configuration = FULL;
    await installScaling(stage.operate, { cluster: "shop", service: "shop", min: 2, max: 9, cpuTarget: 50 });
    await stage.operate("events", "PutRule", { Name: "nightly", ScheduleExpression: "rate(1 day)" });
    await stage.operate("scheduler", "CreateScheduleGroup", { Name: "jobs" });
    for (const GroupName of ["default", "jobs"]) {
      await stage.operate("scheduler", "CreateSchedule", { ...SCHEDULE, Name: "digest", GroupName });
    }
    const container = { name: "app", image: `${stage.region.ecr.images.registry}/shop:v1` };
    const worker = { family: "worker", containerDefinitions: [container] };
    await stage.region.ecsCall("RegisterTaskDefinition", worker);
    const task = { cluster: "shop", taskDefinition: "worker", launchType: "EC2" };
    await stage.region.ecsCall("RunTask", task);
    await stage.region.forSeconds(90);
    stage.restrictTo(statementsOf(FULL));

    const move = await stage.plan();
    const ends = [await stage.run(move, ["prepare"]), await stage.run(move, ["pause"])];
    ends.push(await stage.run(move, ["resume", "confirm"]), await stage.run(move, ["revert"]));

    expect(ends.map(({ status, note }) => (status === "done" ? status : note))).toEqual(
      Array(4).fill("done"),
    );
    const rules = ["DisableRule", "EnableRule"];
    const mutations = ["StopTask", ...rules, "UpdateSchedule", "RegisterScalableTarget", "Invoke"];
    for (const operation of mutations) expect(stage.mutations(operation)).not.toEqual([]);
  });

  it("write the named schedules only, and pass to them exactly the named roles", () => {
    const schedule = (name: string) => `arn:aws:scheduler:eu-west-1:123456789012:schedule/${name}`;

    const statements = statementsOf(FULL).filter(({ Condition, Action }) =>
      JSON.stringify([Action, Condition]).includes("scheduler"),
    );

    expect(statements).toEqual([
      ...["scheduler:GetSchedule", "scheduler:UpdateSchedule"].map((Action) => ({
        Effect: "Allow",
        Action,
        Resource: [schedule("default/digest"), schedule("jobs/digest")],
      })),
      {
        Effect: "Allow",
        Action: "iam:PassRole",
        Resource: ROLE,
        Condition: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
      },
    ]);
  });

  it("are enough to go back by CodeDeploy, and to be taken back", async () => {
    const stage = await makeBlueGreenStage({ terminationWaitMinutes: 5, seconds: 1_000 });
    stage.restrictTo(statementsOf(stage.configuration));
    const move = await stage.plan();
    expect(await stage.run(move)).toMatchObject({ status: "done" });
    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    stage.entries.clear();
    await stage.region.forSeconds(600);

    await stage.run(await stage.plan(), ["pause"]);
    const end = await stage.run(await stage.plan(), ["resume", "confirm"]);

    expect(end).toMatchObject({ status: "done" });
    const mutations = ["CreateDeployment", "StopDeployment", "ContinueDeployment"];
    for (const operation of mutations) expect(stage.mutations(operation)).not.toEqual([]);
  });

  it("do not grow with what the environment does not speak of", () => {
    const plain = actionsOf(statementsOf(configuration)).join(" ");

    expect(plain).not.toMatch(/codedeploy|autoscaling|events:|scheduler:|lambda:|StopTask/);
    expect(actionsOf(statementsOf(FULL)).join(" ")).not.toMatch(/codedeploy|\*/);
  });

  it("let it look at the load balancer only where something stops it", () => {
    const look = "elasticloadbalancing:DescribeTargetHealth";
    const other = { api: configuration, web: { ...configuration }, migrate: migrationOf("web") };

    expect(actionsOf(statementsOf(configuration))).toContain(look);
    expect(actionsOf(statementsOf(configuration, grantMoveEcsService, other))).not.toContain(look);
  });

  it("never change anything on *", () => {
    const everything = [FULL, { ...FULL, codeDeploy: { application: "a", deploymentGroup: "g" } }];

    for (const statement of everything.flatMap((component) => statementsOf(component))) {
      if (statement.Resource !== "*") continue;
      expect([statement.Action].flat().join(" ")).not.toMatch(
        /Update|Stop|Put|Register|Create|Enable|Disable|Invoke/,
      );
    }
  });

  it("of the keeper tag images of the named repositories again, and delete none", () => {
    const repository = "arn:aws:ecr:eu-west-1:123456789012:repository/shop";

    expect(statementsOf(configuration, grantKeepEcsService)).toEqual([
      {
        Effect: "Allow",
        Action: ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:PutImage"],
        Resource: repository,
      },
    ]);
    expect(statementsOf({ ...configuration, repositories: [] }, grantKeepEcsService)).toEqual([]);
  });
});
