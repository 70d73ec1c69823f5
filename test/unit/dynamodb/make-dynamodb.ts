import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Identities } from "../../../lib/region/iam/identities.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { RegionContext } from "../../../lib/region/region-context.ts";
import type { CreatedResource, PolicyDocument } from "../../../lib/region/service-model.ts";
import { dynamoDbService } from "../../../lib/region/services/dynamodb/dynamodb-service.ts";
import type { Latency } from "../../../lib/region/wire/call-pipeline.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";

export const account = "123456789012";
export const region = "eu-west-1";
export const tableArn = `arn:aws:dynamodb:${region}:${account}:table/ledger`;

/** Properties of a table with the keys `pk` and `sk`, both strings, as CDK's TableV2 writes them. */
export function makeTableProperties(overrides: Readonly<Record<string, unknown>> = {}) {
  return {
    TableName: "ledger",
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: "S" },
      { AttributeName: "sk", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
    BillingMode: "PAY_PER_REQUEST",
    Replicas: [{ Region: region }],
    ...overrides,
  };
}

/** A region with DynamoDB alone, the table `ledger`, and the operator's client. */
export function makeDynamodb(
  options: {
    readonly seed?: number;
    readonly latency?: Latency;
    readonly table?: Readonly<Record<string, unknown>>;
  } = {},
) {
  const kernel = new Kernel({ seed: options.seed ?? 1, start: Date.parse("2026-11-21T10:00:00Z") });
  const identities = new Identities({ kernel, account, region });
  const context: RegionContext = {
    account,
    region,
    kernel,
    emit: () => undefined,
    publishMetric: () => undefined,
    call: () => Promise.reject(new Error("DynamoDB calls nobody")),
  };
  const service = dynamoDbService(context);
  const latency = options.latency ?? { fromMs: 0, toMs: 0 };
  const endpoint = new Endpoint({
    kernel,
    account,
    region,
    identities,
    faults: new FaultPlan(kernel),
    latency,
  }).add(service);
  const clientWith = (credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }) =>
    new DynamoDBClient({
      region,
      credentials,
      maxAttempts: 1,
      requestHandler: new InProcessHandler(endpoint),
    });

  const deploy = async (
    type: string,
    properties: Readonly<Record<string, unknown>>,
  ): Promise<CreatedResource> => {
    const resource = service.resources.get(type);
    if (resource === undefined) throw new Error(`DynamoDB provides no ${type}`);
    return resource.create("Ledger", properties);
  };

  return {
    kernel,
    service,
    deploy,
    table: deploy("AWS::DynamoDB::GlobalTable", makeTableProperties(options.table)),
    client: clientWith({ accessKeyId: "operator", secretAccessKey: "any" }),
    /** A client of a role with this one inline policy. */
    clientOf: (name: string, document: PolicyDocument) => {
      const trust = {
        Statement: {
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      } as const;
      const role = identities.createRole({ name, assumeRolePolicy: trust, inlinePolicies: { it: document } });
      return clientWith(identities.issueCredentials(role, "test"));
    },
    /** Runs the clock until the work is done. */
    run: <T>(work: () => Promise<T>): Promise<T> => kernel.complete(kernel.activity("test", work)),
  };
}
