import { runTask } from "../task/run-task.ts";
import type { CheckResult, CheckRun } from "./check-run.ts";
import type { Job } from "./job.ts";

/** A check that has not ended by then says nothing good any more. */
const LONGEST_SECONDS = 1_800;

/**
 * A task that looks at the database at DATABASE_HOST, or asks RDS Data API at DATABASE_ARN; exit code 0 is good
 * (docs/facts/database.md §8, §9).
 */
export async function checkByTask(
  job: Job,
  { check, phase, host, arn, attempt }: CheckRun,
): Promise<CheckResult> {
  const run = job.details.tasks[check.task];
  if (!run)
    return {
      status: "failed",
      note: `The check ${check.name} failed: the plan carries no task ${check.task}.`,
    };
  const { ecs, logs, steps, clock, rollbackId, move } = job;
  const end = await runTask({
    ecs,
    logs,
    run,
    name: attempt === 1 ? `run-${phase}-${check.name}` : `run-${phase}-${check.name}-${attempt}`,
    component: move.component,
    rollbackId,
    environment: { DATABASE_HOST: host, DATABASE_ARN: arn },
    steps,
    clock,
    deadlineSeconds: LONGEST_SECONDS,
  });
  switch (end.status) {
    case "working":
      return {
        status: "working",
        note: `The check ${check.name}: ${end.note}`,
        waitSeconds: end.waitSeconds,
      };
    case "done":
      return { status: "good", note: `${check.name}: ${end.note}` };
    case "failed":
      return { status: "failed", note: `The check ${check.name} failed: ${end.note}` };
  }
}
