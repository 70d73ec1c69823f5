import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as eventbridge from "@aws-sdk/client-eventbridge";
import * as sfn from "@aws-sdk/client-sfn";
import * as sns from "@aws-sdk/client-sns";
import * as sqs from "@aws-sdk/client-sqs";
import { AwsError } from "../../service-model.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { StatesError } from "../states-error.ts";
import { type Integration, modelledErrors, optimisedFailure, type TaskContext } from "./integration.ts";
import { lambdaInvoke } from "./lambda-invoke.ts";
import { jsonAnswer, responseMetadata } from "./service-answer.ts";

/**
 * The integrations that AWS optimised and this region models, by what follows `arn:aws:states:::`.
 * Argument names are those of AWS's own pages on each integration; the shapes are the SDK's.
 */
export function optimisedIntegrations(): ReadonlyMap<string, Integration> {
  return new Map<string, Integration>([
    ["lambda:invoke", lambdaInvoke(false)],
    ["lambda:invoke.waitForTaskToken", lambdaInvoke(true)],
    ["sns:publish", optimised(snsPublish)],
    ["sqs:sendMessage", optimised(sqsSendMessage)],
    ["events:putEvents", optimised(putEvents)],
    ["states:startExecution", optimised(startExecution)],
    ...Object.entries(itemParameters).map(
      ([action, names]) => [`dynamodb:${action}`, optimised(dynamodbItem(action, names))] as const,
    ),
  ]);
}

interface Optimised {
  readonly resourceType: string;
  readonly resource: string;
  readonly parameters: readonly string[];
  readonly service: Parameters<typeof optimisedFailure>[1];
  readonly request: (parameters: JsonObject, task: TaskContext) => object;
  /** By default the answer as it is, with response metadata. */
  readonly result?: (answer: Json, task: TaskContext) => Json;
}

function optimised({ resourceType, resource, parameters, service, request, result }: Optimised): Integration {
  const operation = resource.charAt(0).toUpperCase() + resource.slice(1);
  return {
    resourceType,
    resource,
    waitsForToken: false,
    parameters: new Set(parameters),
    perform: async (given, task) => {
      const answer = await task
        .call(resourceType, operation, request(given, task))
        .catch((error: unknown) => {
          throw error instanceof AwsError ? optimisedFailure(error, service, task.requestId()) : error;
        });
      return (result ?? withMetadata)(jsonAnswer(answer), task);
    },
  };
}

function withMetadata(answer: Json, task: TaskContext): Json {
  return { ...(isJsonObject(answer) ? answer : {}), ...responseMetadata(task) };
}

/** These integrations take an object where the API takes a string and send its JSON text [localstack AWS snapshots]. */
function text(value: Json | undefined): Json | undefined {
  return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
}

const snsPublish: Optimised = {
  resourceType: "sns",
  resource: "publish",
  parameters: [
    "Message",
    "MessageAttributes",
    "MessageDeduplicationId",
    "MessageGroupId",
    "MessageStructure",
    "PhoneNumber",
    "Subject",
    "TargetArn",
    "TopicArn",
  ],
  service: {
    prefix: "SNS",
    javaName: "AmazonSNS",
    baseException: "AmazonSNSException",
    errors: modelledErrors(sns),
  },
  request: ({ Message, ...rest }) => ({ ...rest, Message: text(Message) }),
};

const sqsSendMessage: Optimised = {
  resourceType: "sqs",
  resource: "sendMessage",
  parameters: [
    "DelaySeconds",
    "MessageAttributes",
    "MessageBody",
    "MessageDeduplicationId",
    "MessageGroupId",
    "QueueUrl",
  ],
  service: {
    prefix: "SQS",
    javaName: "AmazonSQS",
    baseException: "AmazonSQSException",
    errors: modelledErrors(sqs),
  },
  request: ({ MessageBody, ...rest }) => ({ ...rest, MessageBody: text(MessageBody) }),
};

/** The machine and the execution are added to every entry's resources; a failed entry fails the task [snapshots]. */
const putEvents: Optimised = {
  resourceType: "events",
  resource: "putEvents",
  parameters: ["Entries"],
  service: {
    prefix: "EventBridge",
    javaName: "AmazonEventBridge",
    baseException: "AmazonEventBridgeException",
    errors: modelledErrors(eventbridge),
  },
  request: ({ Entries }, { stateMachineArn, executionArn }) => ({
    Entries: (Array.isArray(Entries) ? Entries : []).filter(isJsonObject).map((entry) => ({
      ...entry,
      Detail: text(entry["Detail"]),
      Resources: [
        ...(Array.isArray(entry["Resources"]) ? entry["Resources"] : []),
        stateMachineArn,
        executionArn,
      ],
    })),
  }),
  result: (answer) => {
    if (isJsonObject(answer) && answer["FailedEntryCount"] !== 0) {
      throw new StatesError("EventBridge.FailedEntry", JSON.stringify(answer));
    }
    return answer;
  },
};

/** Without `Input` the child gets `{}` [AWS startExecution integration page]. */
const startExecution: Optimised = {
  resourceType: "states",
  resource: "startExecution",
  parameters: ["Input", "Name", "StateMachineArn"],
  service: {
    prefix: "StepFunctions",
    javaName: "AWSStepFunctions",
    baseException: "AWSStepFunctionsException",
    errors: modelledErrors(sfn),
  },
  request: ({ StateMachineArn, Name, Input }) => ({
    stateMachineArn: StateMachineArn,
    ...(Name !== undefined && { name: Name }),
    input: text(Input) ?? "{}",
  }),
  result: (answer, task) => {
    const { executionArn = null, startDate = null } = isJsonObject(answer) ? answer : {};
    return { ExecutionArn: executionArn, ...responseMetadata(task), StartDate: startDate };
  },
};

const conditional = [
  "ConditionExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "ReturnConsumedCapacity",
  "ReturnItemCollectionMetrics",
  "ReturnValues",
  "TableName",
];

const itemParameters: Readonly<Record<string, readonly string[]>> = {
  getItem: [
    "ConsistentRead",
    "ExpressionAttributeNames",
    "Key",
    "ProjectionExpression",
    "ReturnConsumedCapacity",
    "TableName",
  ],
  putItem: [...conditional, "Item"],
  updateItem: [...conditional, "Key", "UpdateExpression"],
  deleteItem: [...conditional, "Key"],
};

function dynamodbItem(resource: string, parameters: readonly string[]): Optimised {
  return {
    resourceType: "dynamodb",
    resource,
    parameters,
    service: {
      prefix: "DynamoDB",
      javaName: "AmazonDynamoDBv2",
      baseException: "AmazonDynamoDBException",
      errors: modelledErrors(dynamodb),
    },
    request: (given) => given,
  };
}
