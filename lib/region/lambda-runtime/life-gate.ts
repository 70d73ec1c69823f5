/**
 * The one door through which anything from outside reaches a function's code: timers, answers, nothing else.
 *
 * Between invocations Lambda freezes the environment, so what arrives then waits for the next one; what arrives after
 * the end is never heard of (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html).
 */
export class LifeGate {
  #state: "running" | "frozen" | "ended" = "running";
  readonly #waiting: (() => void)[] = [];

  get ended(): boolean {
    return this.#state === "ended";
  }

  pass(action: () => void): void {
    if (this.#state === "running") action();
    else if (this.#state === "frozen") this.#waiting.push(action);
  }

  freeze(): void {
    if (this.#state === "running") this.#state = "frozen";
  }

  thaw(): void {
    if (this.#state !== "frozen") return;
    this.#state = "running";
    for (const action of this.#waiting.splice(0)) this.pass(action);
  }

  end(): void {
    this.#state = "ended";
    this.#waiting.length = 0;
  }
}
