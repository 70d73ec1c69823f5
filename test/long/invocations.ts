import { fork } from "node:child_process";
import * as z from "zod";
import { frontendOverHttp } from "../../bench/frontend-over-http.ts";
import { JournalEntry } from "../../lambdas/contracts/ledger.ts";
import type { Move } from "../../lambdas/contracts/plan.ts";
import { Tick } from "../../lambdas/contracts/tick.ts";
import type { Verb } from "../../lambdas/contracts/vocabulary.ts";
import type { Invocation } from "./frontend-invocation.ts";
import type { ServedSite } from "./serve-site.ts";

export interface InvocationOptions {
  /** Milliseconds of processor time that count as one second: a tick's 20 s are over sooner. */
  readonly pace: number;
  /** How large the heap of an invocation may become. */
  readonly heapMb: number;
}

/** A rollback's journal, and the functions that are started for it, one after the other. */
export class Invocations {
  readonly entries = new Map<string, JournalEntry>();
  readonly ticks: Tick[] = [];
  /** The most memory that any invocation had, code included. */
  residentMb = 0;
  /** Ends the invocation that is running, as Lambda does when its time is over. */
  kill: () => void = () => undefined;
  readonly move: Move;
  readonly #port: number;
  readonly #options: InvocationOptions;

  private constructor(move: Move, port: number, options: InvocationOptions) {
    this.move = move;
    this.#port = port;
    this.#options = options;
  }

  /** Plans to go back to a moment of a versioned bucket. */
  static async plan({ port, Id }: ServedSite, moment: string, options: InvocationOptions) {
    const { plan } = frontendOverHttp({ port, rollbackId: "rb-large" });
    const release = { strategy: "versioned-bucket" };
    return new Invocations(await plan({ bucket: "site", distribution: Id, release }, moment), port, options);
  }

  /** Starts invocations of a verb until a step is written; answers how many it took. */
  async run(verb: Verb, until: string): Promise<number> {
    for (let count = 1; ; count++) {
      await this.#invoke(verb, until);
      if (this.entries.has(until)) return count;
    }
  }

  async #invoke(verb: Verb, until: string): Promise<void> {
    const { pace, heapMb } = this.#options;
    const child = fork(`${import.meta.dirname}/frontend-invocation.ts`, {
      execArgv: [`--max-old-space-size=${heapMb}`],
    });
    this.kill = () => void child.kill("SIGKILL");
    child.on("message", (message) => this.#hear(message));
    const entries = [...this.entries.values()];
    const invocation: Invocation = { port: this.#port, move: this.move, verb, until, entries, pace };
    child.send(invocation);
    const end = await new Promise<unknown>((resolve) => {
      child.once("exit", (code, signal) => resolve(signal ?? code));
    });
    if (end !== "SIGKILL" && end !== 0) throw new Error(`The invocation ended with ${end}`);
  }

  #hear(message: unknown): void {
    const { entry, tick, residentMb } = Heard.parse(message);
    if (entry) this.entries.set(entry.step, entry);
    if (tick) this.ticks.push(tick);
    this.residentMb = Math.max(this.residentMb, residentMb ?? 0);
  }
}

const Heard = z.object({
  entry: JournalEntry.optional(),
  tick: Tick.optional(),
  residentMb: z.number().optional(),
});
