import type { Tick } from "../../contracts/tick.ts";
import { arrivalOf } from "../arrival.ts";
import type { Job } from "./job.ts";
import { describeSecret, nameOf, pendingOf, shortOf } from "./reads.ts";
import { revert } from "./revert.ts";
import { rotationToken } from "./rotation-token.ts";

/**
 * Nothing temporary was made; but a password that belongs to data goes where that is. A rotation that is still on its way
 * is left to end: cancelling would leave it half done.
 */
export async function tidy(job: Job): Promise<Tick> {
  const { secrets, answer, details, steps, move, rollbackId } = job;
  const token = rotationToken(rollbackId, move.component);
  if (details.way === "rotate" && steps.has("rotate-intended")) {
    const seen = await describeSecret(secrets, details.secretArn);
    if (seen && pendingOf(seen) === token) {
      const name = nameOf(details.secretArn);
      return answer.done(
        `The rotation of ${name} to ${shortOf(token)} is still on its way and was left to end.`,
      );
    }
  }
  const moved = steps.has("stage-intended") && details.way !== "rotate";
  return (moved ? await followData(job) : undefined) ?? answer.done("Nothing to tidy.");
}

/** Takes the label back when the data did not come to where the label is; undefined when it did. */
async function followData(job: Job): Promise<Tick | undefined> {
  const { journal, answer, move, details } = job;
  for (const data of move.waitsFor ?? []) {
    const arrival = await arrivalOf(journal, data);
    if (arrival === "not there") return { ...(await revert(job)), verb: "revert" };
    if (arrival === "unknown") {
      const note = `Nobody knows yet on which data users of ${data} are, so ${move.to.label} of ${nameOf(details.secretArn)} stays current. When they are on the old data, make ${move.from.label} current again.`;
      return answer.failed("END_UNKNOWN", note, true);
    }
  }
  return undefined;
}
