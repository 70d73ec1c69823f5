import type { Tick } from "../../contracts/tick.ts";
import { invalidate } from "./invalidation.ts";
import { isTouched, type Job } from "./job.ts";
import type { ReleaseStrategy } from "./release-strategy.ts";

/** Puts back what users had before the cut-over, as far as it went, and makes the edge locations forget the rest. */
export async function revert(job: Job, strategy: ReleaseStrategy): Promise<Tick> {
  const { answer, steps, details } = job;
  if (steps.has("reverted")) return answer.done(`${details.fromRelease} was put back.`);
  if (!isTouched(steps)) return answer.done("It was not touched.");
  const placed = await strategy.put(job, "back");
  const tick = placed.status === "done" ? await invalidate(job, "back", strategy) : placed;
  if (tick.status !== "done") return tick;
  await steps.write("reverted");
  return answer.done(`${details.fromRelease} is back. ${placed.note}`);
}
