import type { Random } from "../../kernel/random.ts";

/**
 * What a drill does to the bus's deliveries. A delivery is one event on its way to one target of one rule.
 *
 * Delivery is at least once in AWS: "the same rule can run more than once for a single event … or the same
 * target can be invoked more than once" (EventBridge user guide, troubleshooting), and durable events may
 * come late.
 */
export class DeliveryFaults {
  /** How likely any delivery is made twice; 0 unless told. */
  duplicateProbability: number;
  readonly #random: Random;
  #duplicates = 0;
  readonly #delaysMs: number[] = [];

  constructor(random: Random, duplicateProbability = 0) {
    this.#random = random;
    this.duplicateProbability = duplicateProbability;
  }

  /** The next `count` deliveries are made twice. */
  duplicateNext(count: number): void {
    this.#duplicates += count;
  }

  /** The next delivery (of those not yet delayed) starts `ms` later than it would. */
  delayNext(ms: number): void {
    this.#delaysMs.push(ms);
  }

  /** The bus asks this once per delivery: how often to make it, and how much later. */
  take(): { readonly copies: number; readonly delayMs: number } {
    const delayMs = this.#delaysMs.shift() ?? 0;
    if (this.#duplicates > 0) {
      this.#duplicates--;
      return { copies: 2, delayMs };
    }
    return { copies: this.#random.chance(this.duplicateProbability) ? 2 : 1, delayMs };
  }
}
