import type { MaintenanceMove } from "../../contracts/kinds/maintenance.ts";
import type { Move } from "../../contracts/plan.ts";

/** What maintenance mode proposes, or why it stays as it is. */
export type Proposal =
  | (Pick<Move, "from" | "to" | "reason" | "verbs" | "warnings"> & {
      readonly mode: MaintenanceMove["mode"];
      readonly seconds: number;
    })
  | { readonly problem: string }
  | { readonly nothing: string };
