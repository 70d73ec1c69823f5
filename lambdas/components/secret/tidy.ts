import type { Tick } from "../../contracts/tick.ts";
import type { Job } from "./job.ts";
import { describeSecret, nameOf, pendingOf, shortOf } from "./reads.ts";
import { rotationToken } from "./rotation-token.ts";

/** Nothing temporary was made. A rotation that is still on its way is left to end: cancelling would leave it half done. */
export async function tidy({ secrets, answer, details, steps, move, rollbackId }: Job): Promise<Tick> {
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
  return answer.done("Nothing to tidy.");
}
