import type { Tick } from "../../contracts/tick.ts";
import { type Job, runningOf } from "./job.ts";
import { attemptOf } from "./run-task.ts";
import { settle } from "./settle.ts";

/**
 * After a failure: waits for a task that this rollback started, so that writers do not come back in the middle of it.
 * It leaves nothing else behind; how it ended is for others to judge.
 */
export async function tidy(job: Job): Promise<Tick> {
  const { answer, details } = job;
  if (attemptOf(runningOf(job, "forward", details.run)) === undefined) {
    return answer.done("It was not run; nothing to tidy.");
  }
  const settled = await settle(job);
  if (settled.status === "working") return answer.working(settled.note, settled.waitSeconds);
  if (settled.status === "failed" && settled.code === "TOO_SLOW")
    return answer.failed("TOO_SLOW", settled.note);
  return answer.done(`Nothing is left to tidy. ${settled.note}`);
}
