import type { Dumped } from "./dump-rates.ts";

/** Seconds for each GB (10⁹ bytes) of the database with its indexes. */
export interface Rate {
  readonly dump: number;
  readonly load: number;
}

/** The quickest that was seen of each, at whatever size: time is taken to grow with the size and no faster. */
export function ratesOf(dumped: readonly Dumped[]): { readonly packed: Rate; readonly plain: Rate } {
  const least = (figure: (one: Dumped) => readonly number[]) =>
    Math.min(...dumped.map((one) => perGigabyte(one, figure(one))));
  return {
    packed: { dump: least((one) => one.packedDump), load: least((one) => one.packedLoad) },
    plain: { dump: least((one) => one.plainDump), load: least((one) => one.plainLoad) },
  };
}

export function perGigabyte({ bytes }: Dumped, seconds: readonly number[]): number {
  return Math.min(...seconds) / (bytes / 1e9);
}

/** The most that was seen: rows are what the region's restore goes by. */
export function rowsPerGigabyte(dumped: readonly Dumped[]): number {
  return Math.max(...dumped.map(({ rows, bytes }) => rows / (bytes / 1e9)));
}
