import { isNamed } from "../aws-call.ts";
import type { Job } from "./job.ts";
import { GUARD_SECONDS, mayBeUnderWay, sendOnce } from "./send-once.ts";
import type { Database } from "./shapes/shape.ts";
import { CHANGEABLE_STATUSES, isTerminal } from "./states.ts";
import { isSteady } from "./steady.ts";
import type { Progress } from "./strategies/progress.ts";
import { done, failed, working } from "./strategies/progress.ts";

interface Rename {
  /** Of the intention in the journal; one rename each. */
  readonly key: string;
  readonly database: Database;
  readonly to: string;
  /** The other one of the pair: a name that it holds comes free. */
  readonly partner: Database | undefined;
}

/**
 * One step of a rename, watched by resource id. RDS goes on saying `available` after it accepted one, so it counts as
 * done when the new name has settled in three looks, and is not sent again before an earlier one had time to show
 * (docs/facts/database.md §0.3, §12).
 */
export async function renameTo(job: Job, { key, database, to, partner }: Rename): Promise<Progress> {
  const { shape } = job;
  const from = database.identifier;
  if (isTerminal(database.status)) {
    return failed("REFUSED_BY_AWS", `${from} is ${database.status} and cannot be renamed to ${to}.`);
  }
  if (from === to) {
    const steady = await isSteady(job, key, shape.isSettled(database, to));
    // Never sent for a name that it has: RDS would rename and reboot it all the same (§5).
    return steady ? done : working(`${to} is ${database.status}, coming to rest under its name.`);
  }
  if (!CHANGEABLE_STATUSES.includes(database.status))
    return working(`Renaming ${from} to ${to}: ${database.status}.`);
  if (mayBeUnderWay(job, key)) return working(`Renaming ${from} to ${to}: RDS does not show it yet.`);
  if (!shape.isSettled(database, from))
    return working(`${from} is not at rest; then it is renamed to ${to}.`);
  const holder = await shape.named(to);
  if (holder && holder.resourceId !== partner?.resourceId) {
    return failed("NAME_TAKEN", `The name ${to} belongs to another ${shape.noun} (${holder.resourceId}).`);
  }
  if (holder) return working(`${to} is still the name of ${holder.resourceId}.`);
  return send(job, { key, database, to });
}

async function send(job: Job, { key, database, to }: Omit<Rename, "partner">): Promise<Progress> {
  const what = `renaming ${database.identifier} to ${to}`;
  const facts = { from: database.identifier, to };
  try {
    const sent = await sendOnce(job, { key, what, facts, send: () => job.shape.rename(database, to) });
    return working(sent === "busy" ? `RDS does not take it yet: ${what}.` : `RDS is ${what}.`);
  } catch (error) {
    // The world is another than a moment ago: the next look, by resource id, tells which.
    if (isNamed(error, ...MOVED)) return working(`Looking again before ${what}.`);
    throw error;
  }
}

/**
 * Waits until a rename that was intended has shown itself or can no longer: only then may anybody reason about names. An
 * undo that is declared while a rename is accepted and invisible would be overtaken by it (docs/facts/database.md §12).
 */
export async function drain(job: Job, key: string, database: Database | undefined): Promise<Progress> {
  const { shape, steps, clock } = job;
  const at = steps.timeOf(`${key}-intended`);
  if (!at || !database || steps.number(`${key}-intended`, "rejected") === 1) return done;
  const landed = database.identifier === steps.text(`${key}-intended`, "to");
  const old = clock().getTime() - at.getTime() >= GUARD_SECONDS * 1_000;
  const rests = (landed || old) && shape.isSettled(database, database.identifier);
  if (await isSteady(job, `drain-${key}`, rests)) return done;
  return working(`Waiting for the renaming of ${database.identifier} to show or to be impossible.`);
}

const MOVED = [
  "DBInstanceNotFoundFault",
  "DBInstanceNotFound",
  "DBClusterNotFoundFault",
  "DBInstanceAlreadyExistsFault",
  "DBInstanceAlreadyExists",
  "DBClusterAlreadyExistsFault",
] as const;
