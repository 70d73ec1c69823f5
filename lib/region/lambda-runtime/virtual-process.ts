import { EventEmitter } from "node:events";
import type { Kernel } from "../kernel/kernel.ts";
import type { OutputCapture } from "./output-capture.ts";
import { refuse } from "./stand-in-module.ts";

export interface ProcessSettings {
  readonly kernel: Kernel;
  /** The environment's own copy: what a handler writes there lasts as long as the environment. */
  readonly env: Record<string, string>;
  readonly stdout: OutputCapture;
  readonly require: (name: string) => unknown;
  /** Ends the environment, as the end of the process does. */
  readonly exit: (code: number) => void;
}

/** `process` of one execution environment: Lambda's machine, the region's clock. */
export function virtualProcess(settings: ProcessSettings): object {
  const { kernel, stdout } = settings;
  const startedAt = kernel.now;
  const elapsedNs = () => BigInt(Math.round((kernel.now - startedAt) * 1_000_000));
  const hrtime = (since: readonly [number, number] = [0, 0]): [number, number] => {
    const total = elapsedNs() - (BigInt(since[0]) * 1_000_000_000n + BigInt(since[1]));
    return [Number(total / 1_000_000_000n), Number(total % 1_000_000_000n)];
  };
  return Object.assign(new EventEmitter(), {
    env: settings.env,
    stdout,
    stderr: stdout,
    argv: ["/var/lang/bin/node", "/var/runtime/index.mjs"],
    execArgv: [],
    title: "node",
    pid: 8,
    ppid: 1,
    platform: "linux",
    arch: "arm64",
    version: process.version,
    versions: process.versions,
    release: process.release,
    config: process.config,
    features: process.features,
    cwd: () => "/var/task",
    uptime: () => (kernel.now - startedAt) / 1_000,
    hrtime: Object.assign(hrtime, { bigint: elapsedNs }),
    nextTick: process.nextTick,
    emitWarning: (warning: unknown) => stdout.write(`(node:8) Warning: ${String(warning)}\n`),
    memoryUsage: refuse("process.memoryUsage"),
    getBuiltinModule: (name: string) => settings.require(name),
    exit: (code = 0) => settings.exit(code),
    chdir: refuse("process.chdir"),
    kill: refuse("process.kill"),
    binding: refuse("process.binding"),
    dlopen: refuse("process.dlopen"),
  });
}
