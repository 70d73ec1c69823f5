/** What a database holds, as an append-only history: a restore copies it up to a moment, a backtrack goes back in it. */
export class Content {
  readonly #history: Happening[];

  constructor(history: readonly Change[] = []) {
    this.#history = [...history];
  }

  append(change: Change): void {
    this.#history.push(change);
  }

  /** From `at` on, the database is as it was at `to`; going back again to just before `at` undoes it. */
  backtrack(at: number, to: number): void {
    this.#history.push({ kind: "backtrack", at, to });
  }

  /** The changes that the database shows at a moment, oldest first. */
  asOf(moment: number): readonly Change[] {
    const reached = this.#history.filter(({ at }) => at <= moment);
    const last = reached.findLastIndex(({ kind }) => kind === "backtrack");
    const jump = reached[last];
    const since = reached.slice(last + 1).filter((one) => one.kind !== "backtrack");
    // What happened at the very moment of a jump was before it in the history, so it is seen through the jump only.
    return jump?.kind === "backtrack" ? [...this.#before(last, jump.to), ...since] : since;
  }

  view(moment: number): ContentView {
    const changes = this.asOf(moment);
    const writes = changes.filter((change) => change.kind === "write");
    const rows: Record<string, number> = {};
    for (const write of writes) rows[write.table] = (rows[write.table] ?? 0) + write.rows;
    return {
      writes,
      rows,
      revision: changes.findLast((change) => change.kind === "revision")?.revision,
      corrupted: changes.filter((change) => change.kind === "corruption").map(({ table }) => table),
      password: changes.findLast((change) => change.kind === "password")?.label,
    };
  }

  /** How many rows a restore to a moment brings back. */
  rowsAt(moment: number): number {
    return Object.values(this.view(moment).rows).reduce((sum, rows) => sum + rows, 0);
  }

  #before(end: number, moment: number): readonly Change[] {
    const earlier = new Content();
    earlier.#history.push(...this.#history.slice(0, end));
    return earlier.asOf(moment);
  }
}

export type Change = Write | Revision | Corruption | Password;

export interface Write {
  readonly kind: "write";
  readonly at: number;
  readonly table: string;
  readonly rows: number;
  readonly note?: string;
}

interface Revision {
  readonly kind: "revision";
  readonly at: number;
  readonly revision: string;
}

interface Corruption {
  readonly kind: "corruption";
  readonly at: number;
  readonly table: string;
}

interface Password {
  readonly kind: "password";
  readonly at: number;
  readonly label: string;
}

type Happening = Change | { readonly kind: "backtrack"; readonly at: number; readonly to: number };

/** What somebody with a SQL client would find at one moment. */
export interface ContentView {
  readonly writes: readonly Write[];
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** The newest schema revision, as a migration table tells it. */
  readonly revision: string | undefined;
  /** Tables that a bad release damaged. */
  readonly corrupted: readonly string[];
  /** The label of the password that logs in. */
  readonly password: string | undefined;
}
