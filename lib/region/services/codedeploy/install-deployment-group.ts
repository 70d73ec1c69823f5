import type { CreateApplicationInput, CreateDeploymentGroupInput } from "@aws-sdk/client-codedeploy";

/** Calls an operation of the region as the operator. */
type OperatorCall = (service: string, operation: string, input: object) => Promise<Record<string, unknown>>;

/** A CODE_DEPLOY service that exists, and how CodeDeploy is to deploy it. */
export interface DeploymentGroupPlan
  extends Pick<
    CreateDeploymentGroupInput,
    "alarmConfiguration" | "autoRollbackConfiguration" | "deploymentConfigName"
  > {
  readonly application: string;
  readonly group: string;
  readonly serviceRoleArn: string;
  readonly cluster: string;
  readonly service: string;
  /** Names, not ARNs. */
  readonly targetGroups: readonly [string, string];
  readonly listenerArn: string;
  /** How long blue is kept after the traffic has moved. */
  readonly terminationWaitMinutes: number;
  /** How long ContinueDeployment is waited for before the traffic moves; without it the traffic moves by itself. */
  readonly readyWaitMinutes?: number;
}

/** Creates the application and the deployment group of a service: what a stack made before a drill begins. */
export async function installDeploymentGroup(call: OperatorCall, plan: DeploymentGroupPlan): Promise<void> {
  const {
    application,
    group,
    cluster,
    service,
    listenerArn,
    terminationWaitMinutes,
    readyWaitMinutes,
    targetGroups,
    ...settings
  } = plan;
  const newApplication: CreateApplicationInput = { applicationName: application, computePlatform: "ECS" };
  await call("codedeploy", "CreateApplication", newApplication);
  const newGroup: CreateDeploymentGroupInput = {
    ...settings,
    applicationName: application,
    deploymentGroupName: group,
    ecsServices: [{ clusterName: cluster, serviceName: service }],
    deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
    blueGreenDeploymentConfiguration: {
      terminateBlueInstancesOnDeploymentSuccess: {
        action: "TERMINATE",
        terminationWaitTimeInMinutes: terminationWaitMinutes,
      },
      deploymentReadyOption:
        readyWaitMinutes === undefined
          ? { actionOnTimeout: "CONTINUE_DEPLOYMENT", waitTimeInMinutes: 0 }
          : { actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes: readyWaitMinutes },
    },
    loadBalancerInfo: {
      targetGroupPairInfoList: [
        {
          targetGroups: targetGroups.map((name) => ({ name })),
          prodTrafficRoute: { listenerArns: [listenerArn] },
        },
      ],
    },
  };
  await call("codedeploy", "CreateDeploymentGroup", newGroup);
}
