import { JsonShapeDeserializer } from "@aws-sdk/core/protocols";
import { CborCodec } from "@smithy/core/cbor";
import { AwsError } from "../service-model.ts";
import { jsonSettings } from "./codec-settings.ts";
import { decodeQuery } from "./decode-query.ts";
import { decodeRest } from "./decode-rest.ts";
import { matchRoute } from "./rest-route.ts";
import type { OperationShape, Protocol, ServiceShape } from "./service-shape.ts";
import type { WireRequest } from "./wire-message.ts";

export interface DecodedRequest {
  readonly operation: OperationShape;
  /** The SDK's input shape, without defaults. */
  readonly input: Record<string, unknown>;
}

/** Finds the operation that a request asks for and reads its input. Throws AwsError as AWS does for what it cannot read. */
export async function decodeRequest(
  service: ServiceShape,
  protocol: Protocol,
  request: WireRequest,
): Promise<DecodedRequest> {
  if (protocol === "awsQuery" || protocol === "ec2Query") {
    const form = new URLSearchParams(Buffer.from(request.body).toString());
    const operation = named(service, form.get("Action") ?? "");
    return { operation, input: decodeQuery(service, protocol, operation.input, form) };
  }
  if (protocol === "restXml" || protocol === "restJson1") {
    const match = matchRoute(service.operations.values(), request);
    if (!match) throw unknownOperation(service, `${request.method} ${request.path}`);
    const input = await readable(protocol, () => decodeRest(service, match, request));
    return { operation: match.operation, input };
  }
  const name =
    protocol === "rpcv2Cbor" ? request.path.split("/") : request.headers["x-amz-target"]?.split(".");
  const operation = named(service, name?.at(-1) ?? "");
  return {
    operation,
    input: await readable(protocol, () => decodeBody(service, protocol, operation, request)),
  };
}

/** The SDK's deserialisers are typed `any`: what they return follows the schema. */
async function decodeBody(
  service: ServiceShape,
  protocol: Protocol,
  { input }: OperationShape,
  { body }: WireRequest,
): Promise<Record<string, unknown>> {
  if (!input.isStructSchema()) return {};
  if (protocol === "rpcv2Cbor")
    return body.length === 0 ? {} : new CborCodec().createDeserializer().read(input, body);
  return new JsonShapeDeserializer(jsonSettings(service)).read(input, Buffer.from(body).toString() || "{}");
}

function named(service: ServiceShape, name: string): OperationShape {
  const operation = service.operations.get(name);
  if (!operation) throw unknownOperation(service, name);
  return operation;
}

function unknownOperation({ signingName }: ServiceShape, what: string): AwsError {
  return new AwsError("UnknownOperationException", `${signingName} has no operation for "${what}"`, 404);
}

/**
 * Smithy's SerializationException and S3's MalformedXML stand for any body that cannot be parsed.
 * https://smithy.io/2.0/guides/wire-protocol-selection.html, https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
async function readable<T>(protocol: Protocol, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const code = protocol === "restXml" ? "MalformedXML" : "SerializationException";
    throw new AwsError(code, `The request body could not be read: ${String(error)}`, 400);
  }
}
