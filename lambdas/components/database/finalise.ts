import type { Tick } from "../../contracts/tick.ts";
import { refusalText } from "../aws-call.ts";
import { untilNameLeads } from "./checks.ts";
import { noteWhatItLacks } from "./first-backup.ts";
import type { Job } from "./job.ts";
import { retag } from "./retag.ts";
import { sendOnce } from "./send-once.ts";
import type { Database } from "./shapes/shape.ts";
import { sidesOf } from "./sides.ts";
import { CHANGEABLE_STATUSES, isTerminal } from "./states.ts";
import type { Progress } from "./strategies/progress.ts";
import { done, working } from "./strategies/progress.ts";

/**
 * After the switch: the new one is marked as live before anything else, the old one is locked away and kept. It has ended
 * when the name that users know leads to the new one; a check that fails after that is for `confirm` to judge.
 */
export async function finalise(job: Job): Promise<Tick> {
  const { answer, steps, details } = job;
  if (steps.has("cut-over-done")) return answer.done(doneNote(job));
  const { old, fresh } = await sidesOf(job);
  try {
    if (fresh && (await retag(job, fresh, "live")))
      return answer.working(`${fresh.identifier} is marked as live.`, 1);
    if (old) {
      const retired = await retire(job, old);
      if (retired.state === "working") return answer.working(retired.note, retired.waitSeconds);
    }
  } catch (error) {
    const refusal = refusalText(error);
    if (refusal === undefined) throw error;
    const note = `Users are on the new database, but the old one could not be locked away: ${refusal}`;
    return answer.failed("REFUSED_BY_AWS", note, true);
  }
  const led = fresh && (await untilNameLeads(job, { host: fresh.host ?? "", arn: fresh.arn }));
  if (led?.status === "working") return answer.working(led.note, led.waitSeconds);
  if (old && fresh) await noteWhatItLacks(job, old, fresh);
  await steps.write("cut-over-done", { keptAs: old?.identifier ?? "", days: details.keepDays });
  return answer.done(doneNote(job));
}

/** No stale writer gets through to it, and nobody deletes it by mistake (docs/facts/database.md §5). */
export async function retire(
  job: Job,
  database: Database,
  key: "retire" | "retire-back" = "retire",
): Promise<Progress> {
  const { steps } = job;
  if (key === "retire") {
    await steps.once("retire-intended", { groups: database.securityGroups.join(",") });
  }
  const locked = await lock(job, database, key);
  if (locked.state !== "done") return locked;
  const tagged = await retag(job, database, "retired");
  return tagged ? working(`${database.identifier} is marked as retired.`, 1) : done;
}

/** An accepted change is not waited for: writers are paused, and nobody is on this one. A lost answer is. */
async function lock(job: Job, database: Database, key: "retire" | "retire-back"): Promise<Progress> {
  const { shape, steps, details } = job;
  const { identifier, status, securityGroups, deletionProtection } = database;
  const quarantine = details.quarantineSecurityGroup;
  const away = quarantine === undefined || securityGroups.join(",") === quarantine;
  // What is broken for good takes no change any more, and nobody can connect to it.
  if ((away && deletionProtection) || isTerminal(status) || steps.has(`${key}-lock-written`)) return done;
  if (!CHANGEABLE_STATUSES.includes(status))
    return working(`${identifier} is ${status}; then it is locked away.`);
  const protection = {
    deletionProtection: true,
    ...(quarantine !== undefined && { securityGroups: [quarantine] }),
  };
  const sent = await sendOnce(job, {
    key: `${key}-lock`,
    what: `locking ${identifier} away`,
    send: () => shape.protect(database, protection),
  });
  if (sent === "sent") await steps.write(`${key}-lock-written`);
  return working(`${identifier} is being locked away.`, sent === "sent" ? 1 : 5);
}

function doneNote({ steps, details }: Job): string {
  const keptAs = steps.text("cut-over-done", "keptAs") ?? "";
  const kept =
    keptAs === "" ? "The old one is gone" : `The old one is kept as ${keptAs} for ${details.keepDays} days`;
  return `Users of ${details.identifier} are on the restored data. ${kept}; a snapshot of it is ${details.safetySnapshotIdentifier}.`;
}
