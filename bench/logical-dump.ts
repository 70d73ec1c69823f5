import { availableParallelism, loadavg } from "node:os";
import { DEFAULT_PACE } from "../lib/region/services/rds/pace.ts";
import { type Opponent, opponentOf, type PlayedBySize, playBySize } from "./logical/by-size.ts";
import { measureDumps } from "./logical/dump-rates.ts";
import { postgresFolder } from "./logical/postgres-server.ts";
import { ratesOf, rowsPerGigabyte } from "./logical/rates.ts";
import { tellMeasured, tellOrder } from "./logical/telling.ts";
import { COMPLETE_SYSTEM_ROLLBACK, STOP_RESTORE_START } from "./recovery/serial-orders.ts";

/** Of the database that is measured; a quarter of it too, to see whether time grows with the size and no faster. */
const MEGABYTES = 1_000;
const SHARES = [1 / 4, 1];
const TIMES = 3;
const SEEDS = 3;
const GIGABYTES = [5, 10, 20, 50, 100, 200, 500];

/**
 * The runbooks' orders with the logical dump and load that they write, whose time grows with the data, against Stepback's
 * rollback in the same night (docs/serial-order.md, "As the runbook writes it"). The rates are measured here, in real
 * time; the orders are played in virtual time.
 */
export async function benchLogicalDump(megabytes = MEGABYTES, seeds = SEEDS): Promise<void> {
  console.log("\nThe runbooks' own dump and load");
  const bin = postgresFolder();
  if (bin === undefined) {
    console.log("  PostgreSQL's server is not installed here: nothing is measured, nothing played");
    return;
  }
  const load = (loadavg()[0] ?? 0).toFixed(1);
  console.log(
    `  ${availableParallelism()} cores with a load of ${load} before: what else runs makes dumps slower`,
  );
  const dumped = await measureDumps(
    bin,
    SHARES.map((share) => share * megabytes),
    { times: TIMES, tell: tellMeasured },
  );
  const { packed, plain } = ratesOf(dumped);
  const opponents: Opponent[] = [];
  for (let seed = 1; seed <= seeds; seed++) opponents.push(await opponentOf(seed));
  for (const { name, order, rate } of [
    { name: "seed 001", order: COMPLETE_SYSTEM_ROLLBACK, rate: packed },
    { name: "seed 002", order: STOP_RESTORE_START, rate: plain },
  ]) {
    const played: PlayedBySize[] = [];
    for (const opponent of opponents) played.push(await playBySize(opponent, order, rate, GIGABYTES));
    tellOrder(name, played);
  }
  const guessed = rowsPerGigabyte(dumped) / DEFAULT_PACE.restoreRowsPerSecond;
  console.log(`  By the region's own guess for few rows it would be ${guessed.toFixed(0)} s a GB`);
}

if (import.meta.main) {
  const [megabytes = MEGABYTES, seeds = SEEDS] = process.argv.slice(2).map(Number);
  await benchLogicalDump(megabytes, seeds);
}
