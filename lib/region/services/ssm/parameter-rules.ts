import type { ParameterTier } from "@aws-sdk/client-ssm";
import { AwsError } from "../../service-model.ts";

/** What a parameter may be called. [SDK PutParameterRequest Name] */
export function checkName(name: string): void {
  if (name.startsWith("arn:") || !/^[\w./-]{1,1011}$/.test(name)) {
    throw invalid(
      "Parameter name: can't be an ARN and may hold letters, numbers and the symbols .-_ with / between the levels.",
    );
  }
  if (/^\/?(?:aws|ssm)/i.test(name)) {
    throw invalid('Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).');
  }
  if (name.includes("/") && !name.startsWith("/")) {
    throw invalid("Parameter name must be a fully qualified name.");
  }
  if (name.split("/").length - 1 > 15) {
    throw new AwsError(
      "HierarchyLevelLimitExceededException",
      "A hierarchy can have a maximum of 15 levels.",
    );
  }
}

/** What a value may be: 4 KB, or 8 KB in the advanced tier, and what the caller's own pattern says. */
export function checkValue(value: string, tier: ParameterTier, allowedPattern: string | undefined): void {
  const limit = tier === "Advanced" ? 8192 : 4096;
  if (Buffer.byteLength(value) > limit) {
    throw invalid(
      `${tier} tier parameters support a maximum parameter value of ${limit} characters. To create a larger ` +
        "parameter value, upgrade the parameter to use the advanced-parameter tier.",
    );
  }
  if (value.includes("{{")) {
    throw invalid('Parameter value can\'t nest another parameter. Do not use "{{}}" in the value.');
  }
  if (allowedPattern === undefined || patternOf(allowedPattern).test(value)) return;
  throw new AwsError(
    "ParameterPatternMismatchException",
    `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`,
  );
}

function patternOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (cause) {
    const error = new AwsError(
      "InvalidAllowedPatternException",
      "The request does not meet the regular expression requirement.",
    );
    error.cause = cause;
    throw error;
  }
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
