/** What CommonJS gives every module. */
export const MODULE_NAMES = ["exports", "require", "module", "__filename", "__dirname"] as const;

/**
 * The names that a bundle sees as its environment's own instead of this process's: everything that holds time, chance
 * or a way out. A bundle is compiled as a function of these names.
 */
export const GLOBAL_NAMES = [
  "__importModule",
  "global",
  "globalThis",
  "process",
  "console",
  "Date",
  "Math",
  "performance",
  "crypto",
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
  "setImmediate",
  "clearImmediate",
  "queueMicrotask",
  "AbortSignal",
  "fetch",
  "WebSocket",
  "EventSource",
  "MessageChannel",
  "BroadcastChannel",
] as const;

export type GlobalName = (typeof GLOBAL_NAMES)[number];
export type ModuleName = (typeof MODULE_NAMES)[number];
