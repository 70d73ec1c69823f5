import type {
  CreateDeploymentInput,
  CreateDeploymentOutput,
  GetDeploymentOutput,
} from "@aws-sdk/client-codedeploy";
import { installDeploymentGroup } from "../services/codedeploy/install-deployment-group.ts";
import { BOARDROOM, type Component, listenerArn, serviceName, targetGroupName } from "./boardroom-names.ts";
import type { Installation } from "./install-boardroom.ts";
import type { CodeDeployOptions } from "./service-options.ts";

/** How long a pipeline leaves the traffic with the old tasks at most: then CodeDeploy stops its deployment. */
const READY_WAIT_MINUTES = 60;
const LOOK_MS = 5_000;

/** Where CodeDeploy deploys a service of the sample application. */
export function deploymentGroupOf(component: Component) {
  return { application: "boardroom", deploymentGroup: serviceName(component) } as const;
}

/** Creates the application and the deployment group of a service, with its deployment alarms when it has some. */
export async function installCodeDeploy(
  { context, call, deploymentConfiguration }: Installation,
  component: Component,
  { traffic = "all-at-once", keepsOldMinutes = 0, testsSeconds }: CodeDeployOptions,
): Promise<void> {
  const { application, deploymentGroup } = deploymentGroupOf(component);
  const nameOf = (alternate: boolean) => targetGroupName(component, alternate).split("/")[1] ?? "";
  const { alarmNames = [], enable, rollback = false } = deploymentConfiguration?.alarms ?? {};
  const alarms = alarmNames.map((name) => ({ name }));
  await installDeploymentGroup(call, {
    application,
    group: deploymentGroup,
    serviceRoleArn: `arn:aws:iam::${context.account}:role/boardroom-codedeploy`,
    cluster: BOARDROOM.cluster,
    service: serviceName(component),
    targetGroups: [nameOf(false), nameOf(true)],
    listenerArn: listenerArn(context),
    deploymentConfigName: CONFIGURATIONS[traffic],
    terminationWaitMinutes: keepsOldMinutes,
    ...(testsSeconds === undefined ? {} : { readyWaitMinutes: READY_WAIT_MINUTES }),
    ...(enable ? { alarmConfiguration: { enabled: true, alarms } } : {}),
    ...(rollback
      ? { autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_STOP_ON_ALARM"] } }
      : {}),
  });
}

/** Has CodeDeploy deploy a task definition, as a release pipeline does, which then tests it where the traffic waits for that. */
export async function deployByPipeline(
  { context, call }: Installation,
  component: Component,
  taskDefinition: string,
  { testsSeconds }: CodeDeployOptions,
): Promise<void> {
  const { application, deploymentGroup } = deploymentGroupOf(component);
  const request: CreateDeploymentInput = {
    applicationName: application,
    deploymentGroupName: deploymentGroup,
    revision: { revisionType: "AppSpecContent", appSpecContent: { content: appSpecOf(taskDefinition) } },
  };
  const { deploymentId }: CreateDeploymentOutput = await call("codedeploy", "CreateDeployment", request);
  if (testsSeconds === undefined) return;
  context.kernel.launch(`pipeline of ${deploymentId}`, async () => {
    const status = async () => {
      const answer: GetDeploymentOutput = await call("codedeploy", "GetDeployment", { deploymentId });
      return answer.deploymentInfo?.status ?? "";
    };
    while (!["Ready", "Succeeded", "Failed", "Stopped"].includes(await status())) {
      await context.kernel.sleep(LOOK_MS);
    }
    await context.kernel.sleep(testsSeconds * 1_000);
    if ((await status()) === "Ready") await call("codedeploy", "ContinueDeployment", { deploymentId });
  });
}

const CONFIGURATIONS = {
  "all-at-once": "CodeDeployDefault.ECSAllAtOnce",
  canary: "CodeDeployDefault.ECSCanary10Percent5Minutes",
} as const satisfies Record<NonNullable<CodeDeployOptions["traffic"]>, string>;

function appSpecOf(taskDefinition: string): string {
  const balancer = { ContainerName: BOARDROOM.container, ContainerPort: BOARDROOM.port };
  const properties = { TaskDefinition: taskDefinition, LoadBalancerInfo: balancer };
  const target = { Type: "AWS::ECS::Service", Properties: properties };
  return JSON.stringify({ version: 0.0, Resources: [{ TargetService: target }] });
}
