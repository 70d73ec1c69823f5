import { StepbackError } from "../contracts/errors.ts";

/**
 * Names of errors that pass: those the SDK itself retries (`THROTTLING_ERROR_CODES` and `TRANSIENT_ERROR_CODES` of
 * @smithy/core/retry, as far as Stepback's services use them; not all are modelled, docs/facts/ecs.md §2.3), and DynamoDB's
 * TransactionConflictException, which it does not.
 */
const PASSING = new Set([
  "ThrottlingException",
  "ThrottledException",
  "Throttling",
  "TooManyRequestsException",
  "RequestLimitExceeded",
  "ProvisionedThroughputExceededException",
  "SlowDown",
  "TransactionInProgressException",
  "TransactionConflictException",
  "TimeoutError",
  "RequestTimeout",
  "RequestTimeoutException",
]);
/**
 * Why DynamoDB cancels a transaction that may be tried again (TransactionCanceledException, "Cancellation reason codes").
 * The journals of one wave meet here: each checks the same lock item.
 */
const PASSING_REASONS = new Set(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]);
const CONNECTION_ERRORS = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ETIMEDOUT",
  "EPIPE",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
]);

interface Described {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly status?: number;
  /** Of a cancelled transaction: why, without the operations that were fine. */
  readonly reasons: readonly string[];
}

/**
 * Gives every error a name that the workflow's retries understand: trouble that passes becomes `AwsBusy`, a missing
 * permission `NotAllowed`; Stepback's own errors stay; anything else is a bug and keeps its name.
 */
export function asStepbackError(error: unknown, doing: string): Error {
  if (error instanceof StepbackError) return error;
  const { name, message } = describe(error);
  if (isTransient(error))
    return new StepbackError("AwsBusy", `${doing}: AWS did not answer properly (${name}: ${message})`, {
      cause: error,
    });
  if (isAccessDenied(error)) return new StepbackError("NotAllowed", `${doing}: ${message}`, { cause: error });
  return error instanceof Error ? error : new Error(String(error));
}

/** Throttling, conflicts, server errors and broken connections: worth trying again. */
export function isTransient(error: unknown): boolean {
  const { name, code, status, reasons } = describe(error);
  return (
    PASSING.has(name) ||
    (reasons.length > 0 && reasons.every((reason) => PASSING_REASONS.has(reason))) ||
    (code !== undefined && CONNECTION_ERRORS.has(code)) ||
    (status ?? 0) >= 500
  );
}

export function isAccessDenied(error: unknown): boolean {
  const { name } = describe(error);
  return name === "AccessDeniedException" || name === "AccessDenied" || name === "UnauthorizedOperation";
}

function describe(error: unknown): Described {
  if (!(error instanceof Error)) return { name: "Unknown", message: String(error), reasons: [] };
  const { code, $metadata, CancellationReasons } = error as Error & {
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
    CancellationReasons?: readonly { readonly Code?: string }[];
  };
  const status = $metadata?.httpStatusCode;
  return {
    name: error.name,
    message: error.message,
    reasons: (CancellationReasons ?? [])
      .map((reason) => reason.Code ?? "None")
      .filter((why) => why !== "None"),
    ...(typeof code === "string" ? { code } : {}),
    ...(status === undefined ? {} : { status }),
  };
}
