/** `UNDO_SEEDS=30` plays so many seeds, `UNDO_SEEDS=31-60` those. */
const [from = 1, to = 0] = rangeOf(process.env["UNDO_SEEDS"] ?? "3");
export const isWished = process.env["UNDO_SEEDS"] !== undefined;
export const SEEDS = Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Several virtual hours, and a machine that is busy otherwise. */
export const LONGEST_MS = 900_000;

function rangeOf(text: string): readonly number[] {
  const [, first = "1", last = "1"] = /^(?:(\d+)-)?(\d+)$/.exec(text) ?? [];
  return [Number(first), Number(last)];
}
