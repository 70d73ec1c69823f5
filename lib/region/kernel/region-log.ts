/** One thing that happened in the region. `facts` are small and hold no payloads and no secrets. */
export interface LogEntry {
  /** Virtual time, epoch milliseconds. */
  readonly at: number;
  /** Who says it: a service's signing name (`ecs`, `states`, `monitoring` …), `lambda-output`, `application`, `fault`. */
  readonly source: string;
  /** A short fixed phrase a person can read and a test can look for: `alarm changed`, `api call`, `state entered` … */
  readonly event: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Everything that happened, in order. The same seed gives the same log: `lines()` is what the tests compare. */
export class RegionLog {
  readonly entries: LogEntry[] = [];
  readonly #clock: () => number;
  readonly #listeners = new Set<(entry: LogEntry) => void>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  write(source: string, event: string, facts: Readonly<Record<string, unknown>> = {}): void {
    const entry = { at: this.#clock(), source, event, facts };
    this.entries.push(entry);
    for (const listener of this.#listeners) listener(entry);
  }

  /** Calls `listener` for every later entry, at the moment it is written; returns the way to stop. */
  follow(listener: (entry: LogEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The log as lines of JSON, one an entry. */
  lines(): string[] {
    return this.entries.map(({ at, source, event, facts }) =>
      JSON.stringify({ at: new Date(at).toISOString(), source, event, ...facts }),
    );
  }
}
