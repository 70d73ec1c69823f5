import type { Kernel } from "../kernel/kernel.ts";

/**
 * Moves a kernel with the wall clock: the one place, with the rest of this folder, where real time enters the region.
 * Idle while nothing is queued; `wake` makes it look again at once. A region that is too busy for its speed, or a laptop
 * that slept, makes time go slower, never requests wait for hours to be made up for.
 */
export class RealTimeClock {
  /** Settles when the clock has stopped for good; rejects when the kernel failed, which nothing can repair. */
  readonly stopped: Promise<void>;
  /** What the kernel failed with. */
  failure: unknown;
  readonly #kernel: Kernel;
  readonly #speed: number;
  /** When it began to be late (real time); undefined while it is not. */
  #behindSince: number | undefined;
  /** A moment at which both clocks were read. */
  #read: { readonly wall: number; readonly virtual: number };
  #closed = false;
  #wakeUp: () => void = () => undefined;
  #woken = false;
  #awaited: (() => void)[] = [];

  /** @param speed virtual seconds per real second */
  constructor(kernel: Kernel, speed: number) {
    if (!(speed > 0)) throw new Error(`The speed of the clock must be positive, not ${speed}`);
    this.#kernel = kernel;
    this.#speed = speed;
    this.#read = { wall: performance.now(), virtual: kernel.now };
    this.stopped = this.#run();
    this.stopped.catch((error: unknown) => {
      this.failure = error;
    });
  }

  /** Resolves when virtual time has reached the present: a clock that rested is behind. */
  async catchUp(): Promise<void> {
    const reached = new Promise<void>((resolve) => this.#awaited.push(resolve));
    this.wake();
    await Promise.race([reached, this.stopped]);
  }

  /** Says that something may have been queued from outside the kernel. */
  wake(): void {
    this.#woken = true;
    this.#wakeUp();
  }

  /** Stops moving time; resolves when the step under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.wake();
    await this.stopped.catch(() => undefined);
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      this.#woken = false;
      const awaited = this.#awaited.splice(0);
      const behind = await this.#step();
      if (behind) {
        this.#awaited.unshift(...awaited);
        continue;
      }
      for (const resolve of awaited) resolve();
      await this.#rest();
    }
  }

  /** Runs what is due, at most one step of real time at once; says whether more is due. */
  async #step(): Promise<boolean> {
    const now = this.#virtualNow();
    const next = this.#kernel.nextEventAt() ?? now;
    const until = Math.min(now, Math.max(this.#kernel.now, next) + longestStepMs * this.#speed);
    await this.#kernel.runUntil(until);
    if (until === now) this.#behindSince = undefined;
    else this.#behindSince ??= performance.now();
    if (this.#behindSince === undefined) return false;
    if (performance.now() - this.#behindSince < longestCatchUpMs) return true;
    this.#read = { wall: performance.now(), virtual: this.#kernel.now };
    this.#behindSince = undefined;
    return false;
  }

  #virtualNow(): number {
    return Math.floor(this.#read.virtual + (performance.now() - this.#read.wall) * this.#speed);
  }

  /** Waits until the next event is due or somebody wakes the clock. */
  async #rest(): Promise<void> {
    if (this.#woken) return;
    const next = this.#kernel.nextEventAt();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wakeUp = resolve;
    const waitMs = next === undefined ? undefined : Math.ceil((next - this.#virtualNow()) / this.#speed);
    const timer =
      waitMs === undefined ? undefined : setTimeout(resolve, Math.min(Math.max(0, waitMs), longestRestMs));
    await promise;
    clearTimeout(timer);
    this.#wakeUp = () => undefined;
  }
}

const longestStepMs = 50;

/** After this much real time the rest is given up. Far shorter than any client waits for an answer. */
const longestCatchUpMs = 1_000;

/** Node's timers overflow after 24.8 days; looking again once a minute costs nothing. */
const longestRestMs = 60_000;
