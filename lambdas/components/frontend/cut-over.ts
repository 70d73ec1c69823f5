import type { Tick } from "../../contracts/tick.ts";
import { invalidate } from "./invalidation.ts";
import type { Job } from "./job.ts";
import type { ReleaseStrategy } from "./release-strategy.ts";

/** Puts the target in place, and makes the edge locations forget what was there before. */
export async function cutOver(job: Job, strategy: ReleaseStrategy): Promise<Tick> {
  const { answer, steps, details } = job;
  if (steps.has("cut-over-done")) return answer.done(`${details.toRelease} was put in place.`);
  const elapsed = await steps.secondsSince("cut-over-began");
  const placed = await strategy.put(job, "forth");
  const tick = placed.status === "done" ? await invalidate(job, "forth", strategy) : placed;
  if (tick.status === "working" && elapsed > details.deadlineSeconds) {
    const minutes = Math.round(details.deadlineSeconds / 60);
    return answer.failed(
      "TOO_SLOW",
      `${details.toRelease} is not everywhere after ${minutes} minutes. ${tick.note}`,
    );
  }
  if (tick.status !== "done") return tick;
  await steps.write("cut-over-done");
  return answer.done(`${details.toRelease} is in place. ${tick.note}`);
}
