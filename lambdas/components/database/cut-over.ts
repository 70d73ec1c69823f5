import type { FailureCode } from "../../contracts/failures.ts";
import type { Tick } from "../../contracts/tick.ts";
import { withFullStop } from "../../domain/full-stop.ts";
import { cutOverByBacktrack } from "./backtrack.ts";
import { finalise } from "./finalise.ts";
import { isSnapshottedLater, servesAlready } from "./first-backup.ts";
import { guarded } from "./guarded.ts";
import type { Job } from "./job.ts";
import { putBack } from "./put-back.ts";
import { type SnapshotProgress, safetySnapshot } from "./safety-snapshot.ts";
import { mayBeUnderWay, sendAndTell, timesSent } from "./send-once.ts";
import type { Change, Database } from "./shapes/shape.ts";
import { sidesOf } from "./sides.ts";
import { CHANGEABLE_STATUSES } from "./states.ts";
import { isSteady } from "./steady.ts";
import type { Progress } from "./strategies/progress.ts";
import { done, failed, working } from "./strategies/progress.ts";
import { strategyOf } from "./strategies/strategy-of.ts";

interface Pair {
  readonly old: Database;
  readonly fresh: Database;
}

/**
 * Brings users from the old database to the new one, with the writers paused. What fails before users could be on the new
 * one is put back here; from then on it only goes forward.
 */
export async function cutOver(job: Job): Promise<Tick> {
  const { answer, details, steps } = job;
  if (details.way === "clone") throw new Error("A clone is for rehearsals: nobody is ever sent to one");
  if (details.way === "backtrack") return cutOverByBacktrack(job);
  if (steps.has("put-back-began")) return endPutBack(job);
  if (steps.has("switched")) return finalise(job);
  const { old, fresh } = await sidesOf(job);
  if (!old || !fresh) {
    const gone = old ? details.stagingIdentifier : details.sourceResourceId;
    return fail(job, "CHANGED_SINCE_PLAN", `The ${job.shape.noun} ${gone} is gone.`);
  }
  const progress = await guarded(() => towards(job, { old, fresh }));
  switch (progress.state) {
    case "failed":
      return fail(job, progress.code, progress.note);
    case "done":
      await steps.write("switched", { from: old.resourceId, to: fresh.resourceId });
      return answer.working("Users are on the new one; protecting it.", 1);
    case "working": {
      const seconds = steps.has("cut-over-began") ? await steps.secondsSince("cut-over-began") : 0;
      if (seconds <= details.deadlineSeconds) return answer.working(progress.note, progress.waitSeconds);
      return fail(
        job,
        "TOO_SLOW",
        `Not cut over after ${Math.round(seconds / 60)} minutes: ${progress.note}`,
      );
    }
  }
}

/** Nothing that users notice before `switch-intended`. */
async function towards(job: Job, pair: Pair): Promise<Progress> {
  const { details, steps } = job;
  const { old, fresh } = pair;
  if (!steps.has("switch-intended")) {
    const changed = await changedSince(job, pair);
    if (changed !== undefined) return failed("CHANGED_SINCE_PLAN", changed);
    await steps.once("cut-over-began");
    const ready = await makeReady(job, pair);
    if (ready.state !== "done") return ready;
    await steps.write("switch-intended", { from: old.resourceId, to: fresh.resourceId });
  }
  return strategyOf({ details }).advance(job, { direction: "cut-over", from: old, to: fresh });
}

/** What is not as the plan saw it, in words. */
async function changedSince(job: Job, { old, fresh }: Pair): Promise<string | undefined> {
  const { details } = job;
  if (fresh.identifier !== details.stagingIdentifier) {
    return `Somebody renamed ${details.stagingIdentifier} to ${fresh.identifier}; it was left alone.`;
  }
  const { who } = await strategyOf({ details }).serving(job, [old, fresh]);
  if (who === old.resourceId || who === "unknowable") return undefined;
  return `Users of ${details.identifier} are no longer on the database that the plan saw; nothing was touched.`;
}

/** The safety snapshot and the new one's last settings, side by side; nobody is sent to one that is not like the old. */
async function makeReady(job: Job, { old, fresh }: Pair): Promise<Progress> {
  const { details, steps, shape } = job;
  const isAsked = steps.has("snapshot-intended");
  const isLater = !isAsked && isSnapshottedLater(details, old);
  const name = details.safetySnapshotIdentifier;
  const snapshot: SnapshotProgress = isLater ? done : await safetySnapshot(job, { of: old, name });
  if (snapshot.state === "failed" || !(isAsked || isLater)) return snapshot;
  const model = shape.asServing(old, old.securityGroups);
  const early = servesAlready(job, model, fresh);
  const change = early ? undefined : (shape.goLive(model, fresh) ?? repair(job, model, fresh));
  if (change) {
    await isSteady(job, "go-live", false);
    if (!CHANGEABLE_STATUSES.includes(fresh.status))
      return working(`${fresh.identifier} is ${fresh.status}.`);
    // Writers wait: what somebody changes again, or RDS does not change, is a reason to stop, not to try for hours.
    if (change.key.startsWith(REPAIR) && timesSent(job, change.key) > 0 && !mayBeUnderWay(job, change.key)) {
      return differs(fresh, [change.what, ...shape.differences(model, fresh, "live")]);
    }
    return working(await sendAndTell(job, change));
  }
  if (!(await isSteady(job, "go-live", early || shape.isSettled(fresh, fresh.identifier)))) {
    return working(`${fresh.identifier} is ${fresh.status}, coming to rest.`);
  }
  // What was kept for an undo is as it was then; only a copy has to be like its source.
  const isAlike = early || details.way === "return";
  const differences = isAlike ? [] : shape.differences(model, fresh, "live");
  if (differences.length > 0) return differs(fresh, differences);
  // Writers stand still: what RDS has begun to snapshot does not change any more.
  return snapshot.state === "done" || (details.serveDuringBackups && snapshot.begun) ? done : snapshot;
}

/** In the journal, what is put right here is another change than the preparation's, which has long landed. */
const REPAIR = "repair-";

/** What somebody changed of the copy after it was ready: a parameter group, a class. */
function repair({ details, shape }: Job, model: Database, fresh: Database): Change | undefined {
  const change = details.way === "return" ? undefined : shape.nextChange(model, fresh);
  return change && { ...change, key: `${REPAIR}${change.key}` };
}

function differs({ identifier }: Database, differences: readonly string[]): Progress {
  const note = `${identifier} is not like the original any more: ${differences.join("; ")}.`;
  return failed("SETTINGS_DIFFER", note);
}

/** Before the switch nothing has to be put back; the copy is discarded by the plan. */
async function fail(job: Job, code: FailureCode, note: string): Promise<Tick> {
  const { answer, steps } = job;
  if (!steps.has("switch-intended")) return answer.failed(code, note, false);
  await steps.once("put-back-began", { code, note });
  return answer.working(`${note} Putting back what was begun.`, 1);
}

async function endPutBack(job: Job): Promise<Tick> {
  const { answer, steps } = job;
  const note = withFullStop(steps.text("put-back-began", "note") ?? "");
  const progress = await putBack(job);
  if (progress.state === "working") return answer.working(progress.note, progress.waitSeconds);
  if (progress.state === "failed") return answer.failed(progress.code, `${note} ${progress.note}`, true);
  // Only this very file writes the code.
  const code = (steps.text("put-back-began", "code") ?? "REFUSED_BY_AWS") as FailureCode;
  return answer.failed(code, `${note} Everything was put back: users are on the old database.`, false);
}
