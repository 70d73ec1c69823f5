import type { MessageAttributeValue, SendMessageBatchRequestEntry } from "@aws-sdk/client-sqs";
import { AwsError } from "../../service-model.ts";
import type { Queue } from "./queue.ts";

export interface Sendable {
  readonly MessageBody?: string | undefined;
  readonly MessageAttributes?: Record<string, MessageAttributeValue> | undefined;
  readonly DelaySeconds?: number | undefined;
}

/**
 * Refuses a message that SQS refuses: empty, over the queue's size, or with attributes that make no sense.
 */
export function checkSendable(
  queue: Queue,
  { MessageBody, MessageAttributes = {}, DelaySeconds }: Sendable,
): void {
  if (!MessageBody) {
    throw new AwsError("MissingParameter", "The request must contain the parameter MessageBody.");
  }
  if (Object.keys(MessageAttributes).length > 10) {
    throw new AwsError(
      "InvalidParameterValue",
      "Number of message attributes [11] exceeds the allowed maximum [10].",
    );
  }
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(MessageAttributes)) {
    const valued = /^Binary(\.|$)/.test(DataType ?? "") ? BinaryValue?.length : StringValue?.length;
    if (!/^(String|Number|Binary)(\..+)?$/.test(DataType ?? "") || !valued) {
      throw new AwsError(
        "InvalidParameterValue",
        `The message attribute '${name}' must contain a value and its type.`,
      );
    }
  }
  if (DelaySeconds !== undefined && (DelaySeconds < 0 || DelaySeconds > 900)) {
    throw new AwsError(
      "InvalidParameterValue",
      `Value ${DelaySeconds} for parameter DelaySeconds is invalid.`,
    );
  }
  const limit = queue.settings.maximumMessageBytes;
  if (sizeOf({ MessageBody, MessageAttributes }) > limit) {
    const text = `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`;
    throw new AwsError("InvalidParameterValue", text);
  }
}

/**
 * Refuses a batch as a whole (API reference, SendMessageBatch: up to 10 entries, distinct ids, 1 MiB
 * together).
 */
export function checkBatch(entries: readonly SendMessageBatchRequestEntry[]): void {
  if (entries.length === 0)
    throw new AwsError("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (entries.length > 10) {
    throw new AwsError("TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10.");
  }
  if (entries.some(({ Id }) => !/^[A-Za-z0-9_-]{1,80}$/.test(Id ?? ""))) {
    throw new AwsError(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores.",
    );
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw new AwsError(
      "BatchEntryIdsNotDistinct",
      "Two or more batch entries in the request have the same Id.",
    );
  }
  if (entries.reduce((bytes, entry) => bytes + sizeOf(entry), 0) > 1_048_576) {
    throw new AwsError("BatchRequestTooLong", "Batch requests cannot be longer than 1048576 bytes.");
  }
}

function sizeOf({ MessageBody = "", MessageAttributes = {} }: Sendable): number {
  return Object.entries(MessageAttributes).reduce(
    (bytes, [name, { DataType = "", StringValue = "", BinaryValue }]) =>
      bytes + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
    Buffer.byteLength(MessageBody),
  );
}
