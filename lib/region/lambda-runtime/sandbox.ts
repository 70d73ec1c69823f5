import type { Kernel } from "../kernel/kernel.ts";
import type { Random } from "../kernel/random.ts";
import type { LifeGate } from "./life-gate.ts";
import type { OutputCapture } from "./output-capture.ts";
import type { GlobalName, ModuleName } from "./sandbox-names.ts";
import { refuse } from "./stand-in-module.ts";
import type { Transport } from "./transport.ts";
import { type ConsoleSettings, virtualConsole } from "./virtual-console.ts";
import { virtualCrypto } from "./virtual-crypto.ts";
import { virtualFetch } from "./virtual-fetch.ts";
import { virtualModules } from "./virtual-modules.ts";
import { virtualProcess } from "./virtual-process.ts";
import { type VirtualTimers, virtualTimers } from "./virtual-timers.ts";

export interface SandboxSettings {
  readonly kernel: Kernel;
  readonly random: Random;
  readonly gate: LifeGate;
  readonly transport: Transport;
  readonly env: Record<string, string>;
  readonly stdout: OutputCapture;
  readonly console: Pick<ConsoleSettings, "format" | "level" | "requestId">;
  readonly exit: (code: number) => void;
}

export interface Sandbox {
  readonly globals: Readonly<Record<GlobalName, unknown>>;
  readonly module: Readonly<Record<ModuleName, unknown>>;
  readonly console: Record<string, unknown>;
}

/**
 * The world as one execution environment's code sees it: its own module, clock, chance, output and network. `module`
 * is the CommonJS module that the bundle fills.
 */
export function sandbox(settings: SandboxSettings, module: { exports: unknown }): Sandbox {
  const { kernel, gate, stdout, transport } = settings;
  // A wall clock counts whole milliseconds; the kernel's moments lie between them.
  const now = () => Math.floor(kernel.now);
  const timers = virtualTimers(kernel, gate);
  const crypto = virtualCrypto(settings.random);
  const console = virtualConsole({ ...settings.console, stdout, now });
  const performance = virtualPerformance(kernel);
  const process = virtualProcess({ ...settings, require: (name) => require(name) });
  const require = virtualModules({
    ...{ transport, gate, timers, process, console, performance },
    crypto: crypto.module,
  });
  const global = virtualGlobal();
  const globals = {
    __importModule: async (name: string) => require(name),
    global,
    globalThis: global,
    process,
    console,
    Date: virtualDate(now),
    Math: virtualMath(settings.random),
    performance,
    crypto: crypto.web,
    ...timers,
    queueMicrotask,
    AbortSignal: virtualAbortSignal(timers),
    fetch: virtualFetch(transport, gate),
    WebSocket: refuse("WebSocket"),
    EventSource: refuse("EventSource"),
    MessageChannel: refuse("MessageChannel"),
    BroadcastChannel: refuse("BroadcastChannel"),
  };
  Object.assign(global, globals);
  const paths = { __filename: "/var/task/index.js", __dirname: "/var/task" };
  return { globals, module: { exports: module.exports, require, module, ...paths }, console };
}

/** The real `Date` in everything but the present moment; dates of both kinds are the same kind. */
function virtualDate(now: () => number): DateConstructor {
  return new Proxy(Date, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
    apply: () => new Date(now()).toString(),
    get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
  });
}

function virtualMath(random: Random): object {
  const own = { random: { value: () => random.next() } };
  return Object.create(null, { ...Object.getOwnPropertyDescriptors(Math), ...own });
}

function virtualPerformance(kernel: Kernel): object {
  const timeOrigin = kernel.now;
  return {
    timeOrigin,
    now: () => kernel.now - timeOrigin,
    mark: refuse("performance.mark"),
    measure: refuse("performance.measure"),
  };
}

function virtualAbortSignal(timers: VirtualTimers): typeof AbortSignal {
  const timeout = (delayMs: number): AbortSignal => {
    const controller = new AbortController();
    const reason = () => new DOMException("The operation was aborted due to timeout", "TimeoutError");
    timers.setTimeout(() => controller.abort(reason()), delayMs);
    return controller.signal;
  };
  return new Proxy(AbortSignal, {
    get: (target, key) => (key === "timeout" ? timeout : Reflect.get(target, key)),
  });
}

/** `globalThis`: what the code sets stays in its environment, what it reads is this process's unless replaced. */
function virtualGlobal(): object {
  return new Proxy(
    {},
    {
      get: (own, key) => Reflect.get(Object.hasOwn(own, key) ? own : globalThis, key),
      has: (own, key) => Object.hasOwn(own, key) || Reflect.has(globalThis, key),
    },
  );
}
