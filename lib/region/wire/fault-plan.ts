import type { Kernel } from "../kernel/kernel.ts";
import type { Random } from "../kernel/random.ts";
import type { Call } from "../service-model.ts";
import { isMutating } from "./call-record.ts";

/**
 * How a call fails. `lost-reply` lets the handler run and loses its answer, `kills-caller` also ends the function that
 * called; `refused` loses the request.
 */
export type FaultFailure =
  | "throttle"
  | "server-error"
  | "access-denied"
  | "lost-reply"
  | "kills-caller"
  | "refused";

/** What a fault does to a call: makes it fail, or wait longer. */
export type FaultEffect = FaultFailure | { readonly delayMs: number };

/** Which calls a fault strikes, and how. Everything that is left out matches. */
export interface FaultRule {
  /** SigV4 signing name: `ecs`, `states`, `monitoring` … */
  readonly service?: string;
  readonly operation?: string;
  /** A part of the caller's ARN or session name. */
  readonly principalIncludes?: string;
  /** Calls that change something, or those that only read. */
  readonly mutating?: boolean;
  /** Epoch milliseconds, inclusive. */
  readonly from?: number;
  /** Epoch milliseconds, exclusive. */
  readonly until?: number;
  /** How many matching calls pass before the first one is struck; 0 unless told. */
  readonly skip?: number;
  /** How many calls are struck at most; no limit unless told. */
  readonly times?: number;
  /** Chance of striking a matching call, 0 to 1; 1 unless told. */
  readonly probability?: number;
  readonly effect: FaultEffect;
}

/** What strikes one call: extra waiting, then at most one failure. */
export interface Strike {
  readonly delayMs: number;
  readonly failure: FaultFailure | undefined;
}

/** The faults that a run injects between callers and services; every one that strikes is logged under `fault`. */
export class FaultPlan {
  readonly #kernel: Kernel;
  readonly #random: Random;
  #rules: CountedRule[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#random = kernel.random.fork("faults");
  }

  add(rule: FaultRule): this {
    this.#rules.push({ ...rule, matched: 0, struck: 0 });
    return this;
  }

  /** Rules that never struck: a drill that plans them and does not meet them proves nothing. */
  unstruck(): readonly FaultRule[] {
    return this.#rules.filter((rule) => rule.struck === 0);
  }

  /** How many calls of an operation were struck. */
  struck(service: string, operation: string): number {
    const rules = this.#rules.filter((rule) => rule.service === service && rule.operation === operation);
    return rules.reduce((sum, rule) => sum + rule.struck, 0);
  }

  /** Takes back every rule. */
  clear(): void {
    this.#rules = [];
  }

  /** What strikes this call now. Delays add up; of several failures the rule that was added first wins. */
  strike(call: Call): Strike {
    let delayMs = 0;
    let failure: FaultFailure | undefined;
    for (const rule of this.#rules) {
      const isFailure = typeof rule.effect === "string";
      if ((isFailure && failure !== undefined) || !this.#strikes(rule, call)) continue;
      if (typeof rule.effect === "string") failure = rule.effect;
      else delayMs += rule.effect.delayMs;
      const { service, operation, requestId } = call;
      this.#kernel.log.write("fault", "fault struck", { service, operation, requestId, effect: rule.effect });
    }
    return { delayMs, failure };
  }

  #strikes(rule: CountedRule, call: Call): boolean {
    if (!matches(rule, call, this.#kernel.now)) return false;
    rule.matched += 1;
    if (rule.matched <= (rule.skip ?? 0) || rule.struck >= (rule.times ?? Number.POSITIVE_INFINITY))
      return false;
    if (rule.probability !== undefined && !this.#random.chance(rule.probability)) return false;
    rule.struck += 1;
    return true;
  }
}

type CountedRule = FaultRule & { matched: number; struck: number };

function matches(rule: FaultRule, { service, operation, principal }: Call, now: number): boolean {
  const caller = `${principal.arn} ${principal.session ?? ""}`;
  return (
    (rule.service ?? service) === service &&
    (rule.operation ?? operation) === operation &&
    (rule.mutating ?? isMutating(operation)) === isMutating(operation) &&
    caller.includes(rule.principalIncludes ?? "") &&
    now >= (rule.from ?? Number.NEGATIVE_INFINITY) &&
    now < (rule.until ?? Number.POSITIVE_INFINITY)
  );
}
