import type { Item } from "./attribute-value.ts";
import type { Condition } from "./condition-parser.ts";
import { satisfies } from "./evaluate-condition.ts";
import { itemSize } from "./item-size.ts";

/** What one call of Query or Scan reads at most, bytes, before filtering (API reference, Query: 1 MB). */
const PAGE_BYTES = 1024 * 1024;

export interface Page {
  readonly items: readonly Item[];
  readonly scannedCount: number;
  readonly scannedBytes: number;
  /** The last item read, when there may be more: also when the limit fell exactly on the end, as in AWS. */
  readonly last: Item | undefined;
}

/** Reads from `candidates` until the limit or the page size is reached, then filters what was read. */
export function readPage(candidates: readonly Item[], limit: number | undefined, filter?: Condition): Page {
  let scannedBytes = 0;
  let scannedCount = 0;
  for (const item of candidates) {
    scannedCount++;
    scannedBytes += itemSize(item);
    if (scannedCount === limit || scannedBytes >= PAGE_BYTES) break;
  }
  const read = candidates.slice(0, scannedCount);
  const stopped = scannedCount > 0 && (scannedCount === limit || scannedBytes >= PAGE_BYTES);
  return {
    items: filter === undefined ? read : read.filter((item) => satisfies(item, filter)),
    scannedCount,
    scannedBytes,
    last: stopped ? read.at(-1) : undefined,
  };
}
