import type { LifeGate } from "./life-gate.ts";
import { standInModule } from "./stand-in-module.ts";
import type { Transport } from "./transport.ts";
import { virtualFileSystem } from "./virtual-file-system.ts";
import { virtualHttp } from "./virtual-http.ts";
import type { VirtualTimers } from "./virtual-timers.ts";
import { virtualZlib } from "./virtual-zlib.ts";

/** Modules without time, chance or a way out: an environment may use this process's. */
const PURE = new Set([
  "assert",
  "async_hooks",
  "buffer",
  "diagnostics_channel",
  "events",
  "path",
  "path/posix",
  "punycode",
  "querystring",
  "stream",
  "stream/promises",
  "stream/web",
  "string_decoder",
  "url",
  "util",
  "util/types",
]);

export interface ModuleSettings {
  readonly transport: Transport;
  readonly gate: LifeGate;
  readonly timers: VirtualTimers;
  readonly process: object;
  readonly console: Record<string, unknown>;
  readonly performance: object;
  readonly crypto: Record<string, unknown>;
}

/** `require` of one execution environment. A bundle carries its dependencies, so only Node's own modules can be asked for. */
export function virtualModules(settings: ModuleSettings): (name: string) => unknown {
  const builders = moduleBuilders(settings);
  const loaded = new Map<string, unknown>();
  return (specifier) => {
    const name = specifier.replace(/^node:/, "");
    if (!loaded.has(name)) loaded.set(name, load(name, specifier, builders));
    return loaded.get(name);
  };
}

function load(name: string, specifier: string, builders: ReadonlyMap<string, () => unknown>): unknown {
  const build = builders.get(name);
  if (build) return build();
  const real: unknown = process.getBuiltinModule(`node:${name}`);
  if (real === undefined) {
    const error = new Error(`Cannot find module '${specifier}'\nRequire stack:\n- /var/task/index.js`);
    throw Object.assign(error, { code: "MODULE_NOT_FOUND" });
  }
  return PURE.has(name) ? real : standInModule(`node:${name}`, {});
}

function moduleBuilders(settings: ModuleSettings): ReadonlyMap<string, () => unknown> {
  const { timers, process: virtualProcess, console: virtualConsole, performance } = settings;
  const { fs, promises } = virtualFileSystem();
  return new Map<string, () => unknown>([
    ["http", () => virtualHttp("http:", settings)],
    ["https", () => virtualHttp("https:", settings)],
    ["crypto", () => settings.crypto],
    ["zlib", virtualZlib],
    ["fs", () => fs],
    ["fs/promises", () => promises],
    ["process", () => withDefault(virtualProcess)],
    ["console", () => standInModule("node:console", { allow: ["Console"], own: virtualConsole })],
    ["perf_hooks", () => standInModule("node:perf_hooks", { own: { performance } })],
    ["timers", () => withDefault({ ...timers, promises: timerPromises(timers) })],
    ["timers/promises", () => withDefault(timerPromises(timers))],
    ["os", virtualOs],
    ["dns/promises", () => standInModule("node:dns/promises", { own: { lookup: publicAddresses } })],
    ["net", () => standInModule("node:net", { allow: ["BlockList", "isIP", "isIPv4", "isIPv6"] })],
  ]);
}

/** Every name leads to a public address of documentation (RFC 5737); nothing is ever connected to. */
async function publicAddresses(): Promise<readonly { readonly address: string; readonly family: number }[]> {
  return [{ address: "203.0.113.10", family: 4 }];
}

function withDefault(module: object): object {
  return Object.assign(module, { default: module });
}

function timerPromises(timers: VirtualTimers): object {
  const wait = (delayMs?: number, value?: unknown, options?: { readonly signal?: AbortSignal }) =>
    new Promise((resolve, reject) => {
      options?.signal?.throwIfAborted();
      const timer = timers.setTimeout(() => resolve(value), delayMs);
      options?.signal?.addEventListener("abort", () => {
        timer.close();
        reject(options.signal?.reason);
      });
    });
  const setImmediate = (value?: unknown) =>
    new Promise((resolve) => timers.setImmediate(() => resolve(value)));
  return { setTimeout: wait, setImmediate, scheduler: { wait, yield: setImmediate } };
}

/** One machine for everybody, so that a run does not depend on whose it is. */
function virtualOs(): Record<string, unknown> {
  const own = {
    EOL: "\n",
    platform: () => "linux",
    type: () => "Linux",
    arch: () => "arm64",
    release: () => "6.1.0",
    hostname: () => "lambda",
    homedir: () => "/home/sbx_user1051",
    tmpdir: () => "/tmp",
    endianness: () => "LE",
    availableParallelism: () => 2,
  };
  return standInModule("node:os", { own });
}
