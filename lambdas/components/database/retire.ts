import type { Job } from "./job.ts";
import { retag } from "./retag.ts";
import { sendOnce } from "./send-once.ts";
import type { Database } from "./shapes/shape.ts";
import { CHANGEABLE_STATUSES, isTerminal, isWorkedOn } from "./states.ts";
import type { Progress } from "./strategies/progress.ts";
import { done, working } from "./strategies/progress.ts";

/** What served before the switch, or what served before the way back. */
type Retirement = "retire" | "retire-back";

/**
 * No stale writer gets through to it, and nobody deletes it by mistake (docs/facts/database.md §5). What RDS works on is
 * marked only, where nobody waits for that: RDS would not take the change (§6), and `complete` locks it away.
 */
export async function retire(job: Job, database: Database, key: Retirement = "retire"): Promise<Progress> {
  const { steps } = job;
  if (key === "retire") {
    await steps.once("retire-intended", { groups: database.securityGroups.join(",") });
  }
  const isLater = key === "retire" && job.details.serveDuringBackups && isWorkedOn(database.status);
  const locked = isLater ? done : await lock(job, database, key);
  if (locked.state !== "done") return locked;
  const tagged = await retag(job, database, "retired");
  return tagged ? working(`${database.identifier} is marked as retired.`, 1) : done;
}

/** Whether it is in quarantine and protected, or RDS has accepted that, or takes no change of it any more. */
export function isLockedAway({ steps, details }: Job, database: Database, key: Retirement): boolean {
  const { status, securityGroups, deletionProtection } = database;
  const quarantine = details.quarantineSecurityGroup;
  const away = quarantine === undefined || securityGroups.join(",") === quarantine;
  // Nobody can connect to what is broken for good.
  return (away && deletionProtection) || isTerminal(status) || steps.has(`${key}-lock-written`);
}

/** An accepted change is not waited for: writers are paused, and nobody is on this one. A lost answer is. */
async function lock(job: Job, database: Database, key: Retirement): Promise<Progress> {
  const { shape, steps, details } = job;
  const { identifier, status } = database;
  const quarantine = details.quarantineSecurityGroup;
  if (isLockedAway(job, database, key)) return done;
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
