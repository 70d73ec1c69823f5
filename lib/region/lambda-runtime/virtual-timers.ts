import { AsyncLocalStorage } from "node:async_hooks";
import { promisify } from "node:util";
import type { Kernel } from "../kernel/kernel.ts";
import type { Timer } from "../kernel/timer-queue.ts";
import type { LifeGate } from "./life-gate.ts";

type Callback = (...values: unknown[]) => void;

export interface VirtualTimers {
  readonly setTimeout: (action: Callback, delayMs?: number, ...values: unknown[]) => VirtualTimeout;
  readonly setInterval: (action: Callback, delayMs?: number, ...values: unknown[]) => VirtualTimeout;
  readonly setImmediate: (action: Callback, ...values: unknown[]) => VirtualTimeout;
  readonly clearTimeout: (timer: unknown) => void;
  readonly clearInterval: (timer: unknown) => void;
  readonly clearImmediate: (timer: unknown) => void;
}

/** The timers of one execution environment, on the region's clock. What is due while it is frozen runs at the thaw. */
export function virtualTimers(kernel: Kernel, gate: LifeGate): VirtualTimers {
  const byId = new Map<number, VirtualTimeout>();
  let count = 0;

  const start = (action: Callback, delayMs: number, values: unknown[], repeat: boolean): VirtualTimeout => {
    if (typeof action !== "function") throw new TypeError("The timer's callback must be a function");
    const id = ++count;
    const timer = new VirtualTimeout(id, kernel, gate, {
      delayMs,
      repeat,
      run: AsyncLocalStorage.bind(() => action(...values)),
      forget: () => byId.delete(id),
    });
    byId.set(id, timer);
    return timer;
  };
  const clear = (timer: unknown): void => {
    if (timer instanceof VirtualTimeout) timer.close();
    else byId.get(Number(timer))?.close();
  };

  const setTimeout = (action: Callback, delayMs?: number, ...values: unknown[]) =>
    start(action, wholeDelay(delayMs), values, false);
  const setImmediate = (action: Callback, ...values: unknown[]) => start(action, 0, values, false);
  // util.promisify looks for this symbol on the timers, as Node documents for its own.
  Object.assign(setTimeout, {
    [promisify.custom]: (delayMs?: number, value?: unknown) =>
      new Promise((resolve) => setTimeout(() => resolve(value), delayMs)),
  });
  Object.assign(setImmediate, {
    [promisify.custom]: (value?: unknown) => new Promise((resolve) => setImmediate(() => resolve(value))),
  });
  return {
    setTimeout,
    setImmediate,
    setInterval: (action, delayMs, ...values) => start(action, wholeDelay(delayMs), values, true),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  };
}

/** A timer as Node hands it out. */
export class VirtualTimeout {
  readonly #id: number;
  readonly #kernel: Kernel;
  readonly #gate: LifeGate;
  readonly #plan: {
    readonly delayMs: number;
    readonly repeat: boolean;
    readonly run: () => void;
    readonly forget: () => void;
  };
  #timer: Timer | undefined;

  constructor(
    id: number,
    kernel: Kernel,
    gate: LifeGate,
    plan: { delayMs: number; repeat: boolean; run: () => void; forget: () => void },
  ) {
    this.#id = id;
    this.#kernel = kernel;
    this.#gate = gate;
    this.#plan = plan;
    this.refresh();
  }

  refresh(): this {
    this.#timer?.cancel();
    const timer = this.#kernel.schedule(this.#plan.delayMs, () => this.#gate.pass(() => this.#fire(timer)));
    this.#timer = timer;
    return this;
  }

  close(): this {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#plan.forget();
    return this;
  }

  /** A Lambda handler's end does not wait for timers, so holding the process up or not makes no difference. */
  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  [Symbol.toPrimitive](): number {
    return this.#id;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** A timer cleared while it waited for the thaw stays silent. */
  #fire(timer: Timer): void {
    if (this.#timer !== timer) return;
    if (this.#plan.repeat) this.refresh();
    else this.close();
    this.#plan.run();
  }
}

/** Node's own rule: a delay below 1 or beyond 31 bits is 1 ms. */
function wholeDelay(delayMs: number | undefined): number {
  const delay = Number(delayMs);
  return delay >= 1 && delay <= 2_147_483_647 ? Math.trunc(delay) : 1;
}
