import { type Job, runningOf } from "./job.ts";
import { findOwnTask } from "./own-task.ts";
import { attemptOf, runTask } from "./run-task.ts";
import type { RunTick } from "./running.ts";
import { endIn } from "./task-end.ts";

/** Follows the command to its end when it was started, and starts nothing: a way out must not begin what it undoes. */
export async function settle(job: Job): Promise<RunTick> {
  const { details } = job;
  const run = { ...details.run, safeToRepeat: false };
  const running = runningOf(job, "forward", run);
  const attempt = attemptOf(running);
  const neverRan = {
    status: "failed",
    code: "TASK_FAILED",
    note: "It was never started.",
    ran: false,
  } as const;
  if (attempt === undefined || job.steps.number("forward-task-intended", "refused") === 1) return neverRan;
  if (!endIn(running) && (await findOwnTask(running, attempt)) === undefined) return notSeen(job);
  return runTask(running);
}

/** RunTask is eventually consistent (docs/facts/ecs.md §4): a task whose answer was lost may still appear. */
function notSeen({ steps, clock }: Job): RunTick {
  const asked = steps.timeOf("forward-task-intended")?.getTime() ?? 0;
  const seconds = (clock().getTime() - asked) / 1_000;
  if (seconds <= APPEARS_WITHIN_SECONDS) {
    return {
      status: "working",
      note: "It may have been started; ECS does not show it yet.",
      waitSeconds: 10,
    };
  }
  if (seconds <= SHOWN_FOR_SECONDS) {
    return { status: "failed", code: "TASK_FAILED", note: "ECS never started it.", ran: false };
  }
  const note = "Nobody can say whether it ran: ECS shows no such task any more.";
  return { status: "failed", code: "END_UNKNOWN", note, ran: true };
}

/** "back off from 2 s up to 5 min" (docs/facts/ecs.md §4). */
const APPEARS_WITHIN_SECONDS = 300;
/** Stopped tasks are shown for about an hour (docs/facts/database.md §9, unverified there); half of it is certain enough. */
const SHOWN_FOR_SECONDS = 1_800;
