import type { Sight } from "../sight.ts";
import type { Check, Feasibility } from "./check.ts";
import { CLUSTER_CHECKS } from "./checks-of-cluster.ts";
import { INSTANCE_CHECKS } from "./checks-of-instance.ts";
import { SHARED_CHECKS } from "./checks-shared.ts";

export interface Findings {
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
}

/** Runs every check that matters for the way: each says at most one thing. Pure. */
export function findingsOf(facts: Feasibility): Findings {
  const found = [...foundBy(SHARED_CHECKS, facts), ...ofShape(facts)];
  return {
    refusals: found.filter(({ weight }) => weight === "refuse").map(({ text }) => text),
    warnings: found.filter(({ weight }) => weight === "warn").map(({ text }) => text),
  };
}

function ofShape(facts: Feasibility) {
  const { serving } = facts;
  return serving.shape === "cluster"
    ? foundBy(CLUSTER_CHECKS, { ...facts, serving })
    : foundBy(INSTANCE_CHECKS, { ...facts, serving });
}

function foundBy<S extends Sight>(checks: readonly Check<S>[], facts: Feasibility & { readonly serving: S }) {
  return checks
    .filter(({ ways }) => !ways || ways.includes(facts.way))
    .flatMap(({ weight, finds }) => {
      const text = finds(facts);
      return text === undefined ? [] : [{ weight, text }];
    });
}
