import { StepbackError } from "../contracts/errors.ts";
import { asStepbackError } from "../platform/aws-errors.ts";

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

/** Whether an error is one of these by AWS's own name: the SDK's class name or the code on the wire; not all have a class. */
export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as Error & { readonly Code?: unknown }).Code;
  return names.includes(error.name) || (typeof code === "string" && names.includes(code));
}

/**
 * AWS's refusal in its own words with the request id, or the permission that is missing; undefined for anything that is not
 * a refusal by a service: bugs, lost locks, trouble that passes.
 */
export function refusalText(error: unknown): string | undefined {
  if (error instanceof StepbackError && error.name === "NotAllowed") return `${error.name}: ${error.message}`;
  if (!(error instanceof Error) || !("$fault" in error)) return undefined;
  const { $metadata } = error as Error & { readonly $metadata?: { readonly requestId?: string } };
  const request = $metadata?.requestId;
  return `AWS said ${error.name}: ${error.message}${request ? ` (request ${request})` : ""}`;
}
