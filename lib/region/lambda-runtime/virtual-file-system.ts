import { standInModule } from "./stand-in-module.ts";

/**
 * `node:fs` and `node:fs/promises` of an environment with nothing to read: the SDK looks for shared configuration
 * files and goes on without them. Writing is refused.
 */
export function virtualFileSystem(): {
  readonly fs: Record<string, unknown>;
  readonly promises: Record<string, unknown>;
} {
  const rejecting = (call: string) => (path: unknown) => Promise.reject(notFound(call, path));
  const throwing = (call: string) => (path: unknown) => {
    throw notFound(call, path);
  };
  const calling =
    (call: string) =>
    (path: unknown, ...rest: unknown[]) => {
      const done = rest.at(-1);
      if (typeof done === "function") process.nextTick(done, notFound(call, path));
    };
  const reads = ["readFile", "stat", "lstat", "access", "readdir"];
  const promises = standInModule("node:fs/promises", {
    own: Object.fromEntries(reads.map((call) => [call, rejecting(call)])),
  });
  const fs = standInModule("node:fs", {
    own: {
      ...Object.fromEntries(
        reads.flatMap((call) => [
          [call, calling(call)],
          [`${call}Sync`, throwing(call)],
        ]),
      ),
      existsSync: () => false,
      promises,
    },
  });
  return { fs, promises };
}

function notFound(call: string, path: unknown): Error {
  const error = new Error(`ENOENT: no such file or directory, ${call} '${String(path)}'`);
  return Object.assign(error, { code: "ENOENT", errno: -2, syscall: call, path: String(path) });
}
