import { Readable } from "node:stream";
import { type HttpRequest, HttpResponse } from "@smithy/core/transport";
import type { Endpoint } from "./endpoint.ts";
import type { WireRequest } from "./wire-message.ts";

/**
 * An SDK `requestHandler` that speaks to an endpoint in this process: the client serialises and signs as always, and
 * no socket is involved. `new ECSClient({ …, requestHandler: new InProcessHandler(endpoint) })`
 */
export class InProcessHandler {
  readonly metadata = { handlerProtocol: "http/1.1" };
  readonly #endpoint: Endpoint;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  async handle(request: HttpRequest): Promise<{ response: HttpResponse }> {
    const reply = await this.#endpoint.handle(await toWireRequest(request));
    // The SDK would take the virtual time for a skewed clock and retry the first error of every client
    // (`clockSkewCorrected` in @aws-sdk/core's AwsSdkSigV4Signer).
    const { date: _, ...headers } = reply.headers;
    const body = Readable.from([Buffer.from(reply.body)]);
    return { response: new HttpResponse({ statusCode: reply.status, headers, body }) };
  }

  /** Nothing to configure; the SDK asks. */
  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }
}

async function toWireRequest(request: HttpRequest): Promise<WireRequest> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query)) {
    for (const item of Array.isArray(value) ? value : [value ?? ""]) query.append(name, item);
  }
  const headers = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method: request.method,
    path: request.path,
    query,
    headers: Object.fromEntries(headers),
    body: await collect(request.body),
    host: request.headers["host"] ?? request.hostname,
  };
}

async function collect(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === "string") return Buffer.from(body);
  // A fresh view: the SDK's JSON bodies are a subclass that warns when `Buffer.from` asks for their value.
  if (body instanceof Uint8Array) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (body instanceof Readable) return Buffer.concat(await body.toArray());
  throw new Error(
    `The in-process handler cannot send a body of type ${Object.prototype.toString.call(body)}`,
  );
}
