import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { Checkpoint, checkpointKey } from "../../contracts/ledger.ts";
import { journalOf } from "../../platform/ledger/journal-of.ts";
import { ledgerOf } from "../../platform/ledger/ledger-of.ts";
import { CLIENT_OPTIONS, type Platform } from "../../platform/platform.ts";
import type { MakeDriver, MakeKeeper, MakeObserver, MakeVersionReader } from "../component.ts";
import { ecsServiceDriver } from "./driver.ts";
import { ecsServiceKeeper } from "./keep.ts";
import { ecsServiceObserver } from "./observe.ts";
import { ecsServiceVersionReader } from "./observe-version.ts";

const clientsOf = ({ clock, region, setting }: Platform) => ({
  ecs: new ECSClient(CLIENT_OPTIONS),
  ecr: new ECRClient(CLIENT_OPTIONS),
  cloudwatch: new CloudWatchClient(CLIENT_OPTIONS),
  codedeploy: new CodeDeployClient(CLIENT_OPTIONS),
  scheduler: new SchedulerClient(CLIENT_OPTIONS),
  clock,
  region,
  account: setting("account"),
});

/** ECS services at run time: one export a use, so that a function carries only what it needs. */
export const ecsServiceObserving: MakeObserver<"ecs-service"> = (platform) =>
  ecsServiceObserver(clientsOf(platform));

export const ecsServiceReading: MakeVersionReader<"ecs-service"> = () =>
  ecsServiceVersionReader({ ecs: new ECSClient(CLIENT_OPTIONS) });

export const ecsServiceKeeping: MakeKeeper<"ecs-service"> = ({ region, setting }) =>
  ecsServiceKeeper({ ecr: new ECRClient(CLIENT_OPTIONS), region, account: setting("account") });

export const ecsServiceMoving: MakeDriver = (platform) => {
  const clients = {
    ...clientsOf(platform),
    scaling: new ApplicationAutoScalingClient(CLIENT_OPTIONS),
    elb: new ElasticLoadBalancingV2Client(CLIENT_OPTIONS),
    events: new EventBridgeClient(CLIENT_OPTIONS),
    lambda: new LambdaClient(CLIENT_OPTIONS),
  };
  const ledger = ledgerOf(platform);
  return (request) =>
    ecsServiceDriver({
      ...clients,
      rollbackId: request.rollbackId,
      journal: journalOf(platform, request),
      checkpointOf: (id) => ledger.get(checkpointKey(id), Checkpoint),
    });
};
