import * as codedeploy from "@aws-sdk/client-codedeploy";
import { describe, expect, it } from "vitest";
import type { PolicyStatement } from "../../../../lib/region/service-model.ts";
import { readAppSpec } from "../../../../lib/region/services/codedeploy/app-spec.ts";
import { installDeploymentGroup } from "../../../../lib/region/services/codedeploy/install-deployment-group.ts";
import { GROUPS, installShop, makeWorld } from "./make-world.ts";

const CODEDEPLOY = "arn:aws:codedeploy:eu-west-1:123456789012";
const which = { applicationName: "shop", deploymentGroupName: "main" };
const YAML = `
version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: "shop:1"
        LoadBalancerInfo:
          ContainerName: "app"
          ContainerPort: 8080
`;

describe("an AppSpec", () => {
  it("is read from YAML and from JSON alike", () => {
    const asJson = JSON.stringify({
      version: 0.0,
      Resources: [
        {
          TargetService: {
            Type: "AWS::ECS::Service",
            Properties: {
              TaskDefinition: "shop:1",
              LoadBalancerInfo: { ContainerName: "app", ContainerPort: 8080 },
            },
          },
        },
      ],
    });

    expect(readAppSpec(YAML)).toMatchObject({
      taskDefinition: "shop:1",
      containerName: "app",
      containerPort: 8080,
    });
    expect(readAppSpec(asJson)).toEqual(readAppSpec(YAML));
  });

  it.each([
    ["nonsense", "{", /neither/],
    ["another version", YAML.replace("0.0", "1.0"), /version/],
    ["another platform", YAML.replace("AWS::ECS::Service", "AWS::Lambda::Function"), /Type/],
    ["no task definition", YAML.replace("TaskDefinition", "Task"), /TaskDefinition/],
    ["no port", YAML.replace("ContainerPort: 8080", ""), /ContainerPort/],
    ["no resource", "version: 0.0\nResources: []", /one resource/],
    ["a strange section", `${YAML}\nTargets: []`, /Targets/],
  ])("is refused with %s", (_, content, message) => {
    expect(() => readAppSpec(content)).toThrow(expect.objectContaining({ code: "InvalidRevisionException" }));
    expect(() => readAppSpec(content)).toThrow(message);
  });

  it("with hooks is refused, because they are not modelled", () => {
    expect(() => readAppSpec(`${YAML}\nHooks:\n  - BeforeInstall: check`)).toThrow(
      /does not model AppSpec hooks/,
    );
  });
});

describe("CreateDeployment", () => {
  const revision = { revisionType: "AppSpecContent", appSpecContent: { content: YAML } } as const;
  const allow = (action: string, Resource: string): PolicyStatement => ({
    Effect: "Allow",
    Action: `codedeploy:${action}`,
    Resource,
  });
  const needed = [
    allow("CreateDeployment", `${CODEDEPLOY}:deploymentgroup:shop/main`),
    allow("GetDeploymentConfig", `${CODEDEPLOY}:deploymentconfig:CodeDeployDefault.ECSAllAtOnce`),
    allow("GetApplicationRevision", `${CODEDEPLOY}:application:shop`),
    allow("RegisterApplicationRevision", `${CODEDEPLOY}:application:shop`),
  ];

  it("needs four permissions, and one more to override alarms", async () => {
    const world = await makeGroup();
    const caller = world.as(...needed);
    const create = (input: Partial<codedeploy.CreateDeploymentInput> = {}) =>
      world.run(() =>
        caller.codedeploy.send(new codedeploy.CreateDeploymentCommand({ ...which, revision, ...input })),
      );

    await expect(create({ overrideAlarmConfiguration: { enabled: false } })).rejects.toThrow(
      /codedeploy:UpdateDeploymentGroup on resource: .*deploymentgroup:shop\/main/,
    );
    expect((await create()).deploymentId).toMatch(/^d-[A-Z0-9]{9}$/);
  });

  it.each(needed.map((statement) => [String(statement.Action), statement] as const))(
    "is denied without %s",
    async (action, statement) => {
      const world = await makeGroup();
      const caller = world.as(...needed.filter((other) => other !== statement));
      const command = new codedeploy.CreateDeploymentCommand({ ...which, revision });

      await expect(world.run(() => caller.codedeploy.send(command))).rejects.toThrow(action);
    },
  );

  it.each<[string, Partial<codedeploy.CreateDeploymentInput>]>([
    ["ApplicationDoesNotExistException", { applicationName: "other" }],
    ["DeploymentGroupNameRequiredException", { deploymentGroupName: undefined }],
    ["DeploymentGroupDoesNotExistException", { deploymentGroupName: "other" }],
    ["DeploymentConfigDoesNotExistException", { deploymentConfigName: "Fast" }],
    ["RevisionRequiredException", { revision: undefined }],
    [
      "InvalidRevisionException",
      { revision: { revisionType: "AppSpecContent", appSpecContent: { content: "{}" } } },
    ],
    [
      "InvalidRevisionException",
      { revision: { ...revision, appSpecContent: { content: YAML, sha256: "00" } } },
    ],
    ["InvalidAutoRollbackConfigException", { autoRollbackConfiguration: { enabled: true } }],
    ["InvalidAlarmConfigException", { overrideAlarmConfiguration: { enabled: true, alarms: [] } }],
  ])("answers %s", async (name, input) => {
    const world = await makeGroup();
    const command = new codedeploy.CreateDeploymentCommand({ ...which, revision, ...input });

    await expect(world.run(() => world.codedeploy.send(command))).rejects.toMatchObject({ name });
  });

  it("refuses to read a deployment that never was", async () => {
    const world = await makeGroup();
    const get = (deploymentId: string) =>
      world.run(() => world.codedeploy.send(new codedeploy.GetDeploymentCommand({ deploymentId })));

    await expect(get("d-ABCDEF123")).rejects.toThrow(codedeploy.DeploymentDoesNotExistException);
    await expect(get("42")).rejects.toThrow(codedeploy.InvalidDeploymentIdException);
  });
});

describe("CreateDeploymentGroup", () => {
  it("refuses a service that ECS itself deploys", async () => {
    await expect(makeGroup("ECS")).rejects.toMatchObject({
      code: "InvalidECSServiceException",
      message: expect.stringMatching(/CODE_DEPLOY deployment controller/),
    });
  });
});

async function makeGroup(controller: "CODE_DEPLOY" | "ECS" = "CODE_DEPLOY") {
  const world = makeWorld();
  await installShop(world, { deploymentController: { type: controller } });
  await installDeploymentGroup(world.call, {
    application: "shop",
    group: "main",
    serviceRoleArn: "arn:aws:iam::123456789012:role/codedeploy",
    cluster: "shop",
    service: "shop",
    targetGroups: GROUPS,
    listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shop/1/2",
    terminationWaitMinutes: 5,
  });
  return world;
}
