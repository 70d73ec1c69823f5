import type { Tick } from "../../contracts/tick.ts";
import { withFullStop } from "../../domain/full-stop.ts";
import { noteLacks } from "../steps.ts";
import { discard } from "./discard.ts";
import { guarded } from "./guarded.ts";
import type { Job } from "./job.ts";
import { leftOpen, noteWhatItLacks } from "./lacks.ts";
import { isLockedAway, retire } from "./retire.ts";
import { snapshotAfterwards, snapshotBeforeRevert } from "./safety-snapshot.ts";
import { sendOnce } from "./send-once.ts";
import { isRetired } from "./serving.ts";
import type { Database } from "./shapes/shape.ts";
import { servingGroups, sidesOf } from "./sides.ts";
import { CHANGEABLE_STATUSES, isWorkedOn } from "./states.ts";
import { isSteady } from "./steady.ts";
import type { Serving } from "./strategies/strategy.ts";
import { strategyOf } from "./strategies/strategy-of.ts";

/** Changes that no user feels take minutes; after this long something is wrong. */
const LONGEST_SECONDS = 1_800;

/** Nobody waits for it: later than an invocation lasts, so that it is asked for again by whoever called it. */
const LATER_SECONDS = 600;

/**
 * What RDS did not take while it backed something up: locks away what users have left, gives a copy that serves already the
 * rest of its settings, and deletes one that was not needed. Nobody waits for it: what cannot be done yet is said, and asked
 * for again.
 */
export async function complete(job: Job): Promise<Tick> {
  const { answer, steps } = job;
  const lacks = steps.text("lacks", "what") ?? "";
  if (lacks === "") return answer.done("It has every setting of the original.");
  if (!steps.has("switched")) return discardLater(job);
  if (steps.has("reverted")) return lockLater(job);
  const { old, fresh } = await sidesOf(job);
  const serving = await strategyOf(job).serving(
    job,
    [old, fresh].flatMap((one) => one ?? []),
  );
  if (!fresh || serving.who !== fresh.resourceId) return leave(job, old, serving);
  const locked = old && isRetired(old.tags) ? await lockAway(job, old, fresh) : undefined;
  if (locked) return locked;
  if (job.details.way === "return") return completeReturn(job, old);
  if (!old) {
    await noteLacks(steps, "");
    return answer.failed(
      "CHANGED_SINCE_PLAN",
      `The original of ${fresh.identifier} is gone, and with it what the copy was to be like. Left for you: ${lacks}.`,
    );
  }
  const isResting = CHANGEABLE_STATUSES.includes(fresh.status);
  if (!isResting && !steps.has("complete-began")) {
    const rest = steps.text("lacks", "what") ?? "";
    return answer.working(`${fresh.identifier} is ${fresh.status}. Still to come: ${rest}.`, LATER_SECONDS);
  }
  const elapsed = await steps.secondsSince("complete-began");
  const tick = await makeAlike(job, { old, fresh, isResting });
  if (tick.status !== "working" || elapsed <= LONGEST_SECONDS) return tick;
  return answer.failed("TOO_SLOW", `Not set after ${Math.round(elapsed / 60)} minutes: ${tick.note}`);
}

/**
 * Users are not, or not for certain, where this rollback brought them: nothing is changed any more. Who may still be on what
 * they had left, under another name for instance, shall not be locked out of it.
 */
async function leave(job: Job, old: Database | undefined, { who, leadsTo }: Serving): Promise<Tick> {
  const { answer, steps } = job;
  const lacks = steps.text("lacks", "what") ?? "";
  await noteLacks(steps, "");
  const isBack = old !== undefined && leadsTo.includes(old.resourceId);
  const isOpen = old && !isBack && leftOpen(job, old).length > 0;
  if (who !== "unknowable" && !isOpen) {
    return ended(job, "Users are no longer on the copy; it is left as it is.");
  }
  const where = who === "unknowable" ? "Nobody can tell where users are" : "Users are on neither database";
  return answer.failed(
    "CHANGED_SINCE_PLAN",
    `${where} any more. Left for you, as far as it is used: ${lacks}.`,
  );
}

/** What was kept for an undo is as it was then; what users have left for it is all that there is to do. */
async function completeReturn(job: Job, old: Database | undefined): Promise<Tick> {
  const { answer, steps } = job;
  if (old && !steps.has("old-locked")) {
    return answer.working(
      `${old.identifier} is not marked as retired; it is not locked away.`,
      LATER_SECONDS,
    );
  }
  await noteLacks(steps, "");
  return ended(job, old ? `${old.identifier} is locked away.` : "What users have left is gone.");
}

/** What users have left, once RDS has its safety snapshot; nothing when that is over. */
async function lockAway(job: Job, old: Database, fresh: Database): Promise<Tick | undefined> {
  const { answer, steps, details } = job;
  if (steps.has("old-locked")) return undefined;
  const name = details.safetySnapshotIdentifier;
  const taken = await guarded(() => snapshotAfterwards(job, { of: old, name }));
  if (taken.state === "working") return answer.working(taken.note, LATER_SECONDS);
  if (isWorkedOn(old.status) && !isLockedAway(job, old, "retire")) {
    return answer.working(`${old.identifier} is ${old.status}; then it is locked away.`, LATER_SECONDS);
  }
  const locked = await guarded(() => retire(job, old));
  if (locked.state === "working") return answer.working(locked.note, locked.waitSeconds);
  const said = [
    ...(taken.state === "failed" ? [unsafeNote(old, taken.note)] : []),
    ...(locked.state === "failed"
      ? [`${old.identifier} could not be locked away: ${withFullStop(locked.note)}`]
      : []),
  ];
  await steps.write("old-locked", { but: said.join(" ") });
  await noteWhatItLacks(job, old, fresh);
  return undefined;
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
  if (!fresh) {
    await noteLacks(steps, "");
    return answer.done("What users have left is gone.");
  }
  if (!CHANGEABLE_STATUSES.includes(fresh.status)) {
    return answer.working(`${fresh.identifier} is ${fresh.status}; then it is locked away.`, LATER_SECONDS);
  }
  const name = snapshotBeforeRevert(job);
  const taken = await guarded(() => snapshotAfterwards(job, { of: fresh, name }));
  if (taken.state === "working") return answer.working(taken.note, LATER_SECONDS);
  const progress = await guarded(() => retire(job, fresh, "retire-back"));
  if (progress.state === "working") return answer.working(progress.note, progress.waitSeconds);
  if (progress.state === "failed") return answer.failed(progress.code, progress.note);
  await noteLacks(steps, "");
  if (taken.state === "failed") return answer.failed(taken.code, unsafeNote(fresh, taken.note));
  return answer.done("The copy that users have left is snapshotted and locked away.");
}

const unsafeNote = ({ identifier }: Database, note: string) =>
  `${withFullStop(note)} Take another of ${identifier} by hand.`;

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
  return ended(job, `${fresh.identifier} has every setting of the original now.`);
}

/** What went wrong with what users have left is told with the end: it keeps nobody from it. */
function ended({ answer, steps }: Job, note: string): Tick {
  const but = steps.text("old-locked", "but") ?? "";
  return but === "" ? answer.done(note) : answer.failed("REFUSED_BY_AWS", `${note} ${but}`);
}
