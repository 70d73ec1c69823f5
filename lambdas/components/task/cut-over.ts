import type { Tick } from "../../contracts/tick.ts";
import type { Job } from "./job.ts";
import { runningOf } from "./job.ts";
import { runTask } from "./run-task.ts";

/** Runs the command once, and follows it until its container ended. */
export async function cutOver(job: Job): Promise<Tick> {
  const { answer, details, move, steps } = job;
  await steps.once("cut-over-began");
  const tick = await runTask(runningOf(job, "forward", details.run));
  if (tick.status === "working") return answer.working(tick.note, tick.waitSeconds);
  if (tick.status === "failed") return answer.failed(tick.code, tick.note, tick.ran && move.tier === "data");
  await steps.once("cut-over-done");
  return answer.done(tick.note);
}
