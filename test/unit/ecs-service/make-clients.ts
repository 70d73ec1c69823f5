import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import * as lambda from "@aws-sdk/client-lambda";
import { ServiceModel } from "../../../lib/region/service-model.ts";
import type { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";

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
    events: new EventBridgeClient(settings),
    lambda: new lambda.LambdaClient(settings),
  };
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
