import { describe, expect, it } from "vitest";
import { loadEnvironment } from "../../lib/files/load-environment.ts";
import { type Assembly, assemblyOf } from "../support/assembly.ts";
import { grantsTo } from "../support/granted.ts";
import { makeEnvironment, makeSmallEnvironment } from "../support/make-environment.ts";

describe("an environment with one component", () => {
  const small = assemblyOf(makeSmallEnvironment());

  it("has every function and all machines, and reaches its one service only", () => {
    const mover = grantsTo(small, "FunctionsMoveEcsServiceRole");
    const services = mover.flatMap(({ resources }) => resources).filter((arn) => /:service\//.test(arn));

    expect(small.of("AWS::StepFunctions::StateMachine")).toHaveLength(3);
    expect(small.of("AWS::Lambda::Function")).toHaveLength(assemblyOf().of("AWS::Lambda::Function").length);
    expect(new Set(services)).toEqual(new Set(["arn:aws:ecs:us-east-1:444455556666:service/shop/till"]));
  });

  it("passes no role and reads no repository when it names none", () => {
    const actions = grantsTo(small, "FunctionsMoveEcsServiceRole").flatMap((grant) => grant.actions);

    expect(actions).toContain("ecs:UpdateService");
    expect(actions).not.toContain("iam:PassRole");
    expect(actions).not.toContain("ecr:DescribeImages");
  });

  it("watches itself although it has no alarms of its own", () => {
    expect(small.of("AWS::CloudWatch::Alarm").map(({ properties }) => properties["AlarmName"])).toEqual([
      "watch-small-undelivered-events",
      "watch-small-checkpoints-fail",
      "watch-small-clean-up-fails",
    ]);
  });
});

describe("the environment's policy", () => {
  it("travels in the definition: the deployed version says what it governs", () => {
    const reverting = assemblyOf(
      makeEnvironment({ policy: { onFailure: "revert", approvalExpiresMinutes: 7 } }),
    );

    expect(environmentIn(reverting)).toMatchObject({
      policy: { onFailure: "revert", approvalExpiresMinutes: 7 },
    });
    expect(environmentIn(assemblyOf())).toEqual(makeEnvironment());
    expect(
      definitionOf(reverting, "Rollback").States["Wait for the answer"].Branches[0].States[
        "Ask for approval"
      ],
    ).toMatchObject({
      TimeoutSeconds: 420,
    });
  });

  it("sets how long a release bakes, and how long its checkpoint may take", () => {
    const slow = assemblyOf(makeEnvironment({ policy: { bakeMinutes: 45 } }));

    expect(definitionOf(slow, "Checkpoint")).toMatchObject({
      TimeoutSeconds: 105 * 60,
      States: { "Let it bake": { Seconds: 45 * 60 } },
    });
  });
});

describe("looking for releases", () => {
  const schedules = (assembly: Assembly) =>
    assembly.of("AWS::Events::Rule").flatMap(({ properties }) => properties["ScheduleExpression"] ?? []);

  it("happens where frontends, secrets or parameters are released without a word", () => {
    expect(schedules(assemblyOf(loadEnvironment("complete")))).toContain("rate(15 minutes)");
  });

  it("happens where CodeDeploy deploys a service: ECS announces the deployments of its own controller only", () => {
    const codeDeploy = { application: "shop", deploymentGroup: "till" };
    const till = { kind: "ecs-service", cluster: "shop", service: "till", codeDeploy } as const;

    expect(schedules(assemblyOf(makeSmallEnvironment({ components: { till } })))).toEqual([
      "rate(15 minutes)",
    ]);
  });

  it("is not needed where all are services, whose deployments are events", () => {
    expect(schedules(assemblyOf())).toEqual([]);
  });
});

describe("the same environment in two regions", () => {
  const [home, abroad] = ["eu-west-1", "us-east-2"].map((region) => assemblyOf(makeEnvironment({ region })));

  it("is the same stack", () => {
    expect(abroad?.resources.map(({ id, type }) => [id, type])).toEqual(
      home?.resources.map(({ id, type }) => [id, type]),
    );
  });

  it("names its own region everywhere and the other one nowhere", () => {
    expect(JSON.stringify(home?.template)).not.toContain("us-east-2");
    expect(JSON.stringify(abroad?.template)).not.toContain("eu-west-1");
    expect(JSON.stringify(abroad?.template)).toContain("us-east-2");
  });
});

function definitionOf(assembly: Assembly, machine: string) {
  const { properties } = assembly.one("AWS::StepFunctions::StateMachine", machine);
  return JSON.parse(String(properties["DefinitionString"]));
}

function environmentIn(assembly: Assembly): unknown {
  return definitionOf(assembly, "Rollback").States["Plan rollback"].Arguments.Payload.environment;
}
