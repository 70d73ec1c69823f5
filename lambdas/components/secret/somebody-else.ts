import type { Tick } from "../../contracts/tick.ts";
import { type Job, TOUCHING } from "./job.ts";
import { leftPendingOf, leftPendingText, nameOf, pendingOf, type SecretSight, shortOf } from "./reads.ts";

/** What forbids to change a secret: it is gone, it rotates, or another version is current than the plan saw. */
export function somebodyElse(
  { answer, details, steps }: Job,
  seen: SecretSight | undefined,
): Tick | undefined {
  const name = nameOf(details.secretArn);
  if (!seen || seen.described.DeletedDate) {
    return answer.failed("NOT_ACTIVE", `The secret ${name} is scheduled for deletion or gone.`);
  }
  const current = seen.labels.get("AWSCURRENT");
  if (current !== details.fromVersionId) {
    const note = `Somebody made ${shortOf(current)} of ${name} current after the plan was made; it was left alone.`;
    return answer.failed(steps.hasAny(TOUCHING) ? "SUPERSEDED" : "CHANGED_SINCE_PLAN", note);
  }
  const left = leftPendingOf(seen);
  if (left !== undefined && left !== details.toVersionId) {
    return answer.failed("IN_USE", `${name} was left alone: ${leftPendingText(details.secretArn, left)}`);
  }
  const pending = pendingOf(seen);
  if (pending === undefined) return undefined;
  // Its last step would take AWSCURRENT away again (docs/facts/frontend-secrets-config.md §B).
  return answer.failed(
    "IN_USE",
    `A rotation of ${name} began after the plan was made (${shortOf(pending)}); it was left alone.`,
  );
}
