import { ECSServiceException } from "@aws-sdk/client-ecs";
import type { FailureCode } from "../../contracts/failures.ts";
import { asStepbackError } from "../../platform/aws-errors.ts";

/**
 * Waits for an AWS answer. Trouble that passes becomes `AwsBusy`, a missing permission `NotAllowed`; every other error
 * stays what it is, so that the caller can tell refusals apart.
 *
 * @param doing what was attempted on what, as the beginning of a sentence
 */
export async function asked<T>(doing: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw asStepbackError(error, doing);
  }
}

/** Whether an error is one of these by AWS's own name; not every error that ECS sends has a class in the SDK. */
export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

/**
 * What a refusal by ECS means for a move, in AWS's own words with the request id [docs/facts/ecs.md §9]. Undefined for
 * anything that is not a refusal: bugs, lost locks, trouble that passes.
 */
export function refusalOf(error: unknown): { readonly code: FailureCode; readonly note: string } | undefined {
  if (!(error instanceof ECSServiceException)) return undefined;
  const gone = isNamed(
    error,
    "ServiceNotActiveException",
    "ServiceNotFoundException",
    "ClusterNotFoundException",
  );
  const request = error.$metadata.requestId;
  return {
    code: gone ? "NOT_ACTIVE" : "REFUSED_BY_AWS",
    note: `AWS said ${error.name}: ${error.message}${request ? ` (request ${request})` : ""}`,
  };
}
