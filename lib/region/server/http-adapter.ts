import type { IncomingMessage, ServerResponse } from "node:http";
import type { WireReply, WireRequest } from "../wire/wire-message.ts";

/** Reads a whole request from the socket. */
export async function readRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const body = await bodyOf(incoming);
  const [path = "/", ...query] = (incoming.url ?? "/").split("?");
  const headers = Object.entries(incoming.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(",") : (value ?? ""),
  ]);
  return {
    method: incoming.method ?? "GET",
    path,
    query: new URLSearchParams(query.join("?")),
    headers: Object.fromEntries(headers),
    body,
    host: incoming.headers.host ?? "",
  };
}

/** By hand: `toArray` would cost more than the rest of the reading, and most requests have no body at all. */
function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  return new Promise((resolve, reject) => {
    incoming.on("data", (part: Buffer) => parts.push(part));
    incoming.once("end", () => resolve(Buffer.concat(parts)));
    incoming.once("error", reject);
  });
}

/** Writes a reply to the socket. */
export function writeReply(
  response: ServerResponse,
  { status, headers, body }: WireReply,
  isHead: boolean,
): void {
  // Node dates the response with the real clock: an SDK would take the virtual time for a skewed clock of its own and
  // retry the first error of every client (`clockSkewCorrected` in @aws-sdk/core's AwsSdkSigV4Signer).
  const { date: virtualTime, ...kept } = headers;
  const length = isHead ? (kept["content-length"] ?? "0") : String(body.length);
  response.writeHead(status, {
    ...kept,
    ...(virtualTime !== undefined && { "x-stepback-time": virtualTime }),
    "content-length": length,
  });
  response.end(isHead ? undefined : body);
}
