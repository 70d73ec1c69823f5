import type { Message, MessageAttributeValue, ReceiveMessageRequest } from "@aws-sdk/client-sqs";
import { md5OfAttributes, md5OfBody } from "./message-digests.ts";
import type { QueueMessage } from "./queue.ts";

/**
 * A message as ReceiveMessage shows it: system and message attributes only where the request asks for them.
 */
export function receivedMessage(message: QueueMessage, request: ReceiveMessageRequest): Message {
  const attributes = askedAttributes(message.attributes, request.MessageAttributeNames ?? []);
  const system = askedSystemAttributes(message, [
    ...(request.MessageSystemAttributeNames ?? []),
    ...(request.AttributeNames ?? []),
  ]);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5OfBody(message.body),
    ...(Object.keys(system).length > 0 ? { Attributes: system } : {}),
    ...(Object.keys(attributes).length > 0
      ? { MessageAttributes: attributes, MD5OfMessageAttributes: md5OfAttributes(attributes) }
      : {}),
  };
}

/**
 * `All` and `.*` stand for all of them, `foo.*` for those that begin with `foo.` (API reference,
 * ReceiveMessage).
 */
function askedAttributes(
  attributes: Readonly<Record<string, MessageAttributeValue>>,
  names: readonly string[],
): Record<string, MessageAttributeValue> {
  const asked = (name: string) =>
    names.some(
      (pattern) =>
        pattern === "All" ||
        pattern === name ||
        (pattern.endsWith(".*") && name.startsWith(pattern.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => asked(name)));
}

function askedSystemAttributes(message: QueueMessage, names: readonly string[]): Record<string, string> {
  const all = {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ...(message.deadLetterSource === undefined ? {} : { DeadLetterQueueSourceArn: message.deadLetterSource }),
  };
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => names.includes("All") || names.includes(name)),
  );
}
