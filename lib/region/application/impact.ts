/** What users felt: when requests failed, and how many. */
export interface Impact {
  /** Epoch milliseconds. */
  readonly firstFailureAt?: number;
  readonly lastFailureAt?: number;
  readonly failedRequests: number;
}

/** Adds up failed requests moment by moment. */
export class ImpactRecord {
  readonly #failures: { readonly at: number; readonly requests: number }[] = [];

  note(at: number, requests: number): void {
    if (requests > 0) this.#failures.push({ at, requests });
  }

  /** The impact from `since` on. */
  since(since: number): Impact {
    const failures = this.#failures.filter(({ at }) => at >= since);
    const failedRequests = failures.reduce((sum, { requests }) => sum + requests, 0);
    const [first, last] = [failures[0], failures.at(-1)];
    if (!first || !last) return { failedRequests };
    return { firstFailureAt: first.at, lastFailureAt: last.at, failedRequests };
  }
}
