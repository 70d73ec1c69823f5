import type { Tick } from "../../contracts/tick.ts";
import { noteLacks } from "../steps.ts";
import { discard } from "./discard.ts";
import { retire } from "./finalise.ts";
import { noteWhatItLacks } from "./first-backup.ts";
import { guarded } from "./guarded.ts";
import type { Job } from "./job.ts";
import { sendOnce } from "./send-once.ts";
import type { Database } from "./shapes/shape.ts";
import { servingGroups, sidesOf } from "./sides.ts";
import { CHANGEABLE_STATUSES } from "./states.ts";
import { isSteady } from "./steady.ts";
import { done } from "./strategies/progress.ts";
import { strategyOf } from "./strategies/strategy-of.ts";

/** Changes that no user feels take minutes; after this long something is wrong. */
const LONGEST_SECONDS = 1_800;

/** Nobody waits for it: later than an invocation lasts, so that it is asked for again by whoever called it. */
const LATER_SECONDS = 600;

/**
 * Gives a copy that serves already what RDS did not take while it backed it up, and deletes one that was not needed. Nobody
 * waits for it: what cannot be done yet is said, and asked for again.
 */
export async function complete(job: Job): Promise<Tick> {
  const { answer, steps } = job;
  const lacks = steps.text("lacks", "what") ?? "";
  if (lacks === "") return answer.done("It has every setting of the original.");
  if (!steps.has("switched")) return discardLater(job);
  if (steps.has("reverted")) return lockLater(job);
  const { old, fresh } = await sidesOf(job);
  if (!fresh || !(await isServing(job, fresh))) {
    await noteLacks(steps, "");
    return answer.done("Users are no longer on the copy; it is left as it is.");
  }
  if (!old) {
    await noteLacks(steps, "");
    return answer.failed(
      "CHANGED_SINCE_PLAN",
      `Its original is gone: set by hand, on ${fresh.identifier}, ${lacks}.`,
    );
  }
  const isResting = CHANGEABLE_STATUSES.includes(fresh.status);
  if (!isResting && !steps.has("complete-began")) {
    return answer.working(
      `${fresh.identifier} is ${fresh.status}. Still to be set: ${lacks}.`,
      LATER_SECONDS,
    );
  }
  const elapsed = await steps.secondsSince("complete-began");
  const tick = await makeAlike(job, { old, fresh, isResting });
  if (tick.status !== "working" || elapsed <= LONGEST_SECONDS) return tick;
  return answer.failed("TOO_SLOW", `Not set after ${Math.round(elapsed / 60)} minutes: ${tick.note}`);
}

/** A copy that was not needed, and that RDS did not let go before it had backed it up. */
async function discardLater(job: Job): Promise<Tick> {
  const tick = await discard(job);
  if (job.steps.has("discarded")) await noteLacks(job.steps, "");
  return tick;
}

/** A copy that users have left again, and that RDS did not change before it had backed it up. */
async function lockLater(job: Job): Promise<Tick> {
  const { answer, steps } = job;
  const { fresh } = await sidesOf(job);
  if (fresh && !CHANGEABLE_STATUSES.includes(fresh.status)) {
    return answer.working(`${fresh.identifier} is ${fresh.status}; then it is locked away.`, LATER_SECONDS);
  }
  const progress = fresh ? await guarded(() => retire(job, fresh, "retire-back")) : done;
  if (progress.state === "working") return answer.working(progress.note, progress.waitSeconds);
  if (progress.state === "failed") return answer.failed(progress.code, progress.note);
  await noteLacks(steps, "");
  return answer.done("The copy that users have left is locked away.");
}

interface Lacking {
  readonly old: Database;
  readonly fresh: Database;
  readonly isResting: boolean;
}

async function makeAlike(job: Job, { old, fresh, isResting }: Lacking): Promise<Tick> {
  const { answer, shape } = job;
  const model = shape.asServing(old, servingGroups(job, old));
  const change = shape.nextChange(model, fresh) ?? shape.goLive(model, fresh);
  const isThrough = !change && shape.isSettled(fresh, fresh.identifier);
  if (!(await isSteady(job, "complete", isThrough))) {
    if (change && isResting) await sendOnce(job, { ...change, key: `complete-${change.key}` });
    return answer.working(`${fresh.identifier} is ${fresh.status}${change ? `: ${change.what}` : ""}.`);
  }
  await noteWhatItLacks(job, old, fresh);
  return answer.done(`${fresh.identifier} has every setting of the original now.`);
}

async function isServing(job: Job, fresh: Database): Promise<boolean> {
  const { who } = await strategyOf(job).serving(job, [fresh]);
  return who === fresh.resourceId;
}
