import { Random } from "../../../lib/region/kernel/random.ts";
import type { FaultFailure } from "../../../lib/region/wire/fault-plan.ts";
import type { StrategyName } from "./make-strategy-stage.ts";

/** Everything that goes wrong in one rollback of a database. */
export interface Night {
  readonly seed: number;
  readonly strategy: StrategyName;
  readonly shape: "instance" | "cluster";
  /**
   * For how many looks of ten seconds an accepted rename may go on saying `available` (docs/facts/database.md §0.3): up to
   * five as in §12, and some nights far more, because nobody knows the real length.
   */
  readonly flapPolls: number;
  readonly renameShowsPending: boolean;
  readonly faults: readonly {
    readonly effect: FaultFailure;
    readonly probability: number;
    readonly times: number;
  }[];
  /** Journal writes before which the function is killed: right after the change that they tell of. */
  readonly crashes: readonly number[];
  /** After how many looks everything is stopped; undefined when nobody does. */
  readonly stopAfter: number | undefined;
  /** Chance that the next look comes minutes late, as after a redrive. */
  readonly late: number;
  readonly trouble: "none" | "restore fails" | "copy is bad" | "serving is bad";
  /** Whether users come back from the new database once they are on it. */
  readonly comesBack: boolean;
  /** A name that somebody else takes as soon as it is free, from this look on. */
  readonly foreigner: { readonly name: "own" | "staging" | "retired"; readonly from: number } | undefined;
  readonly wayOut: readonly ("tidy" | "revert" | "discard")[];
}

/** The night of a seed; the same one each time. */
export function nightOf(seed: number): Night {
  const random = new Random(seed).fork("night");
  const flap = new Random(seed).fork("flap");
  const pick = <T>(...of: readonly [T, ...T[]]): T => of[random.integer(0, of.length - 1)] ?? of[0];
  const fault = (effect: FaultFailure, most: number) => ({
    effect,
    probability: random.between(0, most),
    times: random.integer(1, 8),
  });
  const strategy = pick<StrategyName>("rename", "rename", "rename", "proxy", "parameter", "secret");
  return {
    seed,
    strategy,
    shape: random.chance(0.1) ? "cluster" : "instance",
    flapPolls: random.integer(0, 5) + (flap.chance(0.4) ? flap.integer(1, 35) : 0),
    renameShowsPending: random.chance(0.3),
    faults: random.chance(0.2)
      ? []
      : [
          fault("throttle", 0.2),
          fault("lost-reply", 0.1),
          fault("refused", 0.05),
          fault("server-error", 0.05),
        ],
    crashes: Array.from({ length: pick(0, 0, 1, 2, 4) }, () => random.integer(0, 70)),
    stopAfter: random.chance(0.5) ? random.integer(1, 110) : undefined,
    late: pick(0, 0, 0.05, 0.2),
    trouble: pick("none", "none", "none", "none", "restore fails", "copy is bad", "serving is bad"),
    comesBack: random.chance(0.4),
    foreigner: random.chance(0.3)
      ? { name: pick("own", "own", "staging", "retired"), from: pick(1, 3, 25, 45) }
      : undefined,
    wayOut: pick<Night["wayOut"]>(["tidy", "discard"], ["revert", "discard", "tidy"]),
  };
}
