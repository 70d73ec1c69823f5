import * as zlib from "node:zlib";
import { standInModule } from "./stand-in-module.ts";

const CODECS = [
  ["gzip", zlib.gzipSync],
  ["gunzip", zlib.gunzipSync],
  ["deflate", zlib.deflateSync],
  ["deflateRaw", zlib.deflateRawSync],
  ["inflate", zlib.inflateSync],
  ["inflateRaw", zlib.inflateRawSync],
  ["unzip", zlib.unzipSync],
  ["brotliCompress", zlib.brotliCompressSync],
  ["brotliDecompress", zlib.brotliDecompressSync],
] as const;

/** `node:zlib` on this thread: Node's asynchronous half ends at a moment of its own, so it is built from the other half. */
export function virtualZlib(): Record<string, unknown> {
  const own: Record<string, unknown> = {};
  for (const [name, codec] of CODECS) {
    own[`${name}Sync`] = codec;
    own[name] = (data: zlib.InputType, ...rest: unknown[]) => {
      const done = rest.at(-1) as (error: Error | null, answer?: Buffer) => void;
      process.nextTick(() => settle(() => codec(data), done));
    };
  }
  return standInModule("node:zlib", { allow: ["codes", "crc32"], own });
}

function settle(compute: () => Buffer, done: (error: Error | null, answer?: Buffer) => void): void {
  let failure: Error | null = null;
  let answer: Buffer | undefined;
  try {
    answer = compute();
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  }
  done(failure, answer);
}
