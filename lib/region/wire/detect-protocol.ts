import type { Protocol } from "./service-shape.ts";
import type { WireRequest } from "./wire-message.ts";

/**
 * Which protocol a request is written in. The client chooses, not the service: aws-cli 1.45 sends CloudWatch as
 * awsJson1_0, Debian's 2.9 as awsQuery (seen on both, `docs/facts/toolchain.md` §6).
 *
 * @param own the service's protocol: nothing in a REST request says XML or JSON, nor in a form whose flavour it is
 */
export function detectProtocol({ headers }: WireRequest, own: Protocol | undefined): Protocol {
  const contentType = headers["content-type"] ?? "";
  if (headers["smithy-protocol"] === "rpc-v2-cbor") return "rpcv2Cbor";
  if (headers["x-amz-target"] !== undefined) {
    return contentType.includes("json-1.0") ? "awsJson1_0" : "awsJson1_1";
  }
  if (own === "restXml" || own === "restJson1" || own === "ec2Query") return own;
  if (contentType.startsWith("application/x-www-form-urlencoded")) return "awsQuery";
  return "restJson1";
}
