import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, globSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Readable, Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";

/**
 * What a person would set on a db.m6g.large (8 GiB): RDS's own share for shared_buffers (`DBInstanceClassMemory/32768`
 * pages, a quarter), more memory for building indexes and rarer checkpoints than by default, both in the dump's favour.
 * `wal_level` stays as RDS needs it for backups, and nothing that is acknowledged can be lost.
 */
export const SETTINGS = {
  shared_buffers: "2GB",
  maintenance_work_mem: "512MB",
  effective_cache_size: "6GB",
  max_wal_size: "16GB",
  checkpoint_timeout: "30min",
  wal_level: "replica",
} as const;

/** Where distributions put what a server needs, newest version first; undefined when it is not installed. */
export function postgresFolder(): string | undefined {
  const folders = globSync("/usr/{lib/postgresql/*,pgsql-*,local/pgsql,local}/bin");
  return folders.filter(isComplete).toSorted(byVersion).at(-1);
}

const isComplete = (folder: string) =>
  ["initdb", "postgres", "pg_dump", "psql"].every((name) => existsSync(`${folder}/${name}`));

const byVersion = (a: string, b: string) => a.localeCompare(b, "en", { numeric: true });

/** A PostgreSQL of its own in a fresh folder, on a Unix socket only, gone at the end. */
export class PostgresServer {
  readonly folder: string;
  readonly #bin: string;
  readonly #as: Account;
  #stop: () => Promise<void> = async () => undefined;

  private constructor(bin: string) {
    this.#bin = bin;
    this.#as = unprivileged();
    this.folder = mkdtempSync(`${tmpdir()}/stepback-dump-`);
    if (this.#as.uid !== undefined) chownSync(this.folder, this.#as.uid, this.#as.gid ?? 0);
  }

  /** Starts a server, lets `work` have it, and ends it by its own process, whatever happens. */
  static async with<T>(bin: string, work: (server: PostgresServer) => Promise<T>): Promise<T> {
    const server = new PostgresServer(bin);
    try {
      await server.#start();
      return await work(server);
    } finally {
      await server.#stop();
      rmSync(server.folder, { recursive: true, force: true });
    }
  }

  url(database: string): string {
    return `postgresql:///${database}?host=${encodeURIComponent(this.folder)}&user=postgres`;
  }

  /**
   * A line of a runbook in a shell, to its end. A pipe's first command that fails fails it.
   *
   * @param input what is written into its standard input
   */
  async run(line: string, database: string, input?: Iterable<string>): Promise<string> {
    const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
      "bash",
      ["-o", "pipefail", "-c", line],
      {
        ...this.#as,
        cwd: this.folder,
        env: { PATH: `${this.#bin}:/usr/bin:/bin`, LC_ALL: "C.UTF-8", DATABASE_URL: this.url(database) },
        stdio: ["pipe", "pipe", "inherit"],
      },
    );
    const said: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => said.push(chunk));
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    for (const chunk of input ?? []) {
      if (!child.stdin.write(chunk)) await new Promise((resolve) => child.stdin.once("drain", resolve));
    }
    child.stdin.end();
    const code = await ended;
    if (code !== 0) throw new Error(`\`${line}\` ended with ${code}`);
    return Buffer.concat(said).toString().trim();
  }

  async ask(database: string, sql: string): Promise<string> {
    return this.run(`psql -X -A -t -v ON_ERROR_STOP=1 -d "$DATABASE_URL"`, database, [sql]);
  }

  async #start(): Promise<void> {
    const data = `${this.folder}/data`;
    mkdirSync(data, { mode: 0o700 });
    if (this.#as.uid !== undefined) chownSync(data, this.#as.uid, this.#as.gid ?? 0);
    await this.run(`initdb -D "$PWD/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8`, "postgres");
    const settings = { ...SETTINGS, listen_addresses: "", unix_socket_directories: this.folder };
    const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const server = spawn(`${this.#bin}/postgres`, ["-D", data, ...options], { ...this.#as, stdio: "ignore" });
    const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
    this.#stop = async () => {
      // The fast way: sessions end, and the server writes everything and goes.
      server.kill("SIGINT");
      await ended;
    };
    for (let attempt = 0; attempt < 100; attempt++) {
      await setTimeout(100);
      if (existsSync(`${this.folder}/.s.PGSQL.5432`)) return;
      if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
    }
    throw new Error("postgres did not open its socket in ten seconds");
  }
}

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** postgres refuses to run as root: somebody else's account then, the one that its package makes, or nobody's. */
function unprivileged(): Account {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ["-u", "-g"].map((flag) => Number(idOf(flag, "postgres") ?? idOf(flag, "nobody")));
  return { uid: uid ?? 65_534, gid: gid ?? 65_534 };
}

function idOf(flag: string, account: string): string | undefined {
  try {
    return execFileSync("id", [flag, account], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}
