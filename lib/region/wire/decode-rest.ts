import { JsonShapeDeserializer, XmlShapeDeserializer } from "@aws-sdk/core/protocols";
import { FromStringShapeDeserializer } from "@smithy/core/protocols";
import type { NormalizedSchema } from "@smithy/core/schema";
import { jsonSettings, textSettings } from "./codec-settings.ts";
import { type HttpBinding, httpBindings } from "./http-bindings.ts";
import type { RouteMatch } from "./rest-route.ts";
import type { ServiceShape } from "./service-shape.ts";
import type { WireRequest } from "./wire-message.ts";

/** The input of a REST operation, gathered from path labels, query, headers and body. */
export async function decodeRest(
  service: ServiceShape,
  { operation, labels }: RouteMatch,
  request: WireRequest,
): Promise<Record<string, unknown>> {
  const schema = operation.input;
  const { members, payload, hasDocument } = httpBindings(schema);
  const strings = new FromStringShapeDeserializer(textSettings(service));
  const input: Record<string, unknown> = {};
  for (const binding of members) {
    const value = readBinding(strings, binding, labels[binding.name], request);
    if (value !== undefined) input[binding.name] = value;
  }
  if (request.body.length === 0) return input;
  if (payload) input[payload.name] = await readPayload(service, payload.schema, request.body);
  else if (hasDocument) Object.assign(input, await readDocument(service, schema, request.body));
  return input;
}

/** Undefined for what travels in the body. */
function readBinding(
  strings: FromStringShapeDeserializer,
  { schema, place, key }: HttpBinding,
  label: string | undefined,
  { query, headers }: WireRequest,
): unknown {
  switch (place) {
    case "query":
      return query.has(key) ? readAll(strings, schema, query.getAll(key)) : undefined;
    case "header": {
      const value = headers[key];
      if (value === undefined) return undefined;
      const isList = schema.isListSchema();
      return readAll(strings, schema, isList ? value.split(",").map((part) => part.trim()) : [value]);
    }
    case "prefixHeaders":
      return readPrefixed(key, headers);
    case "queryParams":
      return Object.fromEntries(query);
    case "label":
      return label === undefined ? undefined : strings.read(schema, label);
    default:
      return undefined;
  }
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
