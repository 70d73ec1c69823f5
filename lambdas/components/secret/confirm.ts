import type { Tick } from "../../contracts/tick.ts";
import type { Job } from "./job.ts";
import { describeSecret, nameOf, shortOf } from "./reads.ts";
import { rotationToken } from "./rotation-token.ts";

/** Says which version is current now, from AWS and not from memory. */
export async function confirm({ secrets, answer, details, move, rollbackId }: Job): Promise<Tick> {
  const name = nameOf(details.secretArn);
  const seen = await describeSecret(secrets, details.secretArn);
  const current = seen?.labels.get("AWSCURRENT");
  const target = details.toVersionId ?? rotationToken(rollbackId, move.component);
  if (current === target) return answer.done(`${shortOf(current)} of ${name} is current.`);
  if (current === undefined) return answer.failed("NOT_ACTIVE", `The secret ${name} is gone.`);
  if (current === details.fromVersionId) {
    return answer.failed("WRONG_VERSION", `${shortOf(current)} of ${name} is still, or again, current.`);
  }
  if (details.way === "rotate") {
    return answer.done(`${name} was changed once more since its rotation: ${shortOf(current)} is current.`);
  }
  return answer.failed("SUPERSEDED", `Somebody made ${shortOf(current)} of ${name} current since.`);
}
