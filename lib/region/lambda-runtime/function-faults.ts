import type { Kernel } from "../kernel/kernel.ts";

/** How an invocation dies in a drill: at its n-th API call, before the request left or after its effect. */
export interface Crash {
  /** The function's name. */
  readonly function: string;
  /** 1: at the first API call. */
  readonly afterCalls: number;
  /** `after`: the call takes effect, its answer is lost; this is the default, because it is the hard case. */
  readonly effect?: "before" | "after";
}

/** The faults that a drill puts on functions. */
export class FunctionFaults {
  readonly #kernel: Kernel;
  readonly #crashes = new Map<string, Crash[]>();
  readonly #unavailableUntil = new Map<string, number>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Kills the next invocation of the function; several wait in line. */
  crashNext(crash: Crash): void {
    if (crash.afterCalls < 1)
      throw new Error(`A crash after ${crash.afterCalls} calls is not a call's crash`);
    this.#crashes.set(crash.function, [...(this.#crashes.get(crash.function) ?? []), crash]);
    this.#kernel.log.write("fault", "function crash planned", { ...crash });
  }

  /** Lambda answers every invocation of the function with a service error until then (epoch milliseconds). */
  unavailable(name: string, until: number): void {
    this.#unavailableUntil.set(name, until);
    this.#kernel.log.write("fault", "function unavailable", { function: name, until });
  }

  isUnavailable(name: string): boolean {
    return this.#kernel.now < (this.#unavailableUntil.get(name) ?? 0);
  }

  takeCrash(name: string): Crash | undefined {
    return this.#crashes.get(name)?.shift();
  }
}
