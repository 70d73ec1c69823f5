import type { Tick } from "../../contracts/tick.ts";
import { withFullStop } from "../../domain/full-stop.ts";
import { noteLacks } from "../steps.ts";
import { revertBacktrack } from "./backtrack.ts";
import { isBeingBackedUp } from "./first-backup.ts";
import { guarded } from "./guarded.ts";
import type { Job } from "./job.ts";
import { putBack } from "./put-back.ts";
import { retag } from "./retag.ts";
import { isLockedAway, retire } from "./retire.ts";
import { safetySnapshot, snapshotBeforeRevert } from "./safety-snapshot.ts";
import { sendOnce } from "./send-once.ts";
import type { Database } from "./shapes/shape.ts";
import { servingGroups, sidesOf } from "./sides.ts";
import { CHANGEABLE_STATUSES, isTerminal, SERVING_STATUSES } from "./states.ts";
import type { Progress } from "./strategies/progress.ts";
import { done, failed, working } from "./strategies/progress.ts";
import type { Strategy, Switch } from "./strategies/strategy.ts";
import { strategyOf } from "./strategies/strategy-of.ts";

/**
 * Brings users back to the old database, by the way they came. What they wrote in between stays in the new one, which is
 * kept, and in a snapshot of it.
 */
export async function revert(job: Job): Promise<Tick> {
  const { answer, steps, details } = job;
  if (details.way === "backtrack") return revertBacktrack(job);
  if (!steps.has("switch-intended"))
    return answer.done("This rollback changed nothing here; nothing to put back.");
  if (steps.has("reverted")) return answer.done(backNote(job));
  const progress = steps.has("switched") ? await guarded(() => wayBack(job)) : await unfinished(job);
  switch (progress.state) {
    case "working":
      return answer.working(progress.note, progress.waitSeconds);
    case "failed":
      return answer.failed(progress.code, progress.note, true);
    case "done":
      if (steps.has("switched")) await steps.once("reverted");
      return answer.done(backNote(job));
  }
}

/** A cut-over that somebody stopped in the middle. */
export async function unfinished(job: Job): Promise<Progress> {
  await job.steps.once("put-back-began", { code: "REFUSED_BY_AWS", note: "The cut-over was taken back." });
  return putBack(job);
}

async function wayBack(job: Job): Promise<Progress> {
  const { steps, details, shape } = job;
  const { old, fresh } = await sidesOf(job);
  if (!old) {
    const note = `The old ${shape.noun} ${details.sourceResourceId} is gone; its snapshot is ${details.safetySnapshotIdentifier}.`;
    return failed("HALF_WAY", note);
  }
  await steps.once("revert-began");
  const unlocked = await unlock(job, old);
  if (unlocked.state !== "done") return unlocked;
  if (fresh && takesSnapshot(job, fresh) && !steps.has("moved-back-intended")) {
    const name = snapshotBeforeRevert(job);
    const kept = await safetySnapshot(job, { of: fresh, name });
    if (kept.state !== "done") return kept;
  }
  // Its safety snapshot may still be on its way: it has not changed since that was begun, and serves meanwhile.
  const rests = shape.isSettled(
    old,
    old.identifier,
    isBeingBackedUp(job, old) ? SERVING_STATUSES : undefined,
  );
  if (!rests && !steps.has("moved-back-intended")) {
    return working(`${old.identifier} is ${old.status}, coming to rest.`);
  }
  if (!steps.has("moved-back")) {
    const moved = await switchBack(job, { direction: "back", from: fresh, to: old });
    if (moved.state !== "done") return moved;
    await steps.write("moved-back");
  }
  const settled = await guarded(() => settle(job, old, fresh));
  if (settled.state === "working") return settled;
  const isOpen = fresh && isBeingBackedUp(job, fresh) && !isLockedAway(job, fresh, "retire-back");
  const left = [
    ...(fresh && cannotBeLocked(job, fresh) ? [`the snapshot of ${fresh.identifier}`] : []),
    ...(isOpen ? [`the quarantine of ${fresh.identifier}`] : []),
  ];
  await noteLacks(steps, left.join("; "));
  if (settled.state === "done") return done;
  // Users are back; what is left to do for the one that they were on is told.
  await steps.write("reverted", { left: settled.note });
  return done;
}

/**
 * Brings users back. What stops it leaves them on the new one, or half way: then a person must finish it, with the
 * commands of the answer, and nobody may write meanwhile.
 */
async function switchBack(job: Job, change: Switch): Promise<Progress> {
  const { steps, details } = job;
  const strategy = strategyOf({ details });
  if (steps.number("moved-back-intended", "refused") !== 0) {
    await steps.write("moved-back-intended", { refused: 0 });
  }
  const moved = await guarded(() => strategy.advance(job, change));
  if (moved.state !== "failed") return moved;
  const note = withFullStop(moved.note);
  // Where somebody else sends users meanwhile is theirs to say.
  const stays = moved.code === "CHANGED_SINCE_PLAN" || (await isStillOn(job, strategy, change));
  if (stays) {
    await steps.write("moved-back-intended", { refused: 1 });
    return failed(moved.code, `${note} Users stay where they are.`);
  }
  const commands = strategy.byHand(job, change).join(" ; ");
  return failed("HALF_WAY", `${note} By hand, in this order: ${commands}`);
}

/** Whether users are for certain where they were. */
async function isStillOn(job: Job, strategy: Strategy, { from, to }: Switch): Promise<boolean> {
  if (!from) return false;
  const serving = await guarded(async () => {
    const { who, leadsTo } = await strategy.serving(job, [from, to]);
    return who === from.resourceId && leadsTo.length === 1 ? done : working("Somewhere else.");
  });
  return serving.state === "done";
}

/** Nobody is on the new one any more: marks say so, and it is locked away. */
async function settle(job: Job, old: Database, fresh: Database | undefined): Promise<Progress> {
  if (await retag(job, old, "live")) return working(`${old.identifier} is marked as live again.`, 1);
  if (!fresh) return done;
  if (!cannotBeLocked(job, fresh)) return retire(job, fresh, "retire-back");
  if (await retag(job, fresh, "retired")) return working(`${fresh.identifier} is marked as retired.`, 1);
  const note = `RDS backs ${fresh.identifier} up for the first time and took no snapshot of it; it is snapshotted and locked away by itself afterwards.`;
  return failed("TOO_SLOW", note);
}

/** Users do not wait until RDS has backed up what they leave: it is kept, and what they wrote is in it. */
function takesSnapshot(job: Job, fresh: Database): boolean {
  return !isTerminal(fresh.status) && !cannotBeLocked(job, fresh);
}

/** RDS neither snapshots nor changes it before its first backup has ended, and nobody waits for that. */
const cannotBeLocked = (job: Job, fresh: Database) => isBeingBackedUp(job, fresh) && !hasSnapshot(job);

/** Whether the snapshot before the way back was asked for: RDS says `backing-up` while it takes it, too. */
const hasSnapshot = (job: Job) => job.steps.text("snapshot-intended", "name") === snapshotBeforeRevert(job);

function backNote({ steps, details }: Job): string {
  const left = steps.text("reverted", "left");
  const note = `Users of ${details.identifier} are on the old database again.`;
  return left === undefined ? note : `${note} The one that they left is not locked away: ${left}`;
}

/** Gives the old one its security groups back, before anybody comes; the protection from deletion stays. */
async function unlock(job: Job, old: Database): Promise<Progress> {
  const { shape, steps } = job;
  const groups = servingGroups(job, old);
  const key = "unlock";
  const same = [...groups].sort().join(",") === [...old.securityGroups].sort().join(",");
  if (same || steps.has("moved-back-intended")) return done;
  if (!CHANGEABLE_STATUSES.includes(old.status)) return working(`${old.identifier} is ${old.status}.`);
  const sent = await sendOnce(job, {
    key,
    what: `giving ${old.identifier} its security groups back`,
    send: () => shape.protect(old, { securityGroups: groups }),
  });
  return working(
    sent === "busy" ? `Waiting for ${old.identifier}.` : `${old.identifier} is being unlocked.`,
    5,
  );
}
