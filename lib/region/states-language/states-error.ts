import { type Json, type JsonObject, jsonBytes } from "./json.ts";

/** A state that fails: the pair that Retry and Catch look at and that ends an execution when nothing handles it. */
export class StatesError extends Error {
  override readonly name = "StatesError";
  /** `States.Timeout`, `Lambda.TooManyRequestsException`, a function's own `errorType` …; a Fail state may leave it out. */
  readonly error: string | undefined;
  readonly reason: string | undefined;

  constructor(error: string | undefined, reason?: string) {
    super([error, reason].filter(Boolean).join(": "));
    this.error = error;
    this.reason = reason;
  }

  /** What `$states.errorOutput` holds: what the failure left out is null [localstack AWS snapshots, `…_no_error_field`]. */
  get output(): JsonObject {
    return { Error: this.error ?? null, Cause: this.reason ?? null };
  }

  /** The pair as history events and DescribeExecution carry it: absent members stay absent. */
  get details(): { readonly error?: string; readonly cause?: string } {
    return {
      ...(this.error !== undefined && { error: this.error }),
      ...(this.reason !== undefined && { cause: this.reason }),
    };
  }
}

/** The error names that the states language reserves [states-language.net, "Predefined Error Codes"; AWS error-handling page]. */
export const reservedErrorNames: ReadonlySet<string> = new Set([
  "States.ALL",
  "States.BranchFailed",
  "States.DataLimitExceeded",
  "States.ExceedToleratedFailureThreshold",
  "States.HeartbeatTimeout",
  "States.Http.Socket",
  "States.IntrinsicFailure",
  "States.ItemReaderFailed",
  "States.NoChoiceMatched",
  "States.ParameterPathFailure",
  "States.Permissions",
  "States.QueryEvaluationError",
  "States.ResultPathMatchFailure",
  "States.ResultWriterFailed",
  "States.Runtime",
  "States.TaskFailed",
  "States.Timeout",
]);

/**
 * Whether an `ErrorEquals` list names this error.
 *
 * - `States.Runtime` is never handled: "always cause the execution to fail" [AWS error-handling page].
 * - `States.DataLimitExceeded` is handled by its own name only: "can't be caught by the States.ALL error type" [same page].
 * - `States.TaskFailed` stands for every error except a timeout [same page].
 * - `States.Timeout` includes a missed heartbeat, which also has its own name since 2021 [aws/aws-cdk#16084].
 */
export function isNamedBy(error: string | undefined, errorEquals: readonly string[]): boolean {
  if (error === "States.Runtime") return false;
  if (error !== undefined && errorEquals.includes(error)) return true;
  if (error === "States.DataLimitExceeded") return false;
  if (errorEquals.includes("States.ALL")) return true;
  if (error === "States.HeartbeatTimeout") return errorEquals.includes("States.Timeout");
  return error !== "States.Timeout" && errorEquals.includes("States.TaskFailed");
}

/** The service's limit for inputs, results and outputs, in bytes of UTF-8 JSON [AWS quotas page: 256 KiB]. */
export const payloadLimitBytes = 262_144;

/** @param what the state's name, or for a task's result the service that gave it (`lambda`) */
export function dataLimitExceeded(what: string): StatesError {
  return new StatesError(
    "States.DataLimitExceeded",
    `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}

/** The value itself when it is within the limit. */
export function fitting(value: Json, what: string): Json {
  if (jsonBytes(value) > payloadLimitBytes) throw dataLimitExceeded(what);
  return value;
}
