import type { Service, TaskSet } from "@aws-sdk/client-ecs";
import { installDeploymentGroup } from "../../../lib/region/services/codedeploy/install-deployment-group.ts";
import { configuration, Stage } from "./make-stage.ts";

const GROUP = { application: "shop", deploymentGroup: "shop-blue-green" };

/** The service `shop` under CodeDeploy: `v1` proven, `v2` deployed as far as told. */
export async function makeBlueGreenStage({
  seconds = 300,
  terminationWaitMinutes = 0,
  readyWaitMinutes,
}: {
  readonly seconds?: number;
  readonly terminationWaitMinutes?: number;
  readonly readyWaitMinutes?: number;
} = {}): Promise<Stage> {
  const stage = new Stage({ inactiveGraceSeconds: [0, 0] });
  stage.configuration = { ...configuration, codeDeploy: GROUP };
  await stage.region.install({ deploymentController: { type: "CODE_DEPLOY" } });
  await installDeploymentGroup(stage.operate, {
    application: GROUP.application,
    group: GROUP.deploymentGroup,
    serviceRoleArn: "arn:aws:iam::123456789012:role/codedeploy",
    cluster: "shop",
    service: "shop",
    targetGroups: ["shop", "shop-alt"],
    listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shop/1/2",
    terminationWaitMinutes,
    ...(readyWaitMinutes === undefined ? {} : { readyWaitMinutes }),
  });
  await stage.checkpoint("cp-1");
  stage.region.push("v2", { errorRate: 0.5 });
  await deploy(stage, await stage.region.register("v2"));
  await stage.region.forSeconds(seconds);
  return stage;
}

/** Has CodeDeploy begin to deploy a task definition, as a release pipeline would. */
export async function deploy(stage: Stage, TaskDefinition: string): Promise<void> {
  const LoadBalancerInfo = { ContainerName: "app", ContainerPort: 8080 };
  const TargetService = { Type: "AWS::ECS::Service", Properties: { TaskDefinition, LoadBalancerInfo } };
  const content = JSON.stringify({ version: 0.0, Resources: [{ TargetService }] });
  await stage.operate("codedeploy", "CreateDeployment", {
    applicationName: GROUP.application,
    deploymentGroupName: GROUP.deploymentGroup,
    revision: { revisionType: "AppSpecContent", appSpecContent: { content } },
  });
}

/** What serves, as `shop:1`. */
export async function nameOfServing(stage: Stage): Promise<string | undefined> {
  return serving(await stage.region.service())?.taskDefinition?.split("/")[1];
}

const serving = ({ taskSets }: Service): TaskSet | undefined =>
  taskSets?.find(({ status }) => status === "PRIMARY");
