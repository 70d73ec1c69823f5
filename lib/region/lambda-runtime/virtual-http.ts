import { METHODS, STATUS_CODES } from "node:http";
import type { LifeGate } from "./life-gate.ts";
import { standInModule } from "./stand-in-module.ts";
import type { Transport } from "./transport.ts";
import { type RequestOptions, type ResponseListener, VirtualRequest } from "./virtual-request.ts";
import type { VirtualTimers } from "./virtual-timers.ts";

/** What the SDK's `NodeHttpHandler` asks of an agent; connections have no cost here, so there is nothing to pool. */
class VirtualAgent {
  readonly options: object;
  readonly keepAlive: boolean;
  readonly maxSockets: number;
  readonly sockets = {};
  readonly requests = {};

  constructor(options: { readonly keepAlive?: boolean; readonly maxSockets?: number } = {}) {
    this.options = options;
    this.keepAlive = options.keepAlive ?? false;
    this.maxSockets = options.maxSockets ?? Number.POSITIVE_INFINITY;
  }

  destroy(): void {}
}

/** `node:http` or `node:https` whose requests go to the region instead of a socket. */
export function virtualHttp(
  protocol: "http:" | "https:",
  outside: { readonly transport: Transport; readonly gate: LifeGate; readonly timers: VirtualTimers },
): Record<string, unknown> {
  const request = (
    target: string | URL | RequestOptions,
    second?: RequestOptions | ResponseListener,
    third?: ResponseListener,
  ): VirtualRequest => {
    const listener = typeof second === "function" ? second : third;
    const options = typeof second === "function" ? {} : (second ?? {});
    return new VirtualRequest({ protocol, ...optionsOf(target), ...options }, listener, outside);
  };
  const get = (...values: Parameters<typeof request>): VirtualRequest => {
    const started = request(...values);
    started.end();
    return started;
  };
  const own = { request, get, Agent: VirtualAgent, globalAgent: new VirtualAgent(), METHODS, STATUS_CODES };
  return standInModule(protocol === "http:" ? "node:http" : "node:https", { own });
}

function optionsOf(target: string | URL | RequestOptions): RequestOptions {
  if (typeof target !== "string" && !(target instanceof URL)) return target;
  const url = new URL(target);
  return { protocol: url.protocol, hostname: url.hostname, port: url.port, path: url.pathname + url.search };
}
