import type { CacheMove } from "../../contracts/kinds/cache.ts";
import type { Move } from "../../contracts/plan.ts";

/** What a kind of cleaning proposes, or why it cannot be done. */
export type Proposal =
  | (Pick<Move, "from" | "to" | "reason" | "verbs" | "warnings" | "makesCopy"> & {
      readonly details: Omit<CacheMove, "clean" | "deadlineSeconds">;
      readonly prepareSeconds?: number;
      readonly seconds: number;
    })
  | { readonly problem: string }
  | { readonly nothing: string };
