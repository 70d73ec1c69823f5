import type { WireRequest } from "./wire-message.ts";

const virtualHost = /^(?<bucket>.+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/;

/** The request as S3's path style writes it: a bucket in the host (`<bucket>.s3.<region>.amazonaws.com`) moves into the path. */
export function toPathStyle(request: WireRequest): WireRequest {
  const bucket = virtualHost.exec(request.host.replace(/:\d+$/, ""))?.groups?.["bucket"];
  return bucket === undefined ? request : { ...request, path: `/${bucket}${request.path}` };
}
