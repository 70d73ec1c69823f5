/** What a database holds, as an append-only history: a restore copies it up to a moment, a backtrack goes back in it. */
export class Content {
  readonly #history: Happening[] = [];
  /** All but the writes, which are nearly everything: what a session looks at is quickly told of a long history too. */
  readonly #marks: Happening[] = [];

  constructor(history: readonly Change[] = []) {
    for (const change of history) this.#add(change);
  }

  append(change: Change): void {
    this.#add(change);
  }

  /** From `at` on, the database is as it was at `to`; going back again to just before `at` undoes it. */
  backtrack(at: number, to: number): void {
    this.#add({ kind: "backtrack", at, to });
  }

  /** The changes that the database shows at a moment, oldest first. */
  asOf(moment: number): readonly Change[] {
    return shownAt(this.#history, moment);
  }

  view(moment: number): ContentView {
    const marks = shownAt(this.#marks, moment);
    const history = this.#history;
    const length = history.length;
    // What comes later is not in it, and nobody pays for rows that nobody asks for.
    const writes = onFirstUse(() =>
      shownAt(history.slice(0, length), moment).filter((change) => change.kind === "write"),
    );
    const rows = onFirstUse(() => rowsOf(writes()));
    return {
      get writes() {
        return writes();
      },
      get rows() {
        return rows();
      },
      revision: marks.findLast((change) => change.kind === "revision")?.revision,
      corrupted: marks.filter((change) => change.kind === "corruption").map(({ table }) => table),
      password: marks.findLast((change) => change.kind === "password")?.label,
    };
  }

  /** How many rows a restore to a moment brings back. */
  rowsAt(moment: number): number {
    return Object.values(this.view(moment).rows).reduce((sum, rows) => sum + rows, 0);
  }

  #add(happening: Happening): void {
    this.#history.push(happening);
    if (happening.kind !== "write") this.#marks.push(happening);
  }
}

function shownAt(history: readonly Happening[], moment: number): readonly Change[] {
  const reached = history.filter(({ at }) => at <= moment);
  const last = reached.findLastIndex(({ kind }) => kind === "backtrack");
  const jump = reached[last];
  const since = reached.slice(last + 1).filter((one) => one.kind !== "backtrack");
  // What happened at the very moment of a jump was before it in the history, so it is seen through the jump only.
  return jump?.kind === "backtrack" ? [...shownAt(history.slice(0, last), jump.to), ...since] : since;
}

function rowsOf(writes: readonly Write[]): Readonly<Record<string, number>> {
  const rows: Record<string, number> = {};
  for (const write of writes) rows[write.table] = (rows[write.table] ?? 0) + write.rows;
  return rows;
}

function onFirstUse<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
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
