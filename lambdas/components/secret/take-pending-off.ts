import type { Tick } from "../../contracts/tick.ts";
import { type Job, SETTLING_SECONDS } from "./job.ts";
import { moveLabel } from "./move-label.ts";
import { nameOf, type SecretSight, shortOf } from "./reads.ts";

/**
 * Takes AWSPENDING off the version that AWSCURRENT is about to leave. A rotation may end with the label still there; beside
 * AWSCURRENT it would mean a rotation that is not complete: the next one would be refused, and go forward to the very
 * version that was left (docs/facts/frontend-secrets-config.md §B).
 *
 * It is done while the version is current. So its rotation has ended, it is not without a label, and at no moment does
 * AWSPENDING lie beside AWSCURRENT. AWS compares the version: the label of a rotation that begins meanwhile stays.
 *
 * @returns undefined when the label is not there
 */
export async function takePendingOff(
  job: Job,
  { labels }: SecretSight,
  elapsedSeconds: number,
): Promise<Tick | undefined> {
  const { answer, details, steps } = job;
  const current = labels.get("AWSCURRENT");
  if (current === undefined || labels.get("AWSPENDING") !== current) return undefined;
  const what = `${shortOf(current)} of ${nameOf(details.secretArn)}`;
  await steps.write("pending-off-intended", { from: current });
  if (await moveLabel(job, { label: "AWSPENDING", from: current })) {
    await steps.write("pending-off", { from: current });
    return answer.working(`AWSPENDING, which an ended rotation left on ${what}, was taken off.`, 1);
  }
  if (elapsedSeconds <= SETTLING_SECONDS) return answer.working("AWSPENDING is moving; looking again.");
  return answer.failed("REFUSED_BY_AWS", `AWS does not take AWSPENDING off ${what}, which has it.`);
}
