import type { Tick } from "../../contracts/tick.ts";
import { revertBacktrack } from "./backtrack.ts";
import { retire } from "./finalise.ts";
import { guarded } from "./guarded.ts";
import type { Job } from "./job.ts";
import { putBack } from "./put-back.ts";
import { retag } from "./retag.ts";
import { safetySnapshot, snapshotBeforeRevert } from "./safety-snapshot.ts";
import { sendOnce } from "./send-once.ts";
import type { Database } from "./shapes/shape.ts";
import { servingGroups, sidesOf } from "./sides.ts";
import { CHANGEABLE_STATUSES, isTerminal } from "./states.ts";
import type { Progress } from "./strategies/progress.ts";
import { done, failed, working } from "./strategies/progress.ts";
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
  if (steps.has("reverted"))
    return answer.done(`Users of ${details.identifier} are on the old database again.`);
  const progress = steps.has("switched") ? await guarded(() => wayBack(job)) : await unfinished(job);
  switch (progress.state) {
    case "working":
      return answer.working(progress.note, progress.waitSeconds);
    case "failed":
      return answer.failed(progress.code, progress.note, true);
    case "done":
      if (steps.has("switched")) await steps.write("reverted");
      return answer.done(`Users of ${details.identifier} are on the old database again.`);
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
  if (fresh && !isTerminal(fresh.status) && !steps.has("moved-back-intended")) {
    const name = snapshotBeforeRevert(job);
    const kept = await safetySnapshot(job, { of: fresh, name });
    if (kept.state !== "done") return kept;
  }
  if (!shape.isSettled(old, old.identifier) && !steps.has("moved-back-intended")) {
    return working(`${old.identifier} is ${old.status}, coming to rest.`);
  }
  await steps.once("moved-back-intended");
  const strategy = strategyOf({ details });
  const change = { direction: "back", from: fresh, to: old } as const;
  const moved = await strategy.advance(job, change);
  if (moved.state === "working") return moved;
  if (moved.state === "failed") {
    const commands = strategy.byHand(job, change).join(" ; ");
    return failed(moved.code, `${moved.note} By hand, in this order: ${commands}`);
  }
  return (await retag(job, old, "live"))
    ? working(`${old.identifier} is marked as live again.`, 1)
    : fresh
      ? retire(job, fresh, "retire-back")
      : done;
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
