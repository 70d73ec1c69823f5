import type { Tick } from "../../contracts/tick.ts";
import { refusalText } from "../aws-call.ts";
import { untilNameLeads } from "./checks.ts";
import type { Job } from "./job.ts";
import { leftOpen, noteWhatItLacks } from "./lacks.ts";
import { retag } from "./retag.ts";
import { retire } from "./retire.ts";
import { sidesOf } from "./sides.ts";

/**
 * After the switch: the new one is marked as live before anything else, the old one is locked away and kept. It has ended
 * when the name that users know leads to the new one; a check that fails after that is for `confirm` to judge. What RDS
 * still snapshots is locked away by `complete`: nobody waits for it.
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
  const isOpen = old && leftOpen(job, old).length > 0;
  await steps.write("cut-over-done", {
    ...{ keptAs: old?.identifier ?? "", days: details.keepDays, open: isOpen ? 1 : 0 },
  });
  return answer.done(doneNote(job));
}

function doneNote({ steps, details }: Job): string {
  const keptAs = steps.text("cut-over-done", "keptAs") ?? "";
  const kept =
    keptAs === "" ? "The old one is gone" : `The old one is kept as ${keptAs} for ${details.keepDays} days`;
  const snapshot = details.safetySnapshotIdentifier;
  const isTaken = steps.has("snapshot-intended");
  const safe =
    steps.number("cut-over-done", "open") === 1
      ? `its snapshot ${snapshot} is ${isTaken ? "being taken" : "taken when RDS is through with it"}, and then it is locked away`
      : `a snapshot of it is ${snapshot}`;
  return `Users of ${details.identifier} are on the restored data. ${kept}; ${safe}.`;
}
