import type { Move, Verdict } from "../contracts/plan.ts";

/** What the kinds said of all components in scope. */
export interface Assessed {
  readonly verdicts: readonly Verdict[];
  readonly moves: readonly Move[];
  /** Components whose order is a circle: no plan can be carried out. */
  readonly circle: readonly string[];
  /** When each component last changed, where known. */
  readonly lastChanges: readonly { readonly component: string; readonly at: Date }[];
}
