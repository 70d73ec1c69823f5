import type { AwsError } from "../../service-model.ts";
import type { Json, JsonObject } from "../json.ts";
import { StatesError } from "../states-error.ts";

/** What a task needs of its execution to call a service. */
export interface TaskContext {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  /** Calls a service as the machine's role: `RegionContext.call` with the principal filled in. */
  call(service: string, operation: string, input: object): Promise<Record<string, unknown>>;
  /** An id as AWS puts into causes and response metadata. */
  requestId(): string;
}

/** One value of a Task state's `Resource`. */
export interface Integration {
  /** As history events name it: `lambda` and `invoke.waitForTaskToken`, `aws-sdk:ecs` and `updateService`. */
  readonly resourceType: string;
  readonly resource: string;
  readonly waitsForToken: boolean;
  /** The names that `Arguments` may have; anything else is refused before the machine exists. */
  readonly parameters: ReadonlySet<string>;
  /** @throws StatesError with the error name that Retry and Catch see */
  perform(parameters: JsonObject, task: TaskContext): Promise<Json>;
}

/** The error shapes a service models, from the schemas that its SDK client exports (`[-3, namespace, name, …]`). */
export function modelledErrors(sdk: object): ReadonlySet<string> {
  const names = new Set<string>();
  for (const exported of Object.values(sdk)) {
    if (Array.isArray(exported) && exported[0] === -3 && typeof exported[2] === "string")
      names.add(exported[2]);
  }
  return names;
}

/**
 * The name of an error in the integrations that AWS optimised: the service's prefix and the exception class of the
 * Java SDK 1. An error that the service does not model is that SDK's base class
 * (`DynamoDB.AmazonDynamoDBException` for a ValidationException) [localstack AWS snapshots].
 */
export function optimisedFailure(
  { code, message, status = 400 }: AwsError,
  service: {
    readonly prefix: string;
    readonly javaName: string;
    readonly baseException: string;
    readonly errors: ReadonlySet<string>;
  },
  requestId: string,
): StatesError {
  const name =
    service.errors.has(code) || clientSideErrors.has(code) ? exceptionName(code) : service.baseException;
  const origin = `Service: ${service.javaName}; Status Code: ${status}; Error Code: ${code}`;
  return new StatesError(
    `${service.prefix}.${name}`,
    `${message} (${origin}; Request ID: ${requestId}; Proxy: null)`,
  );
}

/** The class name in both Java SDKs: `StateMachineDoesNotExist` is raised as `StateMachineDoesNotExistException`. */
export function exceptionName(code: string): string {
  return code.endsWith("Exception") || clientSideErrors.has(code) ? code : `${code}Exception`;
}

/** Raised on Step Functions' own side, without an answer of the service [AWS Lambda integration page, error handling]. */
const clientSideErrors: ReadonlySet<string> = new Set([
  "ClientExecutionTimeoutException",
  "SdkClientException",
  "Unknown",
]);
