import type { Tick } from "../../contracts/tick.ts";
import { type Job, SETTLING_SECONDS } from "./job.ts";
import { moveLabel } from "./move-label.ts";
import { describeSecret, nameOf, pendingOf, shortOf } from "./reads.ts";
import { awaitReplicas } from "./replicas.ts";
import { takePendingOff } from "./take-pending-off.ts";

/**
 * Makes current again what was. AWSPREVIOUS is then on the version that was gone back to: AWS takes it from the version
 * that had it before, when that was a third one (docs/facts/frontend-secrets-config.md §B).
 */
export async function revert(job: Job): Promise<Tick> {
  const { secrets, answer, details, steps } = job;
  const { fromVersionId: from, toVersionId: to, secretArn } = details;
  const name = nameOf(secretArn);
  if (steps.has("reverted")) return answer.done(`${shortOf(from)} of ${name} is back.`);
  if (steps.has("rotate-intended")) {
    return answer.failed(
      "NOT_UNDOABLE",
      `${name} was rotated after a breach: its old value is never restored.`,
      true,
    );
  }
  if (to === undefined || !steps.has("stage-intended")) return answer.done(`${name} was not touched.`);

  const seen = await describeSecret(secrets, secretArn);
  const elapsed = await steps.secondsSince("revert-began");
  const current = seen?.labels.get("AWSCURRENT");
  if (seen && current === from) {
    const replicas = awaitReplicas(job, seen, elapsed);
    if (typeof replicas !== "string") return replicas;
    await steps.write("reverted");
    return answer.done(`${shortOf(from)} of ${name} is current again.${replicas}`);
  }
  if (!seen || current !== to) {
    return answer.failed(
      "SUPERSEDED",
      `Somebody made ${shortOf(current)} of ${name} current; it was left alone.`,
    );
  }
  if (pendingOf(seen) !== undefined) {
    return answer.failed("IN_USE", `A rotation of ${name} is in progress; it was left alone.`);
  }
  const pendingOff = await takePendingOff(job, seen, elapsed);
  if (pendingOff) return pendingOff;
  await steps.once("stage-back-intended", { from: to, to: from });
  if (await moveLabel(job, { label: "AWSCURRENT", from: to, to: from })) {
    return answer.working(`${shortOf(from)} of ${name} was made current again.`, 1);
  }
  if (elapsed <= SETTLING_SECONDS) return answer.working("AWSCURRENT is moving; looking again.");
  return answer.failed("REFUSED_BY_AWS", `AWS does not move AWSCURRENT of ${name} back to ${shortOf(from)}.`);
}
