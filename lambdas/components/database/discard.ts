import { DELETABLE_STATE, OWNERSHIP_TAGS } from "../../contracts/ownership.ts";
import type { Tick } from "../../contracts/tick.ts";
import { noteLacks } from "../steps.ts";
import { findCopy, isOurs } from "./find-copy.ts";
import { isBeingBackedUp } from "./first-backup.ts";
import { isTouched, type Job } from "./job.ts";
import { sendOnce } from "./send-once.ts";
import type { Database } from "./shapes/shape.ts";
import { isTerminal } from "./states.ts";
import { strategyOf } from "./strategies/strategy-of.ts";

/** A restore whose answer was lost shows within this time, or was never carried out. */
const APPEARS_SECONDS = 120;

/**
 * Deletes the copy that this rollback's own preparation made, and nothing else: found by its resource id, in its own
 * name, tagged as ours and as `staging`, and not what users are on. IAM asks for the same tags and name once more.
 */
export async function discard(job: Job): Promise<Tick> {
  const { answer, steps, details } = job;
  if (details.way === "return" || details.way === "backtrack")
    return answer.done("Nothing was made; nothing to discard.");
  if (steps.has("discarded")) return answer.done("The copy is discarded.");
  if (steps.has("reverted")) return answer.done("The copy is kept: it holds what was written in between.");
  if (steps.has("switched")) return answer.done("The copy serves users; it is not discarded.");
  if (isTouched(steps)) {
    return answer.failed("IN_USE", "The cut-over was begun and not taken back: the copy is not discarded.");
  }
  const copy = await findCopy(job);
  if (copy === "foreign") {
    return answer.done(`${details.stagingIdentifier} was not made by this rollback; it was left alone.`);
  }
  return copy ? remove(job, copy) : gone(job);
}

async function remove(job: Job, copy: Database): Promise<Tick> {
  const { answer, shape, steps } = job;
  const objection = await objectionTo(job, copy);
  if (objection !== undefined) return answer.failed("NAME_TAKEN", `${objection} It was not deleted.`);
  await steps.once("discard-began");
  const change = shape.nextDeletion(copy);
  if (!change) return answer.working(`${copy.identifier} is being deleted.`);
  const sent = await sendOnce(job, change);
  if (sent === "busy" && isBeingBackedUp(job, copy)) {
    await noteLacks(steps, `the deletion of ${copy.identifier}`);
    return answer.done(
      `${copy.identifier} is deleted by itself when RDS has backed it up, which may take hours.`,
    );
  }
  // It was protected from deletion when it was restored, and never came up. That RDS refuses then to take the protection off
  // is unverified.
  const isStuck = sent === "busy" && copy.deletionProtection && isTerminal(copy.status);
  if (isStuck) return answer.failed("REFUSED_BY_AWS", leftNote(copy));
  return answer.working(
    sent === "busy" ? `${copy.identifier} is ${copy.status}; then it is deleted.` : `RDS is ${change.what}.`,
  );
}

function leftNote({ identifier, status }: Database): string {
  const name = `--db-instance-identifier ${identifier}`;
  return (
    `${identifier} is ${status}, and RDS does not take its deletion protection off. It is left, and costs money. By hand, when RDS takes it: ` +
    `aws rds modify-db-instance ${name} --no-deletion-protection ; aws rds delete-db-instance ${name} --skip-final-snapshot`
  );
}

/** Why this is not something to delete; undefined when everything says that it is. */
async function objectionTo(job: Job, copy: Database): Promise<string | undefined> {
  const { details, shape } = job;
  if (copy.identifier !== details.stagingIdentifier) return `The copy is called ${copy.identifier} now.`;
  const odd = shape
    .taggables(copy)
    .find(({ tags }) => !isOurs(job, tags) || tags[OWNERSHIP_TAGS.state] !== DELETABLE_STATE);
  if (odd) return `${odd.arn} is not tagged as a copy of this rollback.`;
  const { leadsTo } = await strategyOf({ details }).serving(job, [copy]);
  return leadsTo.includes(copy.resourceId) ? `Users are on ${copy.identifier}.` : undefined;
}

async function gone({ answer, steps, clock }: Job): Promise<Tick> {
  const intended = steps.timeOf("copy-intended");
  const unseen = intended && !steps.has("copy-made");
  if (unseen && clock().getTime() - intended.getTime() < APPEARS_SECONDS * 1_000) {
    return answer.working("A copy may have been begun; waiting until it shows.");
  }
  await steps.write("discarded");
  return answer.done(intended ? "The copy is discarded." : "No copy was made; nothing to discard.");
}
