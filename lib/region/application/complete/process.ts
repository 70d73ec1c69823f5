import type { TaskLaunch, TaskOutcome } from "../../services/ecs/task-program.ts";
import type { Databases } from "../../services/rds/databases.ts";
import type { CacheUse } from "./cache-use.ts";
import type { DatabaseHome } from "./database-home.ts";
import type { Network } from "./network.ts";
import type { Surroundings } from "./surroundings.ts";

/** A container's process, connected: `as` does something from where it stands in the network. */
export interface Process extends Workshop {
  readonly launch: TaskLaunch;
  /** DATABASE_HOST, or where the application's own host name leads. */
  readonly host: string;
  as<T>(work: () => T): T;
}

/** What the programs of standalone tasks work with. */
export interface Workshop {
  readonly region: Surroundings;
  readonly databases: Databases;
  readonly home: DatabaseHome;
  readonly network: Network;
  readonly cache: CacheUse;
  /** What is wrong with the application now, a line each; empty when it is well. */
  readonly symptoms: () => readonly string[];
  /** A task's process opens a connection and goes on writing; the answer closes it. */
  readonly connect: (taskArn: string) => () => void;
  /** The schema revisions that the release of an image has scripts for, oldest first. */
  readonly revisionsOf: (image: TaskLaunch["image"]) => readonly string[];
}

export type Program = (process: Process, words: readonly string[]) => TaskOutcome;

export function exit(exitCode: number, seconds: number, ...logLines: string[]): TaskOutcome {
  return { exitCode, seconds, logLines };
}

/** What a client says that gets no connection; undefined when it gets one. */
export function connectionProblem({ as, databases, host, home }: Process): string | undefined {
  if (as(() => databases.connectable(host))) return undefined;
  return `connection to server at "${host}", port ${home.port} failed: timeout expired`;
}
