import * as lambda from "@aws-sdk/client-lambda";
import { AwsError } from "../../service-model.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { StatesError } from "../states-error.ts";
import { type Integration, modelledErrors, optimisedFailure, type TaskContext } from "./integration.ts";
import { responseMetadata } from "./service-answer.ts";

/** `arn:aws:states:::lambda:invoke`, and the same with `.waitForTaskToken`. */
export function lambdaInvoke(waitsForToken: boolean): Integration {
  return {
    resourceType: "lambda",
    resource: waitsForToken ? "invoke.waitForTaskToken" : "invoke",
    waitsForToken,
    parameters: new Set(["ClientContext", "FunctionName", "InvocationType", "Payload", "Qualifier"]),
    perform: invoke,
  };
}

const service = {
  prefix: "Lambda",
  javaName: "AWSLambda",
  baseException: "AWSLambdaException",
  errors: modelledErrors(lambda),
};

async function invoke({ Payload = {}, ...rest }: JsonObject, task: TaskContext): Promise<Json> {
  const input = { ...rest, Payload: new TextEncoder().encode(JSON.stringify(Payload)) };
  const answer = await task.call("lambda", "Invoke", input).catch((error: unknown) => {
    throw error instanceof AwsError ? optimisedFailure(error, service, task.requestId()) : error;
  });
  const text = answer["Payload"] instanceof Uint8Array ? new TextDecoder().decode(answer["Payload"]) : "";
  if (answer["FunctionError"] !== undefined) throw functionFailure(text);
  return {
    ExecutedVersion: "$LATEST",
    ...(text !== "" && { Payload: parsed(text) }),
    ...responseMetadata(task),
    StatusCode: typeof answer["StatusCode"] === "number" ? answer["StatusCode"] : 200,
  };
}

/** The function's `errorType` is the error name, its whole answer the cause [localstack AWS snapshots]. */
function functionFailure(text: string): StatesError {
  const answer = parsed(text);
  if (isJsonObject(answer) && typeof answer["errorType"] === "string")
    return new StatesError(answer["errorType"], text);
  return new StatesError(
    "Lambda.Unknown",
    `The cause could not be determined because Lambda did not return an error type. Returned payload: ${text}`,
  );
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
