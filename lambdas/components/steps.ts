import type { JournalEntry } from "../contracts/ledger.ts";
import type { Clock, Journal } from "./component.ts";

/**
 * Steps that every kind writes under the same names: what a part of a move took is read from them afterwards
 * (`domain/measured.ts`), and feeds the estimates of later plans.
 */
export type MeasuredStep = "prepare-began" | "prepared" | "cut-over-began" | "cut-over-done";

/**
 * What a component could not put right though it is where it was to be: every kind writes it under the same name, and
 * `stepback finish` has it tried again (`domain/unfinished.ts`). With an empty text nothing is left any more.
 */
export async function noteLeft<Step extends string>(
  steps: Steps<Step | "left">,
  what: string,
): Promise<void> {
  if ((steps.text("left", "what") ?? "") !== what) await steps.write("left", { what });
}

/**
 * What a component still lacks that nobody feels, because AWS does not take it yet: it is set by itself when all is over
 * (`complete`, docs/adr/0016). With an empty text it lacks nothing any more.
 */
export async function noteLacks<Step extends string>(
  steps: Steps<Step | "lacks">,
  what: string,
): Promise<void> {
  if ((steps.text("lacks", "what") ?? "") !== what) await steps.write("lacks", { what });
}

/**
 * The journal of one component, read once a tick. `X-intended` always stands before the call that does X.
 *
 * @typeParam Step the names of the steps that a kind writes
 */
export class Steps<Step extends string> {
  readonly #journal: Journal;
  readonly #component: string;
  readonly #clock: Clock;
  readonly #entries: Map<string, JournalEntry>;

  private constructor(journal: Journal, component: string, clock: Clock, entries: readonly JournalEntry[]) {
    this.#journal = journal;
    this.#component = component;
    this.#clock = clock;
    this.#entries = new Map(entries.map((entry) => [entry.step, entry]));
  }

  static async read<Step extends string>(
    journal: Journal,
    component: string,
    clock: Clock,
  ): Promise<Steps<Step>> {
    return new Steps<Step>(journal, component, clock, await journal.read(component));
  }

  has(step: Step): boolean {
    return this.#entries.has(step);
  }

  /** When a step was written. */
  timeOf(step: Step): Date | undefined {
    const entry = this.#entries.get(step);
    return entry && new Date(entry.at);
  }

  text(step: Step, fact: string): string | undefined {
    const value = this.#entries.get(step)?.facts[fact];
    return typeof value === "string" ? value : undefined;
  }

  number(step: Step, fact: string): number | undefined {
    const value = this.#entries.get(step)?.facts[fact];
    return typeof value === "number" ? value : undefined;
  }

  async write(step: Step, facts: JournalEntry["facts"] = {}): Promise<void> {
    const at = this.#clock().toISOString();
    await this.#journal.write(this.#component, step, facts);
    this.#entries.set(step, { component: this.#component, step, at, facts });
  }

  /** Writes a step that was not written yet; what stands there stays. */
  async once(step: Step, facts: JournalEntry["facts"] = {}): Promise<void> {
    if (!this.has(step)) await this.write(step, facts);
  }

  /** Seconds since a step was first taken, which this call takes when it was not. */
  async secondsSince(step: Step): Promise<number> {
    await this.once(step);
    return (this.#clock().getTime() - (this.timeOf(step)?.getTime() ?? 0)) / 1_000;
  }

  hasAny(steps: readonly Step[]): boolean {
    return steps.some((step) => this.#entries.has(step));
  }
}
