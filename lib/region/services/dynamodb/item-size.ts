import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { type Item, setMembers } from "./attribute-value.ts";

/** The largest item, bytes (developer guide, "Service quotas": 400 KB with attribute names). */
export const MAX_ITEM_BYTES = 400 * 1024;

/** Bytes of an item as DynamoDB counts them (developer guide, "DynamoDB item sizes and formats"). */
export function itemSize(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value),
    0,
  );
}

/** Containers cost three bytes and one more for each element; a number one byte for two digits and one. */
function sizeOf(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.replace(/[-.]|^0+|0+$/g, "").length / 2) + 1;
  if (value.B !== undefined) return value.B.byteLength;
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemSize(value.M);
  if (value.L !== undefined) return 3 + value.L.reduce((sum, element) => sum + 1 + sizeOf(element), 0);
  const members = setMembers(value);
  return members === undefined ? 1 : members.reduce((sum, member) => sum + sizeOf(member), 0);
}
