import type { Databases } from "../../services/rds/databases.ts";

/** A write that the application told its users had succeeded. */
export interface AcknowledgedWrite {
  readonly at: number;
  /** Of the database that took it. */
  readonly resourceId: string;
  readonly table: string;
  readonly rows: number;
  /** Its name in the database's content. */
  readonly note: string;
}

/** Writes, in batches and in rows. */
export interface WriteCount {
  readonly writes: number;
  readonly rows: number;
}

/** Every write that the application acknowledged, so that lost ones can be counted. */
export class WriteBook {
  readonly #databases: Databases;
  readonly #writes: AcknowledgedWrite[] = [];
  #count = 0;

  constructor(databases: Databases) {
    this.#databases = databases;
  }

  nextNote(): string {
    this.#count += 1;
    return `boardroom-${this.#count}`;
  }

  add(write: AcknowledgedWrite): void {
    this.#writes.push(write);
  }

  /** The writes since a moment (epoch milliseconds) that the database now does not hold. */
  missingFrom(name: string | undefined, since: number): WriteCount {
    const content = name === undefined ? undefined : this.#databases.contentAt(name);
    const held = new Set(content?.writes.map(({ note }) => note));
    return countOf(this.#writes.filter(({ at, note }) => at >= since && !held.has(note)));
  }

  /** The writes since a moment, those only that went to one database when it is given. */
  since(since: number, resourceId?: string): WriteCount {
    return countOf(
      this.#writes.filter(
        (write) => write.at >= since && (resourceId === undefined || write.resourceId === resourceId),
      ),
    );
  }
}

function countOf(writes: readonly AcknowledgedWrite[]): WriteCount {
  return { writes: writes.length, rows: writes.reduce((sum, { rows }) => sum + rows, 0) };
}
