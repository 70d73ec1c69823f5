import { createHash } from "node:crypto";
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";

/** The MD5 of a message body, which the SDK compares with its own. */
export function md5OfBody(body: string): string {
  return createHash("md5").update(body, "utf8").digest("hex");
}

/**
 * The MD5 of message attributes; undefined when there are none.
 *
 * Source: SQS developer guide, "Calculating the MD5 message digest for message attributes": attributes sorted
 * by name; of each, the length-prefixed name and data type, one byte for the kind of value, the
 * length-prefixed value.
 */
export function md5OfAttributes(
  attributes: Readonly<Record<string, MessageAttributeValue>>,
): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  for (const name of names) {
    const attribute = attributes[name];
    const binary = attribute?.BinaryValue;
    hash.update(lengthPrefixed(Buffer.from(name)));
    hash.update(lengthPrefixed(Buffer.from(attribute?.DataType ?? "")));
    hash.update(Buffer.of(binary ? BINARY : STRING));
    hash.update(lengthPrefixed(Buffer.from(binary ?? attribute?.StringValue ?? "")));
  }
  return hash.digest("hex");
}

const STRING = 1;
const BINARY = 2;

function lengthPrefixed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
