import type { IntegrityCheck } from "../../contracts/kinds/database.ts";

/** Where a check looks: the copy itself, or the way that the application takes after the cut-over. */
export type CheckPhase = "copy" | "live";

/** Where a check finds the database. */
export interface CheckPlace {
  readonly host: string;
  /** Of the instance or the cluster: what RDS Data API goes by. */
  readonly arn: string;
}

/** A check that is told its own names, so that a retry meets what it started. */
export interface CheckRun extends CheckPlace {
  readonly check: IntegrityCheck;
  readonly phase: CheckPhase;
  /** Counts from 1; each is a task of its own. */
  readonly attempt: number;
}

export type CheckResult =
  | { readonly status: "working"; readonly note: string; readonly waitSeconds: number }
  | { readonly status: "good"; readonly note: string }
  | { readonly status: "failed"; readonly note: string };
