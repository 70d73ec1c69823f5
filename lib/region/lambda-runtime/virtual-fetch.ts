import type { WireRequest } from "../wire/wire-message.ts";
import type { LifeGate } from "./life-gate.ts";
import type { Transport } from "./transport.ts";

/** `fetch` whose requests go to the region. Redirects are handed back, and an unasked one is an error, never followed. */
export function virtualFetch(transport: Transport, gate: LifeGate): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const wire = await wireRequest(request);
    request.signal.throwIfAborted();
    const response = await new Promise<Response>((resolve, reject) => {
      request.signal.addEventListener("abort", () => reject(request.signal.reason), { once: true });
      transport(wire).then(
        ({ status, headers, body }) =>
          gate.pass(() =>
            resolve(new Response(hasBody(status) ? Buffer.from(body) : null, { status, headers })),
          ),
        (cause: unknown) => gate.pass(() => reject(new TypeError("fetch failed", { cause }))),
      );
    });
    const redirected = response.status >= 300 && response.status < 400 && response.headers.has("location");
    if (redirected && request.redirect !== "manual") {
      throw new Error(`${request.url} redirects, which the Lambda runtime's fetch does not follow`);
    }
    return response;
  };
}

async function wireRequest(request: Request): Promise<WireRequest> {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    headers: { host: url.host, ...Object.fromEntries(request.headers) },
    body: new Uint8Array(await request.arrayBuffer()),
    host: url.host,
  };
}

function hasBody(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304;
}
