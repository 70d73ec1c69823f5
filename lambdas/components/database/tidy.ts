import type { Tick } from "../../contracts/tick.ts";
import { tidyBacktrack } from "./backtrack.ts";
import { finalise } from "./finalise.ts";
import { guarded } from "./guarded.ts";
import type { Job } from "./job.ts";
import { retire } from "./retire.ts";
import { revert, unfinished } from "./revert.ts";
import { sidesOf } from "./sides.ts";

/**
 * After a failure or a killed execution: users end up on one database, the old one when the cut-over was not completed.
 * Quick, because writers may be waiting for it; a copy that nobody uses is removed afterwards, by `discard`. The answer's
 * verb says on which: `cutOver` or `revert` when this call brought them there.
 */
export async function tidy(job: Job): Promise<Tick> {
  const { answer, steps, details } = job;
  if (details.way === "backtrack") return tidyBacktrack(job);
  if (steps.has("revert-began")) return { ...(await revert(job)), verb: "revert" };
  if (steps.has("cut-over-done")) return finalise(job);
  if (steps.has("switched")) return { ...(await finalise(job)), verb: "cutOver" };
  const isHalfWay = steps.has("switch-intended") && !steps.has("put-back");
  if (isHalfWay) {
    const progress = await unfinished(job);
    if (progress.state === "working") return answer.working(progress.note, progress.waitSeconds);
    if (progress.state === "failed") return answer.failed(progress.code, progress.note, true);
  }
  const tick =
    details.way === "return"
      ? await lockAway(job)
      : answer.done("Users are where they were; a copy is still to be discarded.");
  return isHalfWay ? { ...tick, verb: "revert" } : tick;
}

/** What was kept before this rollback stays kept, and goes back into quarantine when it was taken out for the cut-over. */
async function lockAway(job: Job): Promise<Tick> {
  const { answer, steps } = job;
  const { fresh } = await sidesOf(job);
  if (!fresh || !steps.has("go-live-intended")) return answer.done("Nothing was made; nothing to tidy.");
  const progress = await guarded(() => retire(job, fresh, "retire-back"));
  if (progress.state === "working") return answer.working(progress.note, progress.waitSeconds);
  if (progress.state === "failed") return answer.failed(progress.code, progress.note, false);
  return answer.done(`${fresh.identifier} is kept as before.`);
}
