import { EventEmitter } from "node:events";
import { STATUS_CODES } from "node:http";
import { Readable, Writable } from "node:stream";
import type { WireReply, WireRequest } from "../wire/wire-message.ts";
import type { LifeGate } from "./life-gate.ts";
import type { Transport } from "./transport.ts";
import type { VirtualTimeout, VirtualTimers } from "./virtual-timers.ts";

/** The options of `http.request` that are honoured. */
export interface RequestOptions {
  readonly protocol?: string;
  readonly host?: string;
  readonly hostname?: string;
  readonly port?: string | number;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | number | readonly string[]>>;
}

export type ResponseListener = (response: VirtualResponse) => void;

interface Outside {
  readonly transport: Transport;
  readonly gate: LifeGate;
  readonly timers: VirtualTimers;
}

/**
 * An HTTP request of a function's code, as `http.request` returns it: collects the body, hands the whole request to
 * the transport and gives the answer as a stream. A failed transport is a lost connection, `ECONNRESET`.
 */
export class VirtualRequest extends Writable {
  readonly socket: VirtualSocket;
  readonly #options: RequestOptions;
  readonly #headers = new Map<string, string>();
  readonly #outside: Outside;
  readonly #body: Buffer[] = [];

  constructor(options: RequestOptions, listener: ResponseListener | undefined, outside: Outside) {
    // The request closes when its answer has been read, not when its body has been sent.
    super({ autoDestroy: false });
    this.#options = options;
    this.#outside = outside;
    for (const [name, value] of Object.entries(options.headers ?? {})) this.setHeader(name, value);
    if (listener) this.once("response", listener);
    this.socket = new VirtualSocket(outside.timers);
    if (this.getHeader("expect") === "100-continue") {
      outside.timers.setImmediate(() => this.emit("continue"));
    }
  }

  setHeader(name: string, value: string | number | readonly string[]): this {
    this.#headers.set(name.toLowerCase(), Array.isArray(value) ? value.join(", ") : String(value));
    return this;
  }

  getHeader(name: string): string | undefined {
    return this.#headers.get(name.toLowerCase());
  }

  setTimeout(delayMs: number, listener?: () => void): this {
    if (listener) this.once("timeout", listener);
    this.socket.setTimeout(delayMs, () => this.emit("timeout"));
    return this;
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: () => void): void {
    this.#body.push(typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk);
    done();
  }

  override _final(done: () => void): void {
    done();
    const { gate, transport } = this.#outside;
    transport(this.#wireRequest()).then(
      (reply) => gate.pass(() => this.#answer(reply)),
      (cause: unknown) => gate.pass(() => this.#lose(cause)),
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.socket.close();
    done(error);
  }

  #wireRequest(): WireRequest {
    const {
      protocol,
      host,
      hostname = host ?? "localhost",
      port,
      method = "GET",
      path = "/",
    } = this.#options;
    const usual = protocol === "http:" ? "80" : "443";
    const authority = !port || String(port) === usual ? hostname : `${hostname}:${port}`;
    const cut = path.indexOf("?");
    return {
      method: method.toUpperCase(),
      path: cut < 0 ? path : path.slice(0, cut),
      query: new URLSearchParams(cut < 0 ? "" : path.slice(cut + 1)),
      headers: { host: authority, ...Object.fromEntries(this.#headers) },
      body: Buffer.concat(this.#body),
      host: this.getHeader("host") ?? authority,
    };
  }

  #answer(reply: WireReply): void {
    if (this.destroyed) return;
    const response = new VirtualResponse(reply);
    response.once("close", () => this.destroy());
    this.emit("response", response);
  }

  #lose(cause: unknown): void {
    if (this.destroyed) return;
    this.destroy(Object.assign(new Error("socket hang up", { cause }), { code: "ECONNRESET" }));
  }
}

/** The answer, complete from the start. */
class VirtualResponse extends Readable {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly httpVersion = "1.1";
  readonly complete = true;

  constructor({ status, headers, body }: WireReply) {
    super({ read() {} });
    this.statusCode = status;
    this.statusMessage = STATUS_CODES[status] ?? "";
    this.headers = headers;
    if (body.length > 0) this.push(Buffer.from(body));
    this.push(null);
  }
}

/** A connection that is always there: only its idle timeout means anything. */
class VirtualSocket extends EventEmitter {
  readonly connecting = false;
  readonly #timers: VirtualTimers;
  #idle: VirtualTimeout | undefined;

  constructor(timers: VirtualTimers) {
    super();
    this.#timers = timers;
  }

  setTimeout(delayMs: number, listener?: () => void): this {
    this.#idle?.close();
    if (listener) this.once("timeout", listener);
    if (delayMs > 0) this.#idle = this.#timers.setTimeout(() => this.emit("timeout"), delayMs);
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  close(): void {
    this.#idle?.close();
  }

  destroy(): this {
    this.close();
    return this;
  }
}
