import { JsonShapeSerializer, XmlShapeSerializer } from "@aws-sdk/core/protocols";
import { CborCodec } from "@smithy/core/cbor";
import type { $SchemaRef, StaticStructureSchema } from "@smithy/types";
import { jsonSettings, textSettings } from "./codec-settings.ts";
import { encodeRest } from "./encode-rest.ts";
import type { OperationShape, Protocol, ServiceShape } from "./service-shape.ts";
import type { WireReply } from "./wire-message.ts";

/** An operation's output as the protocol of its request writes it. */
export function encodeReply(
  service: ServiceShape,
  protocol: Protocol,
  operation: OperationShape,
  output: Readonly<Record<string, unknown>>,
  requestId: string,
): WireReply {
  switch (protocol) {
    case "awsQuery":
      return encodeQuery(service, operation, output, requestId);
    case "ec2Query":
      return encodeEc2Query(service, operation, output, requestId);
    case "rpcv2Cbor":
      return encodeCbor(operation, output);
    case "awsJson1_0":
    case "awsJson1_1":
      return encodeJson(service, protocol, operation, output);
    case "restXml":
    case "restJson1":
      return encodeRest(service, operation, output);
  }
}

function encodeJson(
  service: ServiceShape,
  protocol: "awsJson1_0" | "awsJson1_1",
  { output: schema }: OperationShape,
  output: Readonly<Record<string, unknown>>,
): WireReply {
  const serializer = new JsonShapeSerializer(jsonSettings(service));
  if (schema.isStructSchema()) serializer.write(schema, output);
  const body = Buffer.from(schema.isStructSchema() ? serializer.flush() : "{}");
  return { status: 200, headers: { "content-type": jsonContentType(protocol) }, body };
}

/** `application/x-amz-json-1.0` or `-1.1`. */
export function jsonContentType(protocol: Protocol): string {
  return `application/x-amz-json-${protocol === "awsJson1_0" ? "1.0" : "1.1"}`;
}

function encodeCbor(
  { output: schema }: OperationShape,
  output: Readonly<Record<string, unknown>>,
): WireReply {
  const serializer = new CborCodec().createSerializer();
  serializer.write(schema, output);
  const headers = { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" };
  return { status: 200, headers, body: serializer.flush() };
}

/**
 * `<XResponse><XResult>…</XResult><ResponseMetadata>…</ResponseMetadata></XResponse>`, written as a schema around the
 * output's own, so that the SDK's XML serialiser does all the work.
 */
function encodeQuery(
  service: ServiceShape,
  { name, namespace, output: schema }: OperationShape,
  output: Readonly<Record<string, unknown>>,
  requestId: string,
): WireReply {
  const structure: unknown = schema.getSchema();
  const [members, shapes] = Array.isArray(structure) ? [structure[4], structure[5]] : [[], []];
  const result: StaticStructureSchema = [3, namespace, `${name}Result`, 0, members, shapes];
  const metadata: StaticStructureSchema = [3, namespace, "ResponseMetadata", 0, ["RequestId"], [0]];
  const envelope = structureOf(namespace, `${name}Response`, {
    [`${name}Result`]: result,
    ResponseMetadata: metadata,
  });
  const serializer = new XmlShapeSerializer(textSettings(service));
  serializer.write(envelope, { [`${name}Result`]: output, ResponseMetadata: { RequestId: requestId } });
  return { status: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(serializer.flush()) };
}

/** `<XResponse><requestId>…</requestId>…</XResponse>`: https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html */
function encodeEc2Query(
  service: ServiceShape,
  { name, namespace, output: schema }: OperationShape,
  output: Readonly<Record<string, unknown>>,
  requestId: string,
): WireReply {
  const structure: unknown = schema.getSchema();
  const [members, shapes] = Array.isArray(structure) ? [structure[4], structure[5]] : [[], []];
  const envelope: StaticStructureSchema = [
    3,
    namespace,
    `${name}Response`,
    0,
    ["requestId", ...members],
    [0, ...shapes],
  ];
  const serializer = new XmlShapeSerializer(textSettings(service));
  serializer.write(envelope, { requestId, ...output });
  return { status: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(serializer.flush()) };
}

function structureOf(
  namespace: string,
  name: string,
  members: Readonly<Record<string, StaticStructureSchema>>,
): StaticStructureSchema {
  const references = Object.values(members).map(
    (schema): $SchemaRef =>
      () =>
        schema,
  );
  return [3, namespace, name, 0, Object.keys(members), references];
}
