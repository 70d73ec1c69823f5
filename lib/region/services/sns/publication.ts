import type { MessageAttributeValue, PublishInput } from "@aws-sdk/client-sns";
import { invalid, type Protocol, type Topic } from "./topics.ts";

/** A message that a topic has accepted. */
export interface PublishedMessage {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly topicArn: string;
  readonly messageId: string;
  readonly subject: string | undefined;
  /** The message as published: with structure json, the JSON object of all protocols. */
  readonly message: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  /** The text for a protocol. */
  readonly bodyFor: (protocol: Protocol) => string;
}

/**
 * Checks a Publish request as SNS does and makes it a message.
 * Source of the rules: SDK 3.1162, PublishInput; developer guide, "Amazon SNS message attributes".
 */
export function publication(
  topic: Topic,
  input: PublishInput,
  messageId: string,
  at: number,
): PublishedMessage {
  const {
    Message: message = "",
    Subject: subject,
    MessageStructure,
    MessageAttributes: attributes = {},
  } = input;
  if (message === "") throw invalid("Empty message");
  checkSubject(subject);
  checkAttributes(attributes);
  const limit = Number(topic.attributes.get("MaximumMessageSize") ?? 262_144);
  if (sizeOf(message, attributes) > limit) throw invalid("Message too long");
  if (MessageStructure !== undefined && MessageStructure !== "json") throw invalid("MessageStructure");
  const bodies = MessageStructure === "json" ? bodiesByProtocol(message) : { default: message };
  return {
    at,
    topicArn: topic.arn,
    messageId,
    subject,
    message,
    attributes,
    bodyFor: (protocol) => bodies[protocol] ?? bodies["default"] ?? message,
  };
}

/** "Must be UTF-8 text with no line breaks or control characters, and less than 100 characters long." */
function checkSubject(subject: string | undefined): void {
  if (subject === undefined) return;
  if (subject === "" || subject.length >= 100 || /\p{Cc}/u.test(subject)) throw invalid("Subject");
}

function checkAttributes(attributes: Readonly<Record<string, MessageAttributeValue>>): void {
  for (const [name, { DataType = "", StringValue, BinaryValue }] of Object.entries(attributes)) {
    if (!/^(String|Number|Binary)(\..+)?$/.test(DataType)) {
      throw invalid(`The message attribute '${name}' has an invalid message attribute type`);
    }
    if (!(DataType.startsWith("Binary") ? BinaryValue?.length : StringValue)) {
      throw invalid(`The message attribute '${name}' must contain non-empty message attribute value`);
    }
    if (DataType.startsWith("Number") && !Number.isFinite(Number(StringValue))) {
      throw invalid(`Could not cast message attribute '${name}' value to number.`);
    }
  }
}

function bodiesByProtocol(message: string): Record<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    throw invalid("Message Structure - JSON message body failed to parse");
  }
  const bodies: Record<string, string> = {};
  for (const [protocol, body] of Object.entries(Object(parsed))) {
    if (typeof body === "string") bodies[protocol] = body;
  }
  if (bodies["default"] === undefined) {
    throw invalid("Message Structure - No default entry in JSON message body");
  }
  return bodies;
}

function sizeOf(message: string, attributes: Readonly<Record<string, MessageAttributeValue>>): number {
  return Object.entries(attributes).reduce(
    (bytes, [name, { DataType = "", StringValue = "", BinaryValue }]) =>
      bytes + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
    Buffer.byteLength(message),
  );
}
