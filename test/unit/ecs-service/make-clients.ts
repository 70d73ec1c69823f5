import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import * as lambda from "@aws-sdk/client-lambda";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { ServiceModel } from "../../../lib/region/service-model.ts";
import { elasticLoadBalancingService } from "../../../lib/region/services/elastic-load-balancing/elastic-load-balancing-service.ts";
import type { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";
import { ALTERNATE_GROUP, TARGET_GROUP, type TestRegion } from "../ecs/make-region.ts";

/** The clients that Stepback reaches AWS by. */
export function clientsOf(endpoint: Endpoint, region: string, accessKeyId: string) {
  const settings = {
    region,
    credentials: { accessKeyId, secretAccessKey: "any" },
    maxAttempts: 1,
    requestHandler: new InProcessHandler(endpoint),
  };
  return {
    ecs: new ECSClient(settings),
    ecr: new ECRClient(settings),
    cloudwatch: new CloudWatchClient(settings),
    codedeploy: new CodeDeployClient(settings),
    scaling: new ApplicationAutoScalingClient(settings),
    elb: new ElasticLoadBalancingV2Client(settings),
    events: new EventBridgeClient(settings),
    lambda: new lambda.LambdaClient(settings),
    scheduler: new SchedulerClient(settings),
  };
}

/** The load balancer in front of `shop`: it sends requests to both target groups. */
export function balancingModel({ context, ecs }: TestRegion): ServiceModel {
  const { model, install } = elasticLoadBalancingService(context, {
    targetsOf: (arn) => ecs.registeredIn(arn),
    securityGroupExists: () => true,
  });
  const groups = [TARGET_GROUP, ALTERNATE_GROUP].map((arn) => {
    const [, name = "", id = ""] = arn.split("/");
    return { TargetGroupArn: install.targetGroup({ name, id, port: 8080 }), Weight: 1 };
  });
  const loadBalancerArn = install.loadBalancer({ name: "shop", securityGroups: [] });
  const ForwardConfig = { TargetGroups: groups };
  install.listener({ loadBalancerArn, defaultActions: [{ Type: "forward", ForwardConfig }] });
  return model;
}

/** Lambda with the one function that clients are told by: it writes down what it was given. */
export function noticeModel(told: unknown[]): ServiceModel {
  const client = new lambda.LambdaClient({
    region: "eu-west-1",
    credentials: { accessKeyId: "m", secretAccessKey: "m" },
  });
  return new ServiceModel("lambda", lambda, client).on(lambda.InvokeCommand, {
    accepts: ["FunctionName", "InvocationType", "Payload"],
    authorize: ({ FunctionName = "" }) => [{ action: "lambda:InvokeFunction", resource: FunctionName }],
    handle: ({ Payload }) => {
      told.push(JSON.parse(Buffer.from(Payload instanceof Uint8Array ? Payload : []).toString()));
      return { StatusCode: 202 };
    },
  });
}
