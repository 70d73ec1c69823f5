import { s3Error } from "./s3-error.ts";
import { compareUtf8 } from "./sorted-keys.ts";

/** What the two listings have in common. */
export interface ListInput {
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly MaxKeys?: number | undefined;
  readonly EncodingType?: string | undefined;
}

/** A page has 1,000 entries at most, and unless told (API reference, ListObjectsV2). */
export function pageOptions({
  Prefix: prefix = "",
  Delimiter: delimiter,
  MaxKeys: maxKeys = 1_000,
}: ListInput) {
  if (maxKeys < 0) throw s3Error.invalidArgument("maxKeys cannot be negative");
  return { prefix, delimiter, maxKeys: Math.min(maxKeys, 1_000) };
}

/** What every listing repeats of its request. */
export function echo(input: ListInput, maxKeys: number) {
  const encode = encoder(input.EncodingType);
  return {
    Prefix: encode(input.Prefix ?? ""),
    MaxKeys: maxKeys,
    ...(input.Delimiter === undefined ? {} : { Delimiter: encode(input.Delimiter) }),
    ...(input.EncodingType === "url" ? { EncodingType: "url" as const } : {}),
  };
}

/** `EncodingType: url` encodes the keys of the answer, and leaves the slashes in them readable. */
export function encoder(type: string | undefined): (text: string) => string {
  return type === "url" ? (text) => encodeURIComponent(text).replaceAll("%2F", "/") : (text) => text;
}

export function isAfter(key: string, marker: string): boolean {
  return compareUtf8(key, marker) > 0;
}

export function later(a: string, b: string): string {
  return isAfter(a, b) ? a : b;
}
