import { withFullStop } from "../../domain/full-stop.ts";
import { guarded } from "./guarded.ts";
import type { Job } from "./job.ts";
import { sidesOf } from "./sides.ts";
import type { Progress } from "./strategies/progress.ts";
import { done, failed } from "./strategies/progress.ts";
import { strategyOf } from "./strategies/strategy-of.ts";

/**
 * Takes a cut-over back that did not come to its end: nobody was on the new database. What cannot be put back is a
 * person's: the answer carries the exact commands, and writers stay stopped.
 */
export async function putBack(job: Job): Promise<Progress> {
  const { steps, details, shape } = job;
  if (steps.has("put-back")) return done;
  const { old, fresh } = await sidesOf(job);
  if (!old) {
    const note = `The old ${shape.noun} ${details.sourceResourceId} is gone; its snapshot is ${details.safetySnapshotIdentifier}.`;
    return failed("HALF_WAY", note);
  }
  const change = { direction: "back", from: fresh, to: old } as const;
  const strategy = strategyOf({ details });
  const progress = await guarded(() => strategy.advance(job, change));
  if (progress.state === "failed") {
    const commands = strategy.byHand(job, change).join(" ; ");
    return failed(
      "HALF_WAY",
      `It could not be put back: ${withFullStop(progress.note)} By hand, in this order: ${commands}`,
    );
  }
  if (progress.state === "done") await steps.write("put-back");
  return progress;
}
