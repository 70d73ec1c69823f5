import type { Driver } from "../../../lambdas/components/component.ts";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import type { Tick } from "../../../lambdas/contracts/tick.ts";
import type { Verb } from "../../../lambdas/contracts/vocabulary.ts";
import { isRetried } from "./memory-journal.ts";

/** What a test's region does for a driver: make a fresh one for every tick, call it, and let time pass. */
export interface Runner {
  driver(): Driver;
  call<T>(work: () => Promise<T>): Promise<T>;
  pass(ms: number): Promise<void>;
}

/** Ticks the verbs in order, each by a new driver, through trouble that passes, until they are done or one fails. */
export async function tickThrough(
  runner: Runner,
  move: Move,
  { verbs = move.verbs, ticks }: { readonly verbs?: readonly Verb[]; readonly ticks?: Tick[] } = {},
): Promise<Tick> {
  let last: Tick | undefined;
  for (let round = 0; round < 500; round++) {
    last = undefined;
    for (const verb of verbs) {
      last = await attempt(runner, verb, move);
      if (last) ticks?.push(last);
      if (last?.status !== "done") break;
    }
    if (last && last.status !== "working") return last;
    await runner.pass((last?.waitSeconds ?? 2) * 1_000);
  }
  throw new Error(`Still working: ${last?.status === "working" ? last.note : "nothing"}`);
}

async function attempt(runner: Runner, verb: Verb, move: Move): Promise<Tick | undefined> {
  try {
    return await runner.call(() => runner.driver().tick(verb, move));
  } catch (error) {
    if (isRetried(error)) return undefined;
    throw error;
  }
}
