import type { Target } from "@aws-sdk/client-eventbridge";
import type { RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import { parseJsonPath } from "./json-path.ts";
import { fillTemplate } from "./target-input.ts";
import { checkDeadLetterQueue, checkTargetKind } from "./target-kinds.ts";

/** EventBridge API reference, RetryPolicy: valid ranges; the defaults are the highest values of both. */
export const RETRY_LIMITS = {
  maximumEventAgeSeconds: { lowest: 60, highest: 86_400 },
  maximumRetryAttempts: { lowest: 0, highest: 185 },
} as const;

/** EventBridge API reference, Target `Input` and InputTransformer `InputTemplate`: "Maximum length of 8192". */
const LONGEST_INPUT = 8_192;

/** Refuses at PutTargets what AWS refuses there, and what this region could not deliver faithfully. */
export function checkTarget(context: RegionContext, target: Target): void {
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(target.Id ?? "")) {
    throw new AwsError("ValidationException", `Parameter Id is not valid: ${target.Id ?? ""}`);
  }
  checkTargetKind(target);
  checkDeadLetterQueue(context, target.DeadLetterConfig?.Arn);
  const { maximumEventAgeSeconds, maximumRetryAttempts } = RETRY_LIMITS;
  checkRange(
    "MaximumEventAgeInSeconds",
    target.RetryPolicy?.MaximumEventAgeInSeconds,
    maximumEventAgeSeconds,
  );
  checkRange("MaximumRetryAttempts", target.RetryPolicy?.MaximumRetryAttempts, maximumRetryAttempts);
  checkInput(target);
}

function checkRange(
  name: string,
  value: number | undefined,
  { lowest, highest }: { readonly lowest: number; readonly highest: number },
): void {
  if (value === undefined || (Number.isInteger(value) && value >= lowest && value <= highest)) return;
  throw new AwsError(
    "ValidationException",
    `Parameter ${name} is not valid: ${value} is not in ${lowest}..${highest}.`,
  );
}

function checkInput(target: Target): void {
  const given = [target.Input, target.InputPath, target.InputTransformer].filter(
    (input) => input !== undefined,
  );
  if (given.length > 1) {
    throw new AwsError(
      "ValidationException",
      `Only one of Input, InputPath, or InputTransformer must be provided for target ${target.Id}.`,
    );
  }
  if (target.Input !== undefined && !isJson(target.Input)) {
    throw new AwsError("ValidationException", `JSON syntax error in input for target ${target.Id}`);
  }
  const { InputPathsMap = {}, InputTemplate } = target.InputTransformer ?? {};
  for (const [member, text = ""] of Object.entries({ Input: target.Input, InputTemplate })) {
    if (text.length <= LONGEST_INPUT) continue;
    const found = `Member must have length less than or equal to ${LONGEST_INPUT}`;
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${found}`,
    );
  }
  const paths = [
    ...Object.values(InputPathsMap),
    ...(target.InputPath === undefined ? [] : [target.InputPath]),
  ];
  const unsupported = paths.find((path) => parseJsonPath(path) === undefined);
  if (unsupported !== undefined) {
    throw new AwsError(
      "NotImplemented",
      `The simulated region does not model the JSON path ${unsupported}`,
      501,
    );
  }
  if (target.InputTransformer) checkTemplate(target, InputTemplate ?? "", Object.keys(InputPathsMap));
}

/** The predefined variables of the user guide, "Amazon EventBridge input transformation". */
const PREDEFINED = ["rule-arn", "rule-name", "event.ingestion-time", "event", "event.json"].map(
  (name) => `aws.events.${name}`,
);

function checkTemplate(target: Target, template: string, variables: readonly string[]): void {
  const reserved = variables.find((name) => /^aws\./i.test(name));
  if (reserved !== undefined) {
    throw new AwsError(
      "ValidationException",
      `InputPathsMap of target ${target.Id} names the reserved ${reserved}.`,
    );
  }
  const unknown = new Set<string>();
  const sample = fillTemplate(template, (name, quoted) => {
    if (!variables.includes(name) && !PREDEFINED.includes(name)) unknown.add(name);
    return quoted ? "" : "null";
  });
  const [stranger] = unknown;
  if (stranger !== undefined) {
    const text = `variable ${stranger} is not in InputPathsMap.`;
    throw new AwsError("ValidationException", `Invalid InputTemplate for target ${target.Id} : ${text}`);
  }
  // Unverified text; the user guide says that strings need quotes and the rest has to be valid JSON.
  if (!isJson(sample)) {
    throw new AwsError(
      "ValidationException",
      `Invalid InputTemplate for target ${target.Id} : not valid JSON.`,
    );
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
