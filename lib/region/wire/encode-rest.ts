import { JsonShapeSerializer, XmlShapeSerializer } from "@aws-sdk/core/protocols";
import { ToStringShapeSerializer } from "@smithy/core/protocols";
import type { NormalizedSchema } from "@smithy/core/schema";
import { jsonSettings, textSettings } from "./codec-settings.ts";
import { httpBindings } from "./http-bindings.ts";
import type { OperationShape, ServiceShape } from "./service-shape.ts";
import type { WireReply } from "./wire-message.ts";

/** A REST operation's output, spread over status, headers and body as its bindings say. */
export function encodeRest(
  service: ServiceShape,
  { traits, output: schema }: OperationShape,
  output: Readonly<Record<string, unknown>>,
): WireReply {
  const { members, payload, hasDocument } = httpBindings(schema);
  const headers: Record<string, string> = {};
  const document: Record<string, unknown> = {};
  let status = traits.http?.[2] ?? 200;
  for (const { name, schema: member, place, key } of members) {
    const value = output[name];
    if (value === undefined || value === null) continue;
    if (place === "header") headers[key] = headerOf(service, member, value);
    else if (place === "prefixHeaders") Object.assign(headers, prefixedOf(key, value));
    else if (place === "status") status = typeof value === "number" ? value : status;
    else if (place === "document") document[name] = value;
  }
  if (payload) return { status, ...encodePayload(service, payload.schema, output[payload.name], headers) };
  if (!hasDocument) return { status, headers, body: new Uint8Array() };
  return { status, ...encodeDocument(service, schema, document, headers) };
}

function headerOf(service: ServiceShape, member: NormalizedSchema, value: unknown): string {
  const write = (schema: NormalizedSchema, item: unknown) => {
    const serializer = new ToStringShapeSerializer(textSettings(service));
    serializer.write(schema, item);
    return serializer.flush();
  };
  return Array.isArray(value)
    ? value.map((item) => write(member.getValueSchema(), item)).join(",")
    : write(member, value);
}

function prefixedOf(prefix: string, value: unknown): Record<string, string> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([key, item]) => [`${prefix}${key}`.toLowerCase(), String(item)]));
}

function encodePayload(
  service: ServiceShape,
  member: NormalizedSchema,
  value: unknown,
  headers: Readonly<Record<string, string>>,
): Omit<WireReply, "status"> {
  if (value === undefined || value === null) return { headers, body: new Uint8Array() };
  if (value instanceof Uint8Array) return { headers, body: value };
  if (typeof value === "string" && member.isStringSchema()) return { headers, body: Buffer.from(value) };
  // A streamed body is a blob to the model; services may write it as text.
  if (typeof value === "string" && member.isBlobSchema()) return { headers, body: Buffer.from(value) };
  if (member.isBlobSchema()) throw new Error("A model must answer a blob payload as bytes or text");
  return encodeDocument(service, member, value, headers);
}

function encodeDocument(
  service: ServiceShape,
  schema: NormalizedSchema,
  value: unknown,
  headers: Readonly<Record<string, string>>,
): Omit<WireReply, "status"> {
  const json = service.protocol === "restJson1";
  const serializer = json
    ? new JsonShapeSerializer(jsonSettings(service))
    : new XmlShapeSerializer(textSettings(service));
  serializer.write(schema, value);
  const contentType = json ? "application/json" : "application/xml";
  return { headers: { "content-type": contentType, ...headers }, body: Buffer.from(serializer.flush()) };
}
