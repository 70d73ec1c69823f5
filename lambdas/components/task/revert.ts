import type { Tick } from "../../contracts/tick.ts";
import { type Job, runningOf } from "./job.ts";
import { attemptOf, runTask } from "./run-task.ts";
import { settle } from "./settle.ts";

/**
 * Runs what was declared to reverse the command, after the command has ended, however it ended: a migration that failed
 * half way needs the way back most. A reverse that is not declared is never guessed.
 */
export async function revert(job: Job): Promise<Tick> {
  const { answer, details, move } = job;
  if (attemptOf(runningOf(job, "forward", details.run)) === undefined) {
    return answer.done("It was not run; nothing to put back.");
  }
  const settled = await settle(job);
  if (settled.status === "working") return answer.working(settled.note, settled.waitSeconds);
  if (settled.status === "failed" && !settled.ran) return answer.done("It never ran; nothing to put back.");
  if (move.tier !== "data") return answer.done("It ran and changes nothing; nothing to put back.");
  if (settled.status === "failed" && settled.code === "TOO_SLOW")
    return answer.failed("TOO_SLOW", settled.note);
  if (!details.undo) {
    const note = "It ran and declares no undo: what it changed stays. Reverse it by hand if it has to go.";
    return answer.failed("NOT_UNDOABLE", note);
  }
  const undo = await runTask(runningOf(job, "undo", details.undo));
  if (undo.status === "working") return answer.working(`Its undo runs: ${undo.note}`, undo.waitSeconds);
  if (undo.status === "failed") return answer.failed(undo.code, `Its undo failed: ${undo.note}`);
  return answer.done(`Its undo ran: ${undo.note}`);
}
