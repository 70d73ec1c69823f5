import type { Tick } from "../../contracts/tick.ts";
import { type Job, SETTLING_SECONDS } from "./job.ts";
import { moveLabel } from "./move-label.ts";
import { describeSecret, nameOf, pendingOf, shortOf } from "./reads.ts";
import { awaitReplicas } from "./replicas.ts";
import { rotate } from "./rotate.ts";
import { somebodyElse } from "./somebody-else.ts";
import { takePendingOff } from "./take-pending-off.ts";

/** Makes the target current, or rotates the secret forward. */
export async function cutOver(job: Job): Promise<Tick> {
  const { answer, details, steps } = job;
  if (steps.has("cut-over-done")) return answer.done(`The change of ${nameOf(details.secretArn)} is done.`);
  return details.way === "rotate" ? rotate(job) : moveStage(job);
}

async function moveStage(job: Job): Promise<Tick> {
  const { secrets, answer, details, steps } = job;
  const { fromVersionId: from, toVersionId: to, secretArn } = details;
  if (to === undefined) throw new Error(`The move of ${job.move.component} names no version`);
  const seen = await describeSecret(secrets, secretArn);
  const elapsed = await steps.secondsSince("cut-over-began");
  if (seen?.labels.get("AWSCURRENT") === to && !seen.described.DeletedDate) {
    if (steps.has("stage-intended")) await steps.once("stage-moved");
    const replicas = awaitReplicas(job, seen, elapsed);
    if (typeof replicas !== "string") return replicas;
    await steps.once("cut-over-done");
    // Nothing compares AWSPENDING: a rotation that began between the look and the call ends as its function wants.
    const began =
      pendingOf(seen) === undefined ? "" : " A rotation began meanwhile and will change it once more.";
    return answer.done(`${shortOf(to)} of ${nameOf(secretArn)} is current.${began}${replicas}`);
  }
  const obstacle = somebodyElse(job, seen);
  if (obstacle || !seen) return obstacle ?? answer.failed("NOT_ACTIVE", `${nameOf(secretArn)} is gone.`);
  const pendingOff = await takePendingOff(job, seen, elapsed);
  if (pendingOff) return pendingOff;
  // The revert needs to know that it was this rollback who moved the label.
  await steps.once("stage-intended", { from, to });
  if (await moveLabel(job, { label: "AWSCURRENT", from, to })) {
    await steps.write("stage-moved");
    return answer.working(`${shortOf(to)} of ${nameOf(secretArn)} was made current.`, 1);
  }
  if (elapsed <= SETTLING_SECONDS) return answer.working("AWSCURRENT is moving; looking again.");
  const note = `AWS does not move AWSCURRENT of ${nameOf(secretArn)} from ${shortOf(from)}, which has it.`;
  return answer.failed("REFUSED_BY_AWS", note);
}
