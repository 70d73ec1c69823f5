import { createHash } from "node:crypto";
import jsonata from "jsonata";
import type { Kernel } from "../kernel/kernel.ts";
import { Random } from "../kernel/random.ts";

/** A function for `jsonata`'s `registerFunction`, with its signature in JSONata's notation. */
export interface ExpressionFunction {
  readonly name: string;
  readonly signature: string;
  readonly implementation: Parameters<jsonata.Expression["registerFunction"]>[1];
}

/**
 * The functions that Step Functions adds to JSONata [AWS transforming-data page, "JSONata functions provided by Step
 * Functions"], and those of JSONata's own that would ask the machine for time or chance.
 */
export function expressionFunctions(kernel: Kernel, random: Random): readonly ExpressionFunction[] {
  // JSONata knows whole milliseconds; the kernel's clock is finer.
  const millis = () => Math.floor(kernel.now);
  return [
    { name: "partition", signature: "<an:a>", implementation: partition },
    { name: "range", signature: "<nnn:a<n>>", implementation: range },
    { name: "hash", signature: "<ss:s>", implementation: hash },
    { name: "parse", signature: "<s-:x>", implementation: (text?: string) => text && JSON.parse(text) },
    {
      name: "random",
      signature: "<n?:n>",
      implementation: (seed?: number) => (seed === undefined ? random : new Random(seed)).next(),
    },
    { name: "uuid", signature: "<:s>", implementation: () => random.uuid() },
    { name: "shuffle", signature: "<a:a>", implementation: (list?: unknown[]) => shuffled(list, random) },
    { name: "millis", signature: "<:n>", implementation: millis },
    {
      name: "now",
      signature: "<s?s?:s>",
      implementation: (...format: (string | undefined)[]) =>
        native("fromMillis", kernel, [millis(), ...format]),
    },
    {
      // Fills what the picture leaves out (the day of "12:30") from the clock.
      name: "toMillis",
      signature: "<s-s?:n>",
      implementation: (...args: (string | undefined)[]) => native("toMillis", kernel, args),
    },
  ];
}

/** Names that a definition may call beside JSONata's own. */
export const addedFunctions: readonly string[] = ["partition", "range", "hash", "random", "uuid", "parse"];

/** Calls JSONata's own function with the region's clock as its time of evaluation. */
async function native(name: string, kernel: Kernel, args: readonly unknown[]): Promise<unknown> {
  // jsonata's function objects have this shape; its declarations do not say so.
  const { implementation } = (await jsonata(`$${name}`).evaluate(undefined)) as {
    readonly implementation: (...args: unknown[]) => unknown;
  };
  return implementation.apply({ environment: { timestamp: kernel.date() } }, [...args]);
}

function partition(list: readonly unknown[] | undefined, size: number): unknown[][] | undefined {
  if (list === undefined) return undefined;
  if (!Number.isInteger(size) || size < 1)
    throw new Error("The chunk size of $partition is a positive integer");
  const chunks: unknown[][] = [];
  for (let start = 0; start < list.length; start += size) chunks.push(list.slice(start, start + size));
  return chunks;
}

/** Both ends included; up to 1,000 elements, as `States.ArrayRange`, whose equivalent it is [same page]. */
function range(first: number, last: number, step: number): number[] {
  if (step === 0) throw new Error("The step of $range cannot be 0");
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (!(length <= 1_000)) throw new Error("$range gives at most 1000 elements");
  return Array.from({ length }, (_, index) => first + index * step);
}

const digests: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

function hash(text: string | undefined, algorithm: string): string | undefined {
  if (text === undefined) return undefined;
  const digest = digests[algorithm];
  if (!digest) throw new Error(`$hash does not know the algorithm ${algorithm}`);
  return createHash(digest).update(text, "utf8").digest("hex");
}

function shuffled(list: readonly unknown[] | undefined, random: Random): unknown[] | undefined {
  if (list === undefined) return undefined;
  const drawn = list.map((value) => ({ value, rank: random.next() }));
  return drawn.sort((left, right) => left.rank - right.rank).map(({ value }) => value);
}
