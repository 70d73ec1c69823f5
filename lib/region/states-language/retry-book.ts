import type { Random } from "../kernel/random.ts";
import type { Retrier } from "./definition.ts";
import { isNamedBy, type StatesError } from "./states-error.ts";

/** The defaults of the states language [states-language.net, "Retrying after error"]. */
const retryDefaults = { intervalSeconds: 1, maxAttempts: 3, backoffRate: 2 } as const;

/** Counts, for one visit of one state, how often each of its retriers was used. Every retrier has its own count. */
export class RetryBook {
  readonly #retriers: readonly Retrier[];
  readonly #used = new Map<Retrier, number>();

  constructor(retriers: readonly Retrier[] = []) {
    this.#retriers = retriers;
  }

  /** Retries so far: `$states.context.State.RetryCount`. */
  get retryCount(): number {
    return [...this.#used.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Seconds to wait before the next attempt, or undefined when this error is not (or no longer) retried. */
  next(error: StatesError, random: Random): number | undefined {
    const retrier = this.#retriers.find(({ ErrorEquals }) => isNamedBy(error.error, ErrorEquals));
    if (!retrier) return undefined;
    const used = this.#used.get(retrier) ?? 0;
    if (used >= (retrier.MaxAttempts ?? retryDefaults.maxAttempts)) return undefined;
    this.#used.set(retrier, used + 1);
    return retryDelaySeconds(retrier, used, random);
  }
}

/** The wait after `used` earlier retries: exponential, capped by MaxDelaySeconds; with FULL jitter anything up to that. */
export function retryDelaySeconds(retrier: Retrier, used: number, random: Random): number {
  const interval = retrier.IntervalSeconds ?? retryDefaults.intervalSeconds;
  const rate = retrier.BackoffRate ?? retryDefaults.backoffRate;
  const delay = Math.min(interval * rate ** used, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  return retrier.JitterStrategy === "FULL" ? random.between(0, delay) : delay;
}
