import type { Tick } from "../../contracts/tick.ts";
import type { Job } from "./job.ts";
import { describeSecret, keyTrouble, listVersions, nameOf, shortOf } from "./reads.ts";
import { somebodyElse } from "./somebody-else.ts";

/** Looks once more whether the move is possible. Readers notice nothing; nothing is made. */
export async function prepare(job: Job): Promise<Tick> {
  const { secrets, kms, answer, details, steps } = job;
  if (steps.has("prepared") || steps.has("cut-over-began")) return answer.done("Prepared.");
  await steps.once("prepare-began");
  const seen = await describeSecret(secrets, details.secretArn);
  const target = details.toVersionId;
  const isThere = target !== undefined && seen?.labels.get("AWSCURRENT") === target;
  const obstacle = isThere ? undefined : somebodyElse(job, seen);
  if (obstacle) return obstacle;
  if (target !== undefined) {
    const version = (await listVersions(secrets, details.secretArn)).find(({ id }) => id === target);
    const name = `${shortOf(target)} of ${nameOf(details.secretArn)}`;
    if (!version) return answer.failed("TARGET_GONE", `${name} is gone: Secrets Manager no longer keeps it.`);
    const { problem } = await keyTrouble(kms, version);
    if (problem) return answer.failed("TARGET_GONE", `Nobody could read ${name}: ${problem}.`);
  }
  await steps.write("prepared");
  return answer.done(target === undefined ? "The secret can be rotated." : `${shortOf(target)} is there.`);
}
