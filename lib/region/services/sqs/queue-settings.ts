import { AwsError, type PolicyDocument } from "../../service-model.ts";

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** A queue's settings, in the units of its attributes. */
export interface QueueSettings {
  readonly delaySeconds: number;
  readonly maximumMessageBytes: number;
  readonly retentionSeconds: number;
  readonly waitSeconds: number;
  readonly visibilitySeconds: number;
  readonly redrive: RedrivePolicy | undefined;
  readonly policy: PolicyDocument | undefined;
  /** The attributes as they were set, for GetQueueAttributes and for telling two CreateQueue calls apart. */
  readonly given: Readonly<Record<string, string>>;
}

/**
 * Ranges and defaults of the SQS API reference, CreateQueue; for message size those of SDK 3.1162 (1 MiB).
 */
const NUMBERS = {
  DelaySeconds: { lowest: 0, highest: 900, standard: 0 },
  MaximumMessageSize: { lowest: 1_024, highest: 1_048_576, standard: 1_048_576 },
  MessageRetentionPeriod: { lowest: 60, highest: 1_209_600, standard: 345_600 },
  ReceiveMessageWaitTimeSeconds: { lowest: 0, highest: 20, standard: 0 },
  VisibilityTimeout: { lowest: 0, highest: 43_200, standard: 30 },
} as const;

/**
 * Kept and shown, without effect in the region: encryption is not modelled, and redrive is allowed to every
 * queue.
 */
const PASSIVE = ["KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"];

/** The attributes that may be set; FIFO queues are not modelled. */
export const SETTABLE = [...Object.keys(NUMBERS), "RedrivePolicy", "Policy", ...PASSIVE];

/** Checks attributes and completes them with the standard values. */
export function queueSettings(given: Readonly<Record<string, string>>): QueueSettings {
  for (const name of Object.keys(given)) {
    if (SETTABLE.includes(name)) continue;
    if (/^(Fifo|ContentBased|Dedup|RedriveAllow)/.test(name)) {
      throw new AwsError(
        "NotImplemented",
        `The simulated region does not model the queue attribute ${name}`,
        501,
      );
    }
    throw new AwsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
  }
  const number = (name: keyof typeof NUMBERS) => numberOf(name, given[name]);
  return {
    delaySeconds: number("DelaySeconds"),
    maximumMessageBytes: number("MaximumMessageSize"),
    retentionSeconds: number("MessageRetentionPeriod"),
    waitSeconds: number("ReceiveMessageWaitTimeSeconds"),
    visibilitySeconds: number("VisibilityTimeout"),
    redrive: redriveOf(given["RedrivePolicy"]),
    policy: policyOf(given["Policy"]),
    given,
  };
}

/** What GetQueueAttributes shows of the settings. */
export function shownSettings(settings: QueueSettings): Record<string, string> {
  return {
    ...settings.given,
    DelaySeconds: String(settings.delaySeconds),
    MaximumMessageSize: String(settings.maximumMessageBytes),
    MessageRetentionPeriod: String(settings.retentionSeconds),
    ReceiveMessageWaitTimeSeconds: String(settings.waitSeconds),
    VisibilityTimeout: String(settings.visibilitySeconds),
    // SQS encrypts new queues with its own keys unless told otherwise (developer guide, "SSE-SQS").
    SqsManagedSseEnabled: settings.given["SqsManagedSseEnabled"] ?? String(!settings.given["KmsMasterKeyId"]),
  };
}

function numberOf(name: keyof typeof NUMBERS, text: string | undefined): number {
  const { lowest, highest, standard } = NUMBERS[name];
  if (text === undefined) return standard;
  const value = Number(text);
  if (Number.isInteger(value) && value >= lowest && value <= highest) return value;
  throw new AwsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
}

function redriveOf(text: string | undefined): RedrivePolicy | undefined {
  if (!text) return undefined;
  const value = parseObject(text);
  const [deadLetterTargetArn, maxReceiveCount] = [
    value?.["deadLetterTargetArn"],
    Number(value?.["maxReceiveCount"] ?? 10),
  ];
  const countIsValid = Number.isInteger(maxReceiveCount) && maxReceiveCount >= 1 && maxReceiveCount <= 1_000;
  if (typeof deadLetterTargetArn !== "string" || !countIsValid) {
    throw new AwsError("InvalidAttributeValue", `Value ${text} for parameter RedrivePolicy is invalid.`);
  }
  return { deadLetterTargetArn, maxReceiveCount };
}

function policyOf(text: string | undefined): PolicyDocument | undefined {
  if (!text) return undefined;
  const value = parseObject(text);
  if (value && isPolicy(value)) return value;
  throw new AwsError("InvalidAttributeValue", "Invalid value for the parameter Policy.");
}

function isPolicy(value: object): value is PolicyDocument {
  return "Statement" in value;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
