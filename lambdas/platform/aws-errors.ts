import { StepbackError } from "../contracts/errors.ts";

/** Error names that AWS uses for "too many requests"; not all are modelled (facts/ecs.md §2.3). */
const THROTTLES = new Set([
  "ThrottlingException",
  "Throttling",
  "TooManyRequestsException",
  "RequestLimitExceeded",
  "ProvisionedThroughputExceededException",
  "SlowDown",
]);
const CONNECTION_ERRORS = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ETIMEDOUT",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

interface Described {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly status?: number;
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

/** Throttling, server errors and broken connections: worth trying again. */
export function isTransient(error: unknown): boolean {
  const { name, code, status } = describe(error);
  return (
    THROTTLES.has(name) ||
    name === "TimeoutError" ||
    (code !== undefined && CONNECTION_ERRORS.has(code)) ||
    (status ?? 0) >= 500
  );
}

export function isAccessDenied(error: unknown): boolean {
  const { name } = describe(error);
  return name === "AccessDeniedException" || name === "AccessDenied" || name === "UnauthorizedOperation";
}

function describe(error: unknown): Described {
  if (!(error instanceof Error)) return { name: "Unknown", message: String(error) };
  const { code, $metadata } = error as Error & { code?: unknown; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === "string" ? { code } : {}),
    ...(status === undefined ? {} : { status }),
  };
}
