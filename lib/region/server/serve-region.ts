import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Kernel } from "../kernel/kernel.ts";
import { ConnectionLost } from "../wire/connection-lost.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import { readRequest, writeReply } from "./http-adapter.ts";
import { RealTimeClock } from "./real-time-clock.ts";

export interface ServeRegionOptions {
  readonly endpoint: Endpoint;
  readonly kernel: Kernel;
  /** 0 takes a free one. */
  readonly port: number;
  /** Virtual seconds per real second. */
  readonly speed: number;
  /** Further facts for `GET /_stepback/health`. */
  readonly health?: () => Readonly<Record<string, unknown>>;
}

export interface RegionServer {
  readonly port: number;
  /** Ends open connections, stops the clock and leaves no handle behind. */
  close(): Promise<void>;
}

/** Serves the region on 127.0.0.1, and nowhere else, while its clock moves with the wall clock times `speed`. */
export async function serveRegion(options: ServeRegionOptions): Promise<RegionServer> {
  const clock = new RealTimeClock(options.kernel, options.speed);
  const server = createServer((incoming, response) => {
    answer(options, clock, incoming, response).catch((error: unknown) => {
      if (error instanceof ConnectionLost) response.destroy();
      else fail(response, error);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  }).catch(async (error: unknown) => {
    await clock.close();
    throw error;
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : options.port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await clock.close();
    },
  };
}

async function answer(
  { endpoint, kernel, health }: ServeRegionOptions,
  clock: RealTimeClock,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await readRequest(incoming);
  if (request.path === "/_stepback/health") {
    await clock.catchUp().catch(() => undefined);
    const state =
      clock.failure === undefined ? { status: "ok" } : { status: "failed", failure: String(clock.failure) };
    const facts = { ...state, time: kernel.date().toISOString(), region: endpoint.region, ...health?.() };
    const body = Buffer.from(JSON.stringify(facts));
    writeReply(response, { status: 200, headers: { "content-type": "application/json" }, body }, false);
    return;
  }
  await clock.catchUp();
  const handled = endpoint.handle(request);
  clock.wake();
  const reply = await Promise.race([handled, clock.stopped.then(() => handled)]);
  writeReply(response, reply, request.method === "HEAD");
}

function fail(response: ServerResponse, error: unknown): void {
  if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
  response.end(`The simulated region has stopped: ${String(error)}`);
}
