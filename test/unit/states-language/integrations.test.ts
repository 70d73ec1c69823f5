import * as ecs from "@aws-sdk/client-ecs";
import * as s3 from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { AwsError } from "../../../lib/region/service-model.ts";
import { type Answers, TestRegion } from "./machine-run.ts";

const sdkServices = [
  { name: "ecs", signingName: "ecs", errorPrefix: "Ecs", sdk: ecs },
  { name: "s3", signingName: "s3", errorPrefix: "S3", sdk: s3 },
];

/** Runs one task with these arguments against this table of answers. */
async function runTask(resource: string, args: object, answers: Answers) {
  const region = new TestRegion({ answers, sdkServices });
  const task = { Type: "Task", Resource: `arn:aws:states:::${resource}`, Arguments: args, End: true };
  const ended = await region.run({ StartAt: "Call", States: { Call: task } });
  return { ended, call: region.calls[0], region };
}

function refusing(operation: string, code: string, status?: number): Answers {
  return {
    [operation]: () => {
      throw new AwsError(code, "It went wrong", status);
    },
  };
}

describe("optimised integrations", () => {
  it("publishes an object as its JSON text", async () => {
    const { ended, call } = await runTask(
      "sns:publish",
      { TopicArn: "arn:topic", Message: { a: "{% 1 + 1 %}" } },
      { "sns:Publish": () => ({ MessageId: "m" }) },
    );

    expect(call?.input).toEqual({ TopicArn: "arn:topic", Message: '{"a":2}' });
    expect(ended.output).toMatchObject({ MessageId: "m", SdkHttpMetadata: { HttpStatusCode: 200 } });
  });

  it("sends a message", async () => {
    const { call } = await runTask(
      "sqs:sendMessage",
      { QueueUrl: "https://queue", MessageBody: "text" },
      { "sqs:SendMessage": () => ({}) },
    );

    expect(call).toMatchObject({
      operation: "SendMessage",
      input: { QueueUrl: "https://queue", MessageBody: "text" },
    });
  });

  it("names a failed condition as DynamoDB does, and what DynamoDB does not model by its base class", async () => {
    const args = {
      TableName: "t",
      Item: { pk: { S: "lock" } },
      ConditionExpression: "attribute_not_exists(pk)",
    };

    const held = await runTask(
      "dynamodb:putItem",
      args,
      refusing("dynamodb:PutItem", "ConditionalCheckFailedException"),
    );
    const invalid = await runTask(
      "dynamodb:putItem",
      args,
      refusing("dynamodb:PutItem", "ValidationException"),
    );

    expect(held.ended.error).toBe("DynamoDB.ConditionalCheckFailedException");
    expect(held.ended.cause).toMatch(
      /^It went wrong \(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; Request ID: /,
    );
    expect(invalid.ended.error).toBe("DynamoDB.AmazonDynamoDBException");
  });

  it("adds the machine and the execution to the resources of an event, and fails on a failed entry", async () => {
    const entries = { Entries: [{ Source: "s", DetailType: "d", Detail: { x: 1 } }] };

    const sent = await runTask("events:putEvents", entries, {
      "events:PutEvents": () => ({ FailedEntryCount: 0, Entries: [{ EventId: "e" }] }),
    });
    const failed = await runTask("events:putEvents", entries, {
      "events:PutEvents": () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: "MalformedDetail" }] }),
    });

    const machine = "arn:aws:states:eu-west-1:111122223333:stateMachine:machine";
    expect(sent.call?.input).toMatchObject({
      Entries: [{ Detail: '{"x":1}', Resources: [machine, sent.ended.arn] }],
    });
    expect(failed.ended.error).toBe("EventBridge.FailedEntry");
  });

  it("starts another execution", async () => {
    const { ended, call } = await runTask(
      "states:startExecution",
      { StateMachineArn: "arn:other", Input: { a: 1 } },
      { "states:StartExecution": () => ({ executionArn: "arn:started", startDate: new Date(0) }) },
    );

    expect(call?.input).toEqual({ stateMachineArn: "arn:other", input: '{"a":1}' });
    expect(ended.output).toMatchObject({ ExecutionArn: "arn:started" });
  });
});

describe("SDK integrations", () => {
  it("translate arguments and answers between PascalCase and the SDK's members, keys of maps left alone", async () => {
    const { ended, call } = await runTask(
      "aws-sdk:ecs:updateService",
      { Cluster: "c", DeploymentConfiguration: { MinimumHealthyPercent: 100 } },
      {
        "ecs:UpdateService": () => ({
          $metadata: {},
          service: {
            serviceName: "api",
            deployments: [{ createdAt: new Date(0), taskDefinition: undefined }],
          },
        }),
      },
    );

    expect(call?.input).toEqual({ cluster: "c", deploymentConfiguration: { minimumHealthyPercent: 100 } });
    expect(ended.output).toEqual({
      Service: { ServiceName: "api", Deployments: [{ CreatedAt: "1970-01-01T00:00:00.000Z" }] },
    });
  });

  it.each([
    ["ServiceNotFoundException", "Ecs.ServiceNotFoundException"],
    ["ThrottlingException", "Ecs.EcsException"],
  ])("report %s as %s", async (code, error) => {
    const { ended } = await runTask("aws-sdk:ecs:updateService", {}, refusing("ecs:UpdateService", code));

    expect(ended.error).toBe(error);
    expect(ended.cause).toMatch(
      /^It went wrong \(Service: Ecs, Status Code: 400, Request ID: .*\) \(SDK Attempt Count: 1\)$/,
    );
  });

  it.each([
    [{ Dict: "Value" }, '{"Dict":"Value"}'],
    ["text data", '"text data"'],
  ])("write the body %j as %s, and read bytes as text", async (Body, stored) => {
    const answers: Answers = {
      "s3:PutObject": ({ Body: bytes }) => ({ ETag: new TextDecoder().decode(bytes as Uint8Array) }),
      "s3:GetObject": () => ({ Body: new TextEncoder().encode("text data") }),
    };

    const put = await runTask("aws-sdk:s3:putObject", { Bucket: "b", Key: "k", Body }, answers);
    const got = await runTask("aws-sdk:s3:getObject", { Bucket: "b", Key: "k" }, answers);

    expect(put.ended.output).toEqual({ ETag: stored });
    expect(got.ended.output).toEqual({ Body: "text data" });
  });
});
