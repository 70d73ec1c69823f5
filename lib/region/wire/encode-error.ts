import { JsonShapeSerializer } from "@aws-sdk/core/protocols";
import { CborCodec } from "@smithy/core/cbor";
import type { AwsError } from "../service-model.ts";
import { jsonSettings } from "./codec-settings.ts";
import { jsonContentType } from "./encode-reply.ts";
import type { ErrorShape, Protocol, ServiceShape } from "./service-shape.ts";
import type { WireReply } from "./wire-message.ts";

/**
 * An error as the protocol of its request writes it, by its modelled shape when it has one.
 *
 * @param service undefined when the region does not model the service at all
 */
export function encodeError(
  service: ServiceShape | undefined,
  protocol: Protocol,
  error: AwsError,
  requestId: string,
): WireReply {
  const code = codeIn(service, protocol, error.code);
  const shape = service?.error(code);
  const status = error.status ?? statusOf(shape, protocol, code);
  switch (protocol) {
    case "awsQuery":
      return { status, ...encodeQueryError(service, shape?.query?.[0] ?? code, error, status, requestId) };
    case "ec2Query":
      return { status, ...encodeEc2Error(code, error, requestId) };
    case "restXml":
      return { status, ...encodeXmlError(service, code, error, status, requestId) };
    default:
      return { status, ...encodeTypedError(service, protocol, shape, code, error, status) };
  }
}

/**
 * IAM's refusal has an older name in the query and XML protocols, and its own in SNS and EC2.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (AccessDenied),
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors (AuthorizationError),
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (UnauthorizedOperation)
 */
function codeIn(service: ServiceShape | undefined, protocol: Protocol, code: string): string {
  if (code === "AccessDeniedException" && protocol === "ec2Query") return "UnauthorizedOperation";
  if (code !== "AccessDeniedException" || (protocol !== "awsQuery" && protocol !== "restXml")) return code;
  return service?.error("AuthorizationErrorException") ? "AuthorizationErrorException" : "AccessDenied";
}

function statusOf(shape: ErrorShape | undefined, protocol: Protocol, code: string): number {
  if (shape?.traits["httpError"] !== undefined) return Number(shape.traits["httpError"]);
  if (shape?.query) return shape.query[1];
  if (shape?.traits.error === "server") return 500;
  // Refusals are 403 everywhere except in awsJson, where every unmodelled client error is 400 (seen on DynamoDB, ECS).
  const refusal = code.startsWith("AccessDenied") || code === "UnauthorizedOperation";
  return refusal && !protocol.startsWith("awsJson") ? 403 : 400;
}

type Encoded = Omit<WireReply, "status">;

function encodeTypedError(
  service: ServiceShape | undefined,
  protocol: Protocol,
  shape: ErrorShape | undefined,
  code: string,
  error: AwsError,
  status: number,
): Encoded {
  const name = shape?.name ?? code;
  const type = shape && service && protocol !== "restJson1" ? `${service.namespace}#${name}` : name;
  const document = { __type: type, ...membersOf(service, shape, error), message: error.message };
  const headers: Record<string, string> = {};
  // https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#x-amzn-query-error
  if (service?.queryCompatible) {
    headers["x-amzn-query-error"] = `${shape?.query?.[0] ?? code};${faultOf(status)}`;
  }
  if (protocol === "rpcv2Cbor") {
    const serializer = new CborCodec().createSerializer();
    serializer.write(documentSchema, document);
    const cbor = { ...headers, "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" };
    return { headers: cbor, body: serializer.flush() };
  }
  if (protocol === "restJson1") {
    const json = { ...headers, "content-type": "application/json", "x-amzn-errortype": name };
    return { headers: json, body: Buffer.from(JSON.stringify(document)) };
  }
  const json = { ...headers, "content-type": jsonContentType(protocol) };
  return { headers: json, body: Buffer.from(JSON.stringify(document)) };
}

/** Smithy's sentinel for "any document". */
const documentSchema = 15;

/** The error's further members, in the JSON form of its schema; a modelled `Message` is filled as well as `message`. */
function membersOf(
  service: ServiceShape | undefined,
  shape: ErrorShape | undefined,
  { data, message }: AwsError,
): Readonly<Record<string, unknown>> {
  if (!service || !shape) return data;
  const messageMember = [...shape.schema.structIterator()].some(([name]) => name === "Message");
  const serializer = new JsonShapeSerializer(jsonSettings(service));
  serializer.write(shape.schema, { ...data, ...(messageMember && { Message: message }) });
  const members: Record<string, unknown> = JSON.parse(serializer.flush());
  return members;
}

/** `<ErrorResponse><Error><Type/><Code/><Message/></Error><RequestId/></ErrorResponse>` */
function encodeQueryError(
  service: ServiceShape | undefined,
  code: string,
  error: AwsError,
  status: number,
  requestId: string,
): Encoded {
  const namespace = service?.xmlNamespace === undefined ? "" : ` xmlns="${service.xmlNamespace}"`;
  const body =
    `<ErrorResponse${namespace}><Error><Type>${faultOf(status)}</Type>${elementsOf(code, error)}</Error>` +
    `<RequestId>${requestId}</RequestId></ErrorResponse>`;
  return { headers: { "content-type": "text/xml" }, body: Buffer.from(body) };
}

/** `<Response><Errors><Error><Code/><Message/></Error></Errors><RequestID/></Response>` */
function encodeEc2Error(code: string, error: AwsError, requestId: string): Encoded {
  const body =
    `<Response><Errors><Error>${elementsOf(code, error)}</Error></Errors>` +
    `<RequestID>${requestId}</RequestID></Response>`;
  return { headers: { "content-type": "text/xml" }, body: Buffer.from(body) };
}

/** S3 answers a bare `<Error>`; CloudFront and the like wrap it as awsQuery does. */
function encodeXmlError(
  service: ServiceShape | undefined,
  code: string,
  error: AwsError,
  status: number,
  requestId: string,
): Encoded {
  if (service?.signingName !== "s3") return encodeQueryError(service, code, error, status, requestId);
  const body =
    `<?xml version="1.0" encoding="UTF-8"?><Error>${elementsOf(code, error)}` +
    `<RequestId>${requestId}</RequestId></Error>`;
  return { headers: { "content-type": "application/xml" }, body: Buffer.from(body) };
}

function elementsOf(code: string, { message, data }: AwsError): string {
  const further = Object.entries(data).map(([name, value]) => {
    if (typeof value === "object")
      throw new Error(`The XML error ${code} cannot carry the structure "${name}"`);
    return element(name, String(value));
  });
  return [element("Code", code), element("Message", message), ...further].join("");
}

function element(name: string, text: string): string {
  return `<${name}>${text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`)}</${name}>`;
}

function faultOf(status: number): "Sender" | "Receiver" {
  return status >= 500 ? "Receiver" : "Sender";
}
