import type { NormalizedSchema } from "@smithy/core/schema";
import type { Random } from "../../../lib/region/kernel/random.ts";
import { requiredMembers } from "../../../lib/region/wire/required-members.ts";

/** Where a value travels decides which characters it may hold. */
type Place = "label" | "header" | "body";

/** A value of that schema with every member at the top and a random choice below; undefined when there is none. */
export function sampleValue(
  schema: NormalizedSchema,
  random: Random,
  depth = 0,
  place: Place = "body",
): unknown {
  if (schema.isUnitSchema()) return {};
  if (schema.isStructSchema()) return sampleStructure(schema, random, depth, place);
  if (schema.isListSchema()) {
    const items = [1, 2].map(() => sampleValue(schema.getValueSchema(), random, depth + 1, place));
    return items.includes(undefined) ? undefined : items;
  }
  if (schema.isMapSchema()) {
    const values = ["key", "other-key"].map((key) => [
      key,
      sampleValue(schema.getValueSchema(), random, depth + 1, place),
    ]);
    return values.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(values);
  }
  return sampleScalar(schema, random, place);
}

function sampleStructure(schema: NormalizedSchema, random: Random, depth: number, place: Place): unknown {
  if (schema.isStreaming() || depth > deepest) return undefined;
  const members = [...schema.structIterator()];
  if (schema.isUnionSchema()) return sampleUnion(members, random, depth, place);
  const required = new Set(requiredMembers(schema));
  const structure: Record<string, unknown> = {};
  for (const [index, [name, member]] of members.entries()) {
    const needed = required.has(name) || depth < 2 || index === 0;
    if ((depth === 0 && ownedByClients.has(name)) || (!needed && random.chance(1 / 3))) continue;
    const value = sampleValue(member, random, depth + 1, depth === 0 ? placeOf(member) : place);
    if (value !== undefined) structure[name] = value;
    else if (required.has(name)) return undefined;
  }
  return depth > 0 && members.length > 0 && Object.keys(structure).length === 0 ? undefined : structure;
}

/** A union has exactly one member: a random one, or the first after it that can be sampled at this depth. */
function sampleUnion(
  members: readonly [string, NormalizedSchema][],
  random: Random,
  depth: number,
  place: Place,
): unknown {
  const start = random.integer(0, members.length - 1);
  for (const [name, member] of [...members.slice(start), ...members.slice(0, start)]) {
    const value = sampleValue(member, random, depth + 1, place);
    if (value !== undefined) return { [name]: value };
  }
  return undefined;
}

/**
 * Top-level members that a client computes, checks or rewrites by itself, so that no arbitrary value survives: checksums, the
 * MD5 and base64 forms of customer keys, the host of a global endpoint, and the raw text of `Expires`.
 */
export const ownedByClients = new Set([
  "ChecksumAlgorithm",
  "ContentMD5",
  "SSECustomerKey",
  "SSECustomerKeyMD5",
  "CopySourceSSECustomerKey",
  "CopySourceSSECustomerKeyMD5",
  "EndpointId",
  "ExpiresString",
]);

const deepest = 6;

function placeOf(member: NormalizedSchema): Place {
  const { httpLabel, httpHeader, httpQuery, httpPrefixHeaders } = member.getMergedTraits();
  if (httpLabel) return "label";
  return httpHeader !== undefined || httpQuery !== undefined || httpPrefixHeaders !== undefined
    ? "header"
    : "body";
}

function sampleScalar(schema: NormalizedSchema, random: Random, place: Place): unknown {
  const number = random.integer(0, 999_999);
  // 202: a status code that every operation may answer and none answers unless told.
  if (schema.getMergedTraits().httpResponseCode) return 202;
  if (schema.isDocumentSchema()) return { list: [number, "text", true], nothing: null };
  if (schema.isBlobSchema()) return new Uint8Array([1, 2, 255, number % 256]);
  if (schema.isTimestampSchema()) return new Date(1_700_000_000_000 + number * 1000);
  if (schema.isBooleanSchema()) return number % 2 === 0;
  if (schema.isBigIntegerSchema()) return BigInt(number);
  if (schema.isNumericSchema()) return number;
  if (!schema.isStringSchema()) return undefined;
  return { label: `label ${number}`, header: `header-${number}`, body: `text ${number} <é&> "quoted"` }[
    place
  ];
}
