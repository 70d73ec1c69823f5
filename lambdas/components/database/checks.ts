import type { IntegrityCheck } from "../../contracts/kinds/database.ts";
import { checkByTask } from "./check-task.ts";
import type { Job, Step } from "./job.ts";

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
}

export type CheckResult =
  | { readonly status: "working"; readonly note: string; readonly waitSeconds: number }
  | { readonly status: "good"; readonly note: string }
  | { readonly status: "failed"; readonly note: string };

/** Runs the configured checks one after the other; each one that was good stays good. */
export async function runChecks(job: Job, phase: CheckPhase, place: CheckPlace): Promise<CheckResult> {
  const { steps, details } = job;
  for (const check of details.checks) {
    const step: Step = `check-${phase}-${check.name}`;
    if (steps.has(step)) continue;
    const result = await checkByTask(job, { check, phase, ...place });
    if (result.status !== "good") return result;
    await steps.write(step, { note: result.note });
  }
  const count = details.checks.length;
  if (count === 0) return { status: "good", note: "No integrity checks are configured." };
  return { status: "good", note: `${count === 1 ? "Its check is" : `Its ${count} checks are`} good.` };
}
