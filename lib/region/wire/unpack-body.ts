import { gunzipSync } from "node:zlib";
import type { WireRequest } from "./wire-message.ts";

/** The request with its transfer encodings undone: S3's aws-chunked uploads and gzip-compressed bodies. */
export function unpackBody(request: WireRequest): WireRequest {
  const codings = (request.headers["content-encoding"] ?? "").split(",").map((coding) => coding.trim());
  const chunked = codings.includes("aws-chunked");
  // Only `PutMetricData` and its like compress requests; an object stored as gzip must stay as it is.
  const compressed = codings.includes("gzip") && !isUpload(request);
  if (!chunked && !compressed) return request;

  let body = request.body;
  if (chunked) body = unchunk(body);
  if (compressed) body = new Uint8Array(gunzipSync(body));
  const kept = codings.filter((coding) => coding !== "aws-chunked" && !(compressed && coding === "gzip"));
  const { "content-encoding": _, ...headers } = request.headers;
  return {
    ...request,
    body,
    headers: {
      ...headers,
      ...(kept.length > 0 && { "content-encoding": kept.join(",") }),
      ...(headers["content-length"] !== undefined && { "content-length": String(body.length) }),
    },
  };
}

function isUpload({ method, headers }: WireRequest): boolean {
  return method === "PUT" && headers["x-amz-target"] === undefined;
}

/**
 * Joins the chunks `<hex size>[;chunk-signature=…]\r\n<data>\r\n`, ended by one of size 0; trailers are left out.
 * Format: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
function unchunk(packed: Uint8Array): Uint8Array {
  const bytes = Buffer.from(packed);
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    const size = lineEnd < 0 ? 0 : Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (!(size > 0)) return new Uint8Array(Buffer.concat(parts));
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
