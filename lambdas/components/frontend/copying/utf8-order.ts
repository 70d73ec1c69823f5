/**
 * Compares two texts by their UTF-8 bytes, the order in which S3 lists keys. JavaScript's own comparison differs from it
 * for characters above U+FFFF alone, whose halves (surrogates) stand below U+E000.
 */
export function byUtf8(a: string, b: string): number {
  if (a === b) return 0;
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

const SURROGATE = /[\ud800-\udfff]/;
