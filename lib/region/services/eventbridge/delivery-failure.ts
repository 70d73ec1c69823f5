import { AwsError } from "../../service-model.ts";
import { ConnectionLost } from "../../wire/connection-lost.ts";
import { TargetInputError } from "./target-input.ts";

/** Why a delivery failed, in the words that the dead-letter queue's message attributes use. */
export interface DeliveryFailure {
  readonly code: DeliveryErrorCode;
  readonly message: string;
  readonly retryable: boolean;
}

/**
 * Of the codes listed in the EventBridge user guide, "Using dead-letter queues", those that this region can
 * produce.
 */
export type DeliveryErrorCode =
  | "CONNECTION_FAILURE"
  | "ERROR_FROM_TARGET"
  | "FAILED_TO_ASSUME_ROLE"
  | "INVALID_JSON"
  | "INVALID_PARAMETER"
  | "NO_PERMISSIONS"
  | "NO_RESOURCE"
  | "RESOURCE_LIMIT_EXCEEDED"
  | "THROTTLING"
  | "TIMEOUT";

/**
 * Reads a target's error. Missing permissions and missing targets are not retried (user guide, "Using
 * dead-letter queues"); of the others, EventBridge retries HTTP 5xx and 429 only (re:Post, "resolve
 * FailedInvocations errors"). Unverified: which of AWS's codes stands for which service error; the mapping
 * follows their names.
 *
 * Anything that is no answer of AWS is a bug of the region and is thrown on.
 */
export function deliveryFailure(error: unknown): DeliveryFailure {
  if (error instanceof TargetInputError) {
    return { code: "INVALID_JSON", message: error.message, retryable: false };
  }
  if (error instanceof ConnectionLost) {
    return { code: "CONNECTION_FAILURE", message: error.message, retryable: true };
  }
  if (!(error instanceof AwsError)) throw error;
  const { code: name, message, status = 400 } = error;
  const failure = (code: DeliveryErrorCode, retryable: boolean) => ({ code, message, retryable });
  if (name === "NoSuchEntity" || message.includes("sts:AssumeRole")) {
    return failure("FAILED_TO_ASSUME_ROLE", false);
  }
  if (/AccessDenied|AuthorizationError|NotAuthorized|UnauthorizedOperation/.test(name)) {
    return failure("NO_PERMISSIONS", false);
  }
  if (/DoesNotExist|NotFound|NonExistent/.test(name)) return failure("NO_RESOURCE", false);
  if (/Thrott|TooManyRequests|RequestLimitExceeded/.test(name) || status === 429) {
    return failure("THROTTLING", true);
  }
  // StartExecution's ExecutionLimitExceeded: the account has as many open executions as it may.
  if (/LimitExceeded/.test(name)) return failure("RESOURCE_LIMIT_EXCEEDED", true);
  if (/Timeout|TimedOut/.test(name)) return failure("TIMEOUT", true);
  const serverSide = status >= 500 || /Internal|ServiceUnavailable|ServiceException/.test(name);
  return serverSide ? failure("ERROR_FROM_TARGET", true) : failure("INVALID_PARAMETER", false);
}
