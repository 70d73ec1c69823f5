import type { TaskLaunch, TaskOutcome, TaskProgram } from "../../services/ecs/task-program.ts";
import type { ContentView } from "../../services/rds/content.ts";
import { COMPLETE } from "../complete-names.ts";
import { backfill, report } from "./connected-tasks.ts";
import { alembic } from "./migration.ts";
import { connectionProblem, exit, type Process, type Program, type Workshop } from "./process.ts";

/** The standalone tasks of the application: migrations, checks, smoke tests, a cache flush, a table copy, reports. */
export class TaskPrograms implements TaskProgram {
  readonly #workshop: Workshop;
  readonly #failures: { readonly program: string; readonly exitCode: number; readonly line: string }[] = [];

  constructor(workshop: Workshop) {
    this.#workshop = workshop;
  }

  /** For drills: the next task whose command begins like this fails so, without an effect. */
  failNext(
    program: string,
    { exitCode = 1, line = "failed" }: { exitCode?: number; line?: string } = {},
  ): void {
    this.#failures.push({ program, exitCode, line });
  }

  run(launch: TaskLaunch): TaskOutcome {
    const { home, network } = this.#workshop;
    const process: Process = {
      ...this.#workshop,
      launch,
      host: launch.environment["DATABASE_HOST"] ?? home.host() ?? "",
      as: (work) => network.as(launch.securityGroups, work),
    };
    const [name = "", ...words] = launch.command;
    const broken = this.#failures.findIndex(({ program }) => launch.command.join(" ").startsWith(program));
    const [failure] = broken < 0 ? [] : this.#failures.splice(broken, 1);
    if (failure) return exit(failure.exitCode, 5, failure.line);
    const program = PROGRAMS[name];
    if (program) return program(process, words);
    // What a shell says, and exits with, when there is no such command.
    return exit(127, 1, `exec: "${name}": executable file not found in $PATH`);
  }
}

const PROGRAMS: Readonly<Record<string, Program>> = {
  alembic,
  smoke: ({ symptoms }) => {
    const found = symptoms();
    return exit(found.length === 0 ? 0 : 1, 10, ...(found.length === 0 ? ["all checks passed"] : found));
  },
  check: (process, [what]) => {
    if (what === "integrity") return checkIntegrity(process);
    if (what === "data-api") return checkByDataApi(process);
    return exit(2, 1, `check: unknown check "${what ?? ""}"`);
  },
  report,
  backfill,
  // A digest is a report that another service starts.
  digest: report,
  flush: (process) => flush(process),
  "copy-table": (process, [table]) => copyTable(process, table),
};

/** Logs in with its task's role (IAM authentication), so that it works on a copy whatever the password was then. */
function checkIntegrity(process: Process): TaskOutcome {
  const problem = connectionProblem(process);
  if (problem !== undefined) return exit(2, 30, problem);
  return judge(process.databases.contentAt(process.host));
}

/**
 * Asks the same of the cluster at DATABASE_ARN, as `aws rds-data execute-statement` does: without a host, a driver or a
 * way through the network. That command ends with 254 when AWS refuses.
 */
function checkByDataApi({ databases, launch }: Process): TaskOutcome {
  const answer = databases.askByDataApi(launch.environment["DATABASE_ARN"] ?? "");
  if (!("error" in answer)) return judge(answer);
  const what = `An error occurred (${answer.error}) when calling the ExecuteStatement operation`;
  return exit(254, 3, `${what}: ${answer.message}`);
}

function judge({ corrupted = [], rows = {} }: Partial<ContentView> = {}): TaskOutcome {
  const counts = COMPLETE.tables.map((table) => `${table}: ${rows[table] ?? 0} rows`);
  if (corrupted.length === 0) return exit(0, 15, ...counts, "integrity holds");
  return exit(1, 15, ...counts, ...corrupted.map((table) => `${table}: damaged rows`));
}

/** Flushes as soon as it runs, so that its exit code is what the cache really answered: it may block the command. */
function flush({ as, cache }: Process): TaskOutcome {
  const { cacheHost } = cache.read();
  try {
    as(() => cache.flush(cacheHost));
    return exit(0, 4, "FLUSHALL: OK");
  } catch (error) {
    return exit(1, 4, String(error));
  }
}

/**
 * Copies the rows of one table that the database misses from the one at SOURCE_HOST (docs/facts/database.md §9). Rows
 * that a bad release damaged stay damaged: only a restore or a backtrack takes that back.
 */
function copyTable(process: Process, table: string | undefined): TaskOutcome {
  const { as, databases, host, launch } = process;
  const source = launch.environment["SOURCE_HOST"] ?? "";
  if (table === undefined || source === "") return exit(2, 1, "usage: SOURCE_HOST=… copy-table <table>");
  for (const problem of [connectionProblem({ ...process, host: source }), connectionProblem(process)]) {
    if (problem !== undefined) return exit(1, 30, problem);
  }
  const rowsAt = (name: string) => databases.contentAt(name)?.rows[table] ?? 0;
  const missing = Math.max(0, rowsAt(source) - rowsAt(host));
  return {
    ...exit(0, 60, `${table}: ${missing} rows to copy`, "COMMIT"),
    exited: () => {
      if (missing > 0) as(() => databases.write(host, table, missing, `copied from ${source}`));
    },
  };
}
