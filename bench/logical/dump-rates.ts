import { statSync } from "node:fs";
import { rowsOf, SCHEMA, TABLES } from "./boardroom-data.ts";
import { PostgresServer } from "./postgres-server.ts";

/** How long one database of a size took; seconds are the best of several times, which favours the runbook. */
export interface Dumped {
  /** `pg_database_size`, with indexes, over what an empty database has. */
  readonly bytes: number;
  readonly rows: number;
  /** Of the dump itself, as text and packed. */
  readonly textBytes: number;
  readonly packedBytes: number;
  /** `pg_dump $DATABASE_URL | gzip > file` */
  readonly packedDump: readonly number[];
  /** `gunzip -c file | psql $DATABASE_URL`, into an empty database */
  readonly packedLoad: readonly number[];
  /** `pg_dump $DATABASE_URL > file` */
  readonly plainDump: readonly number[];
  /** `psql $DATABASE_URL < file`, into an empty database */
  readonly plainLoad: readonly number[];
}

/** The runbooks' commands against a real PostgreSQL, for each size, each command so often. */
export function measureDumps(
  bin: string,
  megabytes: readonly number[],
  { times, tell }: { readonly times: number; readonly tell: (one: Dumped) => void },
): Promise<Dumped[]> {
  return PostgresServer.with(bin, async (server) => {
    const measured: Dumped[] = [];
    for (const size of megabytes) {
      const one = await measure(server, size, times);
      tell(one);
      measured.push(one);
    }
    return measured;
  });
}

async function measure(server: PostgresServer, megabytes: number, times: number): Promise<Dumped> {
  await fill(server, megabytes);
  const took = { packedDump: [], packedLoad: [], plainDump: [], plainLoad: [] } as Record<Command, number[]>;
  for (let time = 0; time < times; time++) {
    for (const [command, { line, loads }] of Object.entries(COMMANDS) as [Command, Typed][]) {
      if (loads) await server.ask("postgres", "create database restored");
      // Nothing that was written before is still on its way to the disk.
      await server.ask("postgres", "checkpoint");
      took[command].push(await secondsOf(() => server.run(line, loads ? "restored" : "boardroom")));
      if (!loads) continue;
      await mustBeTheSame(server);
      await server.ask("postgres", "drop database restored");
    }
  }
  const bytes = Number(
    await server.ask("postgres", "select pg_database_size('boardroom') - pg_database_size('template1')"),
  );
  const { size: packedBytes } = statSync(`${server.folder}/dump.sql.gz`);
  const { size: textBytes } = statSync(`${server.folder}/dump.sql`);
  const rows = (await rowsIn(server, "boardroom")).reduce((sum, count) => sum + count, 0);
  await server.run("rm dump.sql dump.sql.gz", "postgres");
  await server.ask("postgres", "drop database boardroom");
  return { bytes, rows, textBytes, packedBytes, ...took };
}

interface Typed {
  readonly line: string;
  /** Into an empty database. */
  readonly loads: boolean;
}

/** Seed 001's two lines, and seed 002's, which packs nothing; its `mysqldump` and `mysql` are PostgreSQL's here. */
const COMMANDS = {
  packedDump: { line: `pg_dump $DATABASE_URL | gzip > dump.sql.gz`, loads: false },
  packedLoad: { line: `gunzip -c dump.sql.gz | psql $DATABASE_URL > /dev/null`, loads: true },
  plainDump: { line: `pg_dump $DATABASE_URL > dump.sql`, loads: false },
  plainLoad: { line: `psql $DATABASE_URL < dump.sql > /dev/null`, loads: true },
} as const satisfies Readonly<Record<string, Typed>>;

type Command = keyof typeof COMMANDS;

async function fill(server: PostgresServer, megabytes: number): Promise<void> {
  await server.ask("postgres", "create database boardroom");
  await server.ask("boardroom", SCHEMA);
  for (const table of TABLES) {
    const copy = `psql -X -q -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -c 'copy ${table} from stdin'`;
    await server.run(copy, "boardroom", rowsOf(table, megabytes));
  }
  // Indexes that grew row by row are larger than those that a load builds; statistics are there as in life.
  await server.ask("boardroom", "reindex database boardroom");
  await server.ask("boardroom", "vacuum analyze");
}

/** psql goes on after an error: what was loaded is counted. */
async function mustBeTheSame(server: PostgresServer): Promise<void> {
  const [before, after] = [await rowsIn(server, "boardroom"), await rowsIn(server, "restored")];
  if (before.join() !== after.join()) throw new Error(`Loaded ${after.join()} rows of ${before.join()}`);
}

async function rowsIn(server: PostgresServer, database: string): Promise<number[]> {
  const counts = TABLES.map((table) => `(select count(*) from ${table})`);
  return (await server.ask(database, `select concat_ws(',', ${counts.join()})`)).split(",").map(Number);
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begunAt = performance.now();
  await work();
  return (performance.now() - begunAt) / 1_000;
}
