import type { Clock, Journal } from "../../../lambdas/components/component.ts";
import type { JournalEntry } from "../../../lambdas/contracts/ledger.ts";

/** A journal in memory, which can kill the function before a write. */
export class MemoryJournal implements Journal {
  readonly entries = new Map<string, JournalEntry>();
  readonly #clock: Clock;
  #crashing: ReadonlySet<number> = new Set();
  #writes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From now on these writes kill the function, by number. */
  crashesFromNow(writes: readonly number[]): void {
    this.#crashing = new Set(writes.map((write) => this.#writes + write));
  }

  async read(component: string): Promise<readonly JournalEntry[]> {
    return [...this.entries.values()].filter((entry) => entry.component === component);
  }

  async write(component: string, step: string, facts: JournalEntry["facts"]): Promise<void> {
    if (this.#crashing.has(this.#writes++)) throw new Crash(`before writing ${step}`);
    this.entries.set(step, { component, step, at: this.#clock().toISOString(), facts });
  }
}

/** The function was killed. */
class Crash extends Error {
  override readonly name = "Crash";
}

/** What a retry by the workflow cures: a killed function and trouble that passes. */
export function isRetried(error: unknown): boolean {
  return error instanceof Error && (error.name === "Crash" || error.name === "AwsBusy");
}
