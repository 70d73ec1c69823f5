import type { Random } from "../../lib/region/kernel/random.ts";
import type { Region } from "../../lib/region/region.ts";
import { WAITERS, type Waiter, type WaiterName } from "./waiters.ts";

/** How often somebody types a waiter that gave up. */
const TYPED_AGAIN = 12;

/** Seconds between two looks of a waiter. */
export type Patience = (waiter: Waiter, attempt: number) => number;

/** The command line's, and botocore's: the same delay each time. */
export const FIXED: Patience = ({ delaySeconds }) => delaySeconds;

/**
 * The JavaScript SDK's: random between the least delay and a ceiling that doubles; the longest from then on
 * (`exponentialBackoffWithJitter` in @smithy/core's util-waiter).
 */
export function growing(random: Random): Patience {
  return ({ delaySeconds: least, sdkCeilingSeconds: most }, attempt) => {
    if (attempt > Math.log2(most / least) + 1) return most;
    return random.between(least, Math.min(most, least * 2 ** (attempt - 1)));
  };
}

/** One part of a procedure, as it went. */
export interface Took {
  readonly part: string;
  readonly seconds: number;
}

/** Somebody at a terminal, in virtual time: one command after the other, and no time to think between them. */
export class CommandLine {
  readonly took: Took[] = [];
  /** When logical dumps were begun, epoch milliseconds: they hold what was there then. */
  readonly dumpedAt: number[] = [];
  readonly #region: Region;
  readonly #patience: Patience;

  constructor(region: Region, patience: Patience) {
    this.#region = region;
    this.#patience = patience;
  }

  /** Takes down how long a part of the procedure lasts. */
  async part(name: string, work: () => Promise<void>): Promise<void> {
    const begunAt = this.#region.kernel.now;
    await work();
    this.took.push({ part: name, seconds: (this.#region.kernel.now - begunAt) / 1_000 });
  }

  /** @param operation service and operation: `rds:ModifyDBInstance` */
  call(operation: string, input: object): Promise<Record<string, unknown>> {
    const [service = "", name = ""] = operation.split(":");
    return this.#region.operate(service, name, input);
  }

  /** A dump that takes so long. */
  async dump(seconds: number): Promise<void> {
    this.dumpedAt.push(this.#region.kernel.now);
    await this.sleep(seconds);
  }

  sleep(seconds: number): Promise<void> {
    return this.#region.kernel.sleep(seconds * 1_000);
  }

  /** `aws … wait`: looks at once, then after each delay. */
  async wait(name: WaiterName, input: object): Promise<void> {
    const waiter: Waiter = WAITERS[name];
    for (let attempt = 1; ; attempt++) {
      const state = waiter.judge(await this.call(waiter.operation, input));
      if (state === "success") return;
      // One that gives up is typed again at once.
      const isOver = this.#patience === FIXED && attempt >= waiter.maxAttempts * TYPED_AGAIN;
      if (state === "failure" || isOver) throw new Error(`Waiter ${name} failed after ${attempt} looks`);
      await this.sleep(this.#patience(waiter, attempt));
    }
  }
}
