import { JsonShapeDeserializer, XmlShapeDeserializer } from "@aws-sdk/core/protocols";
import { FromStringShapeDeserializer } from "@smithy/core/protocols";
import type { NormalizedSchema } from "@smithy/core/schema";
import { jsonSettings, textSettings } from "./codec-settings.ts";
import type { RouteMatch } from "./rest-route.ts";
import type { ServiceShape } from "./service-shape.ts";
import type { WireRequest } from "./wire-message.ts";

/**
 * The input of a REST operation, gathered from path labels, query, headers and body.
 * Bindings: https://smithy.io/2.0/spec/http-bindings.html
 */
export async function decodeRest(
  service: ServiceShape,
  { operation, labels }: RouteMatch,
  request: WireRequest,
): Promise<Record<string, unknown>> {
  const schema = operation.input;
  if (!schema.isStructSchema()) return {};
  const strings = new FromStringShapeDeserializer(textSettings(service));
  const members = [...schema.structIterator()];
  const input: Record<string, unknown> = {};
  for (const [name, member] of members) {
    const value = isBound(member) ? readBinding(strings, member, labels[name], request) : undefined;
    if (value !== undefined) input[name] = value;
  }
  const payload = members.find(([, member]) => member.getMergedTraits().httpPayload);
  const inBody = members.some(([, member]) => !isBound(member) && !member.getMergedTraits().httpPayload);
  if (request.body.length === 0) return input;
  if (payload) input[payload[0]] = await readPayload(service, payload[1], request.body);
  else if (inBody) Object.assign(input, await readDocument(service, schema, request.body));
  return input;
}

/** Whether a member travels outside the body. */
function isBound(member: NormalizedSchema): boolean {
  const traits = member.getMergedTraits();
  return (
    Boolean(traits.httpLabel ?? traits.httpQuery ?? traits.httpHeader ?? traits.httpQueryParams) ||
    traits.httpPrefixHeaders !== undefined
  );
}

function readBinding(
  strings: FromStringShapeDeserializer,
  member: NormalizedSchema,
  label: string | undefined,
  { query, headers }: WireRequest,
): unknown {
  const { httpQuery, httpHeader, httpPrefixHeaders, httpQueryParams } = member.getMergedTraits();
  if (httpQuery !== undefined)
    return readAll(strings, member, query.has(httpQuery) ? query.getAll(httpQuery) : []);
  if (httpHeader !== undefined) {
    const value = headers[httpHeader.toLowerCase()];
    if (value === undefined) return undefined;
    return readAll(
      strings,
      member,
      member.isListSchema() ? value.split(",").map((part) => part.trim()) : [value],
    );
  }
  if (httpPrefixHeaders !== undefined) return readPrefixed(httpPrefixHeaders.toLowerCase(), headers);
  if (httpQueryParams) return Object.fromEntries(query);
  return label === undefined ? undefined : strings.read(member, label);
}

function readAll(
  strings: FromStringShapeDeserializer,
  member: NormalizedSchema,
  values: readonly string[],
): unknown {
  const [value] = values;
  if (value === undefined) return undefined;
  if (!member.isListSchema()) return strings.read(member, value);
  return values.map((item) => strings.read(member.getValueSchema(), item));
}

function readPrefixed(prefix: string, headers: WireRequest["headers"]): Record<string, string> | undefined {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

async function readPayload(
  service: ServiceShape,
  member: NormalizedSchema,
  body: Uint8Array,
): Promise<unknown> {
  if (member.isStructSchema() || member.isDocumentSchema()) return readDocument(service, member, body);
  return member.isBlobSchema() ? new Uint8Array(body) : Buffer.from(body).toString();
}

/** The SDK's deserialisers are typed `any`: what they return follows the schema. */
async function readDocument(
  service: ServiceShape,
  schema: NormalizedSchema,
  body: Uint8Array,
): Promise<Record<string, unknown>> {
  return service.protocol === "restJson1"
    ? new JsonShapeDeserializer(jsonSettings(service)).read(schema, Buffer.from(body).toString())
    : new XmlShapeDeserializer(textSettings(service)).read(schema, body);
}
