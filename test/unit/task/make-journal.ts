import type { Driver, Journal } from "../../../lambdas/components/component.ts";
import type { JournalEntry } from "../../../lambdas/contracts/ledger.ts";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import type { Tick } from "../../../lambdas/contracts/tick.ts";
import type { Verb } from "../../../lambdas/contracts/vocabulary.ts";
import type { Kernel } from "../../../lib/region/kernel/kernel.ts";

/** A journal in memory, `component#step` by entry, whose writer is killed before the writes of these numbers. */
export function makeJournal(kernel: Kernel) {
  const entries = new Map<string, JournalEntry>();
  const crashes = new Set<number>();
  let writes = 0;
  const journal: Journal = {
    read: async (component) => [...entries.values()].filter((entry) => entry.component === component),
    write: async (component, step, facts) => {
      if (crashes.has(writes++)) throw new Crash(`before writing ${step}`);
      entries.set(`${component}#${step}`, { component, step, at: kernel.date().toISOString(), facts });
    },
  };
  return { journal, entries, crashes };
}

/** Whoever ticks: a new driver each time, as after a crash; it knows what the journal and AWS know. */
export interface Ticking {
  readonly kernel: Kernel;
  readonly driver: () => Driver;
}

/** Ticks the verbs in order, through crashes and trouble that passes, until they are done or one fails. */
export async function drive(
  { kernel, driver }: Ticking,
  move: Move,
  verbs: readonly Verb[] = move.verbs,
  limit = 500,
): Promise<Tick> {
  let last: Tick | undefined;
  for (let count = 0; count < limit; count++) {
    last = await through(driver, move, verbs);
    if (last && last.status !== "working") return last;
    await kernel.runUntil(kernel.now + (last?.waitSeconds ?? 2) * 1_000);
  }
  throw new Error(`Still working: ${last?.status === "working" ? last.note : "nothing"}`);
}

async function through(driver: () => Driver, move: Move, verbs: readonly Verb[]): Promise<Tick | undefined> {
  let last: Tick | undefined;
  for (const verb of verbs) {
    try {
      last = await driver().tick(verb, move);
    } catch (error) {
      if (error instanceof Error && ["AwsBusy", "Crash"].includes(error.name)) return undefined;
      throw error;
    }
    if (last.status !== "done") return last;
  }
  return last;
}

/** The function was killed. */
class Crash extends Error {
  override readonly name = "Crash";
}
