/** What users felt: when requests failed, and how many. */
export interface Impact {
  /** Epoch milliseconds. */
  readonly firstFailureAt?: number;
  readonly lastFailureAt?: number;
  readonly failedRequests: number;
}

/** Why a request failed. */
export const IMPACT_CAUSES = [
  /** The release itself answers with errors. */
  "release",
  /** A task that does not listen yet. */
  "starting",
  /** No task at all. */
  "no-target",
  /** The task does not reach its database. */
  "database",
  /** The database does not take the password that the task read. */
  "login",
  /** The schema is not one that the release works with. */
  "schema",
  /** Rows that a bad release damaged. */
  "corrupt-data",
  /** A flag or a setting that the API does not understand. */
  "configuration",
  /** Wrong entries in the cache. */
  "cache",
  /** A page that does not load, or that calls the API wrongly. */
  "frontend",
] as const;
export type ImpactCause = (typeof IMPACT_CAUSES)[number];

/** Adds up requests moment by moment, and by what became of them. */
export class ImpactRecord<Cause extends string = ImpactCause> {
  readonly #failures: { readonly at: number; readonly requests: number; readonly cause: Cause }[] = [];

  note(at: number, requests: number, cause: Cause): void {
    if (requests > 0) this.#failures.push({ at, requests, cause });
  }

  /** The impact from `since` on. */
  since(since: number): Impact {
    const failures = this.#failures.filter(({ at }) => at >= since);
    const failedRequests = failures.reduce((sum, { requests }) => sum + requests, 0);
    const [first, last] = [failures[0], failures.at(-1)];
    if (!first || !last) return { failedRequests };
    return { firstFailureAt: first.at, lastFailureAt: last.at, failedRequests };
  }

  /** The same requests, split. */
  byCause(since: number): Partial<Record<Cause, number>> {
    const sums: Partial<Record<Cause, number>> = {};
    for (const { at, requests, cause } of this.#failures) {
      if (at >= since) sums[cause] = (sums[cause] ?? 0) + requests;
    }
    return sums;
  }
}
