import { Random } from "./random.ts";
import { RegionLog } from "./region-log.ts";
import { type Timer, TimerQueue } from "./timer-queue.ts";

/**
 * The virtual clock and event queue that everything in the simulated region lives on.
 *
 * Time moves only from one queued event to the next. Asynchronous work (a Lambda handler, a command-line request)
 * is an *activity*: it may wait for the kernel (`sleep`) and for nothing else, so the same seed gives the same order
 * of events and the same log, byte for byte.
 */
export class Kernel {
  readonly random: Random;
  readonly log: RegionLog;
  readonly #timers = new TimerQueue();
  readonly #activities = new Map<number, string>();
  #now: number;
  #activityCount = 0;
  #failure: unknown;

  /** @param start virtual time of the first moment, epoch milliseconds */
  constructor({ seed, start }: { readonly seed: number; readonly start: number }) {
    this.random = new Random(seed);
    this.#now = start;
    this.log = new RegionLog(() => this.#now);
  }

  /** The virtual time, epoch milliseconds. */
  get now(): number {
    return this.#now;
  }

  /** The virtual time as a `Date`, for AWS shapes that carry timestamps. */
  date(): Date {
    return new Date(this.#now);
  }

  /** Runs `action` after `delayMs` of virtual time; events at the same moment run in the order they were asked for. */
  schedule(delayMs: number, action: () => void): Timer {
    return this.#timers.add(this.#now + Math.max(0, delayMs), action);
  }

  /** Resolves after `delayMs` of virtual time. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.schedule(delayMs, resolve));
  }

  /**
   * Tracks asynchronous work until it settles, so that the clock can tell "everybody waits for me" from "somebody
   * waits for the outside world", which is an error in a simulated region.
   */
  async activity<T>(label: string, work: () => Promise<T>): Promise<T> {
    const id = this.#activityCount++;
    this.#activities.set(id, label);
    try {
      return await work();
    } finally {
      this.#activities.delete(id);
    }
  }

  /**
   * Starts an activity that nobody awaits. It must handle what it expects to go wrong; a rejection is a bug in the
   * model and ends the run with that error.
   */
  launch(label: string, work: () => Promise<void>): void {
    this.activity(label, work).catch((error: unknown) => {
      this.#failure ??= new Error(`The region's activity "${label}" failed`, { cause: error });
    });
  }

  /** Runs every event up to and including `until` (epoch milliseconds) and leaves the clock there. */
  async runUntil(until: number): Promise<void> {
    for (;;) {
      await this.#settle();
      const due = this.#timers.nextAt();
      if (due === undefined || due > until) break;
      this.#step();
    }
    this.#now = Math.max(this.#now, until);
  }

  /**
   * Runs events until `condition` holds or the virtual deadline passes; says which of the two it was.
   * An empty queue moves the clock to the deadline.
   */
  async runWhile(condition: () => boolean, deadline: number): Promise<"finished" | "deadline"> {
    for (;;) {
      await this.#settle();
      if (!condition()) return "finished";
      const due = this.#timers.nextAt();
      if (due === undefined || due > deadline) break;
      this.#step();
    }
    this.#now = Math.max(this.#now, deadline);
    return "deadline";
  }

  /** Runs the clock until `promise` settles and passes its result on: how a test calls the region. */
  async complete<T>(promise: Promise<T>, withinMs = 24 * 3_600_000): Promise<T> {
    let pending = true;
    const settled = promise.finally(() => {
      pending = false;
    });
    settled.catch(() => undefined);
    const end = await this.runWhile(() => pending, this.#now + withinMs);
    if (end === "deadline") throw new Error(`Nothing settled within ${withinMs} virtual milliseconds`);
    return settled;
  }

  /** When the next event is due, epoch milliseconds; undefined when nothing is queued. */
  nextEventAt(): number | undefined {
    return this.#timers.nextAt();
  }

  #step(): void {
    const event = this.#timers.take();
    if (!event) return;
    this.#now = Math.max(this.#now, event.at);
    event.action();
  }

  /** Lets every promise chain run until it waits for the kernel. One turn of the loop drains microtasks and ticks. */
  async #settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    for (let turn = 0; this.#activities.size > 0 && this.#timers.nextAt() === undefined; turn++) {
      if (turn === 2_000) {
        const stuck = [...this.#activities.values()].join(", ");
        throw new Error(
          `Nothing is queued, yet these activities wait for something outside the region: ${stuck}`,
        );
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (this.#failure !== undefined) throw this.#failure;
  }
}
