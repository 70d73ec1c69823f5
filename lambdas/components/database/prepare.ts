import type { Tick } from "../../contracts/tick.ts";
import { prepareBacktrack } from "./backtrack.ts";
import type { Job } from "./job.ts";
import { prepareCopy } from "./prepare-copy.ts";
import { prepareReturn } from "./prepare-return.ts";

/**
 * Makes everything ready beside the database that serves: users notice nothing, writers stay on. What was prepared while
 * people were asked is looked at again when it is needed: an hour may lie between. A cut-over that is on its way is failed
 * by no later invocation.
 */
export async function prepare(job: Job): Promise<Tick> {
  const { answer, details, steps } = job;
  // Stopped and tidied, then redriven: the copy is gone for good, and nobody may be paused for it.
  if (steps.has("discarded") && !steps.has("cut-over-began")) {
    return answer.failed(
      "PREPARE_FAILED",
      "The copy was removed when this rollback was stopped; start a new one.",
      false,
    );
  }
  if (steps.has("cut-over-began")) return answer.done("Prepared.");
  const elapsed = await steps.secondsSince(steps.has("prepared") ? "prepare-again" : "prepare-began");
  const tick = await prepareByWay(job);
  if (tick.status !== "working" || elapsed <= details.deadlineSeconds) return tick;
  return answer.failed(
    "TOO_SLOW",
    `Not prepared after ${Math.round(elapsed / 60)} minutes: ${tick.note}`,
    false,
  );
}

function prepareByWay(job: Job): Promise<Tick> {
  switch (job.details.way) {
    case "backtrack":
      return prepareBacktrack(job);
    case "return":
      return prepareReturn(job);
    case "point-in-time":
    case "snapshot":
    case "clone":
      return prepareCopy(job);
  }
}
