/** How a rollback or an undo ended, which may have taken two executions or several. */
export interface Ended {
  readonly outcome: string;
  /** What it left in the ledger and an undo would take back, newest first. */
  readonly rollbackIds: readonly string[];
}

/** When to stop the execution, and how it goes on: the same one, or with another that asks for the same. */
export interface Stop {
  /** After so many changes by Stepback. */
  readonly afterChanges: number;
  readonly goesOn: "redrive" | "redrive at once" | "start anew";
}

/** What one of several people asks for, and how many seconds after the first. */
export interface Wish {
  readonly after: number;
  readonly scope: readonly string[];
}

/** How a question ends to which nobody says yes, after so many seconds. */
export interface Unapproved {
  readonly seconds: number;
  readonly by: "rejection" | "silence" | "a stop";
}
