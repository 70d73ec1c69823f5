import type { DatabaseComponent, DatabaseMove } from "../../../contracts/kinds/database.ts";
import type { Sight } from "../sight.ts";
import { CLUSTER_CHECKS } from "./checks-of-cluster.ts";
import { INSTANCE_CHECKS } from "./checks-of-instance.ts";
import { SHARED_CHECKS } from "./checks-shared.ts";
import type { Surroundings } from "./surroundings.ts";

export type Way = DatabaseMove["way"];

/** Everything that speaks for or against a rollback of a database, once it is known how. */
export interface Feasibility {
  readonly way: Way;
  readonly configuration: DatabaseComponent;
  readonly serving: Sight;
  readonly surroundings: Surroundings;
  /** Why users could not be sent elsewhere. */
  readonly cutOver: string | undefined;
  /** Whether a component of the environment puts the database's password back together with it. */
  readonly secretGoesAlong: boolean;
}

/** One thing that can be wrong, by the name that docs and tests use. */
export interface Check<S extends Sight = Sight> {
  readonly name: string;
  /** A refusal is for what would fail, or would make a database that is not the same; a person decides over warnings. */
  readonly weight: "refuse" | "warn";
  /** For which ways it matters; all unless told. */
  readonly ways?: readonly Way[];
  /** What is wrong and what to do, as a sentence; undefined when all is well. */
  readonly finds: (facts: Feasibility & { readonly serving: S }) => string | undefined;
}

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
