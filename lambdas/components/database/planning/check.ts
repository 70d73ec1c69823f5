import type { DatabaseComponent, DatabaseMove } from "../../../contracts/kinds/database.ts";
import type { Sight } from "../sight.ts";
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
