import { median } from "../median.ts";
import { type Opponent, type PlayedBySize, secondsPerGigabyte, sizeAt } from "./by-size.ts";
import type { Dumped } from "./dump-rates.ts";
import { perGigabyte } from "./rates.ts";

/** What one size took, each command as often as it was measured. */
export function tellMeasured(one: Dumped): void {
  const megabytes = (count: number) => `${(count / 1e6).toFixed(0)} MB`;
  const dump = `the dump ${megabytes(one.textBytes)}, packed ${megabytes(one.packedBytes)}`;
  console.log(`  ${megabytes(one.bytes)} with indexes, ${one.rows} rows; ${dump}`);
  for (const [line, seconds] of [
    ["pg_dump | gzip", one.packedDump],
    ["gunzip -c | psql, empty database", one.packedLoad],
    ["pg_dump", one.plainDump],
    ["psql, empty database", one.plainLoad],
  ] as const) {
    const each = seconds.map((second) => second.toFixed(1)).join(" ");
    const rate = perGigabyte(one, seconds);
    const best = `${rate.toFixed(1)} s a GB, ${(1_000 / rate).toFixed(0)} MB/s`;
    console.log(`    ${line.padEnd(34)}${each} s; the best ${best}`);
  }
}

/** An order by size, in every night: least / middle / most. */
export function tellOrder(name: string, played: readonly PlayedBySize[]): void {
  console.log(`\n  ${name} as written, least / middle / most`);
  tellLine("GB", ["order, s", "Stepback of it", "where users wait", "writes in no dump"]);
  for (const [index, { gigabytes }] of (played[0]?.recoveries ?? []).entries()) {
    const at = played.flatMap(({ opponent, recoveries }) => {
      const { recovery } = recoveries[index] ?? {};
      return recovery ? [{ opponent, recovery }] : [];
    });
    const shares = (of: (opponent: Opponent) => number) =>
      at.map(({ opponent, recovery }) => of(opponent) / recovery.seconds);
    tellLine(String(gigabytes), [
      spread(at.map(({ recovery }) => recovery.seconds)),
      spread(
        shares(({ seconds }) => seconds),
        2,
      ),
      spread(
        shares(({ waitingSeconds }) => waitingSeconds),
        2,
      ),
      spread(at.map(({ recovery }) => recovery.unsaved)),
    ]);
  }
  const from = (times: number, of: (opponent: Opponent) => number) =>
    `${spread(played.map((one) => sizeAt(one, times * of(one.opponent))))} GB`;
  console.log(`  Stepback is as quick from ${from(1, ({ seconds }) => seconds)}`);
  console.log(`  Half is reached from ${from(2, ({ seconds }) => seconds)}`);
  console.log(`  Where users wait for the copy's first backup from ${from(2, (one) => one.waitingSeconds)}`);
  const slope = secondsPerGigabyte(played);
  console.log(`  The order takes ${slope.toFixed(1)} s a GB: half is out of reach at every size`);
  console.log(`  where RDS's restore takes ${(slope / 2).toFixed(1)} s a GB or more`);
}

function tellLine(head: string, columns: readonly string[]): void {
  console.log(`  ${head.padStart(5)}${columns.map((column) => column.padStart(26)).join("")}`);
}

function spread(figures: readonly number[], digits = 0): string {
  const all = [Math.min(...figures), median(figures), Math.max(...figures)];
  return all.map((figure) => figure.toFixed(digits)).join(" / ");
}
