import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as ecr from "@aws-sdk/client-ecr";
import * as ecs from "@aws-sdk/client-ecs";
import * as eventbridge from "@aws-sdk/client-eventbridge";
import * as lambda from "@aws-sdk/client-lambda";
import * as s3 from "@aws-sdk/client-s3";
import * as scheduler from "@aws-sdk/client-scheduler";
import * as sfn from "@aws-sdk/client-sfn";
import * as sns from "@aws-sdk/client-sns";
import * as sqs from "@aws-sdk/client-sqs";
import * as sts from "@aws-sdk/client-sts";
import type { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";

/** Settings under which a client adds as little of its own to a request as it can. */
export function plainSettings(requestHandler: InProcessHandler) {
  return {
    region: "eu-west-1",
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
    maxAttempts: 1,
    requestHandler,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    disableRequestCompression: true,
    disableHostPrefix: true,
    accountId: "123456789012",
  } as const;
}

/** SQS's client would take the queue URL for the endpoint, and verify MD5 sums of messages. */
export const plainQueueSettings = { useQueueUrlAsEndpoint: false, md5: false } as const;

/** Every SDK client that the project has, by signing name. */
export const sdkClients = {
  monitoring: { sdk: cloudwatch, Client: cloudwatch.CloudWatchClient },
  logs: { sdk: logs, Client: logs.CloudWatchLogsClient },
  dynamodb: { sdk: dynamodb, Client: dynamodb.DynamoDBClient },
  ecr: { sdk: ecr, Client: ecr.ECRClient },
  ecs: { sdk: ecs, Client: ecs.ECSClient },
  events: { sdk: eventbridge, Client: eventbridge.EventBridgeClient },
  scheduler: { sdk: scheduler, Client: scheduler.SchedulerClient },
  lambda: { sdk: lambda, Client: lambda.LambdaClient },
  s3: { sdk: s3, Client: s3.S3Client },
  states: { sdk: sfn, Client: sfn.SFNClient },
  sns: { sdk: sns, Client: sns.SNSClient },
  sqs: { sdk: sqs, Client: sqs.SQSClient },
  sts: { sdk: sts, Client: sts.STSClient },
} as const;
