import type { Move, Verdict } from "../contracts/plan.ts";

/** What the kinds said of all components in scope. */
export interface Assessed {
  readonly verdicts: readonly Verdict[];
  readonly moves: readonly Move[];
  /** When each component last changed, where known. */
  readonly lastChanges: readonly Date[];
}
