import type { Kernel } from "../kernel/kernel.ts";

/** Thrown into code whose execution, branch or attempt was ended from outside. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/**
 * What a piece of running work holds on to: everything it awaits goes through its lifeline, so that ending an
 * execution, a sibling branch or an attempt ends the waiting at once. The awaited work itself may go on (a Lambda
 * does not notice that its execution timed out); its result is then ignored.
 */
export class Lifeline {
  readonly #kernel: Kernel;
  readonly #cuts = new Set<() => void>();
  #stopped = false;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const cut of [...this.#cuts]) cut();
    this.#cuts.clear();
  }

  /** The result of `work`, unless this lifeline stops first. */
  guard<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cut = () => reject(new Stopped());
      if (this.#stopped) cut();
      else this.#cuts.add(cut);
      const settle = () => this.#cuts.delete(cut);
      work.finally(settle).then(resolve, reject);
    });
  }

  /** Waits in virtual time; the timer goes away when the lifeline stops. */
  async sleep(delayMs: number): Promise<void> {
    let wake: () => void = () => undefined;
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const timer = this.#kernel.schedule(delayMs, () => wake());
    try {
      await this.guard(woken);
    } finally {
      timer.cancel();
    }
  }

  /** Runs `work` on a lifeline of its own that stops with this one. */
  async branch<T>(work: (line: Lifeline) => Promise<T>): Promise<T> {
    const line = new Lifeline(this.#kernel);
    const cut = () => line.stop();
    if (this.#stopped) cut();
    this.#cuts.add(cut);
    try {
      return await work(line);
    } finally {
      this.#cuts.delete(cut);
    }
  }

  /** Runs `work` on a lifeline of its own; after `delayMs` it is stopped and `expired()` is thrown instead. */
  deadline<T>(delayMs: number, expired: () => Error, work: (line: Lifeline) => Promise<T>): Promise<T> {
    return this.branch(async (line) => {
      let late = false;
      const timer = this.#kernel.schedule(delayMs, () => {
        late = true;
        line.stop();
      });
      try {
        return await work(line);
      } catch (error) {
        throw late && error instanceof Stopped ? expired() : error;
      } finally {
        timer.cancel();
      }
    });
  }
}
