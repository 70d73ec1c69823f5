import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SNSClient } from "@aws-sdk/client-sns";
import type { LockKey } from "../../../lambdas/contracts/lock.ts";
import { LedgerTable } from "../../../lambdas/platform/ledger/ledger-table.ts";
import { Region } from "../../../lib/region/region.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";
import { makeTableProperties } from "../dynamodb/make-dynamodb.ts";

const account = "111122223333";
const regionName = "eu-west-1";
export const start = new Date("2026-11-21T01:01:00Z");
export const bucket = "reports";
export const topic = `arn:aws:sns:${regionName}:${account}:announcements`;

/** The simulated region with a ledger, a bucket and a topic, and the operator's SDK clients of it. */
export async function makeStepRegion() {
  const region = new Region({ account, region: regionName, seed: 1, start: start.getTime() });
  const { kernel, endpoint } = region;
  const run = <T>(work: () => Promise<T>): Promise<T> => kernel.complete(kernel.activity("test", work));
  const create = async (service: string, type: string, properties: Readonly<Record<string, unknown>>) => {
    const model = endpoint.services.find((candidate) => candidate.signingName === service);
    const resource = model?.resources.get(type);
    if (!resource) throw new Error(`${service} provides no ${type}`);
    return resource.create("Test", properties);
  };
  await create("dynamodb", "AWS::DynamoDB::GlobalTable", {
    ...makeTableProperties(),
    Replicas: [{ Region: regionName }],
  });
  await create("s3", "AWS::S3::Bucket", { BucketName: bucket });
  await create("sns", "AWS::SNS::Topic", { TopicName: "announcements" });

  const settings = {
    region: regionName,
    credentials: { accessKeyId: "operator", secretAccessKey: "any" },
    maxAttempts: 1,
    requestHandler: new InProcessHandler(endpoint),
  };
  const dynamodb = new DynamoDBClient(settings);
  const ledger = new LedgerTable(dynamodb, { table: "ledger", environment: "prod" });
  return {
    region,
    run,
    ledger,
    bucket,
    topic,
    application: "shop",
    environment: "prod",
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    sns: new SNSClient(settings),
    sfn: new SFNClient(settings),
    clock: () => kernel.date(),
    /** Inputs of the calls of an operation that went well, oldest first. */
    inputsOf: (operation: string): readonly Readonly<Record<string, unknown>>[] =>
      endpoint.calls
        .filter((call) => call.operation === operation && call.outcome === "ok")
        .map((call) => call.input),
    /** The lock as the workflow writes it; held until 01:30 unless told. */
    holdLock: (
      owner: string,
      execution: string,
      leaseUntil = new Date("2026-11-21T01:30:00Z"),
      key: LockKey = "lock",
    ) =>
      run(() =>
        dynamodb.send(
          new PutItemCommand({
            TableName: "ledger",
            Item: {
              ...ledger.keyOf(key),
              owner: { S: owner },
              execution: { S: execution },
              eventId: { S: "event-9" },
              fence: { N: "4" },
              leaseUntil: { N: String(leaseUntil.getTime() / 1_000) },
            },
          }),
        ),
      ),
  };
}

export type StepRegion = Awaited<ReturnType<typeof makeStepRegion>>;
