import { DeleteReplicationGroupCommand } from "@aws-sdk/client-elasticache";
import type { Tick } from "../../contracts/tick.ts";
import { asked, isNamed } from "../aws-call.ts";
import { describeGroup } from "./groups.ts";
import type { Job } from "./job.ts";
import { readPlain } from "./plain-parameter.ts";
import { isOwn } from "./prepare-copy.ts";

/**
 * Removes the copy that this rollback made, as long as nobody was ever sent to it: services that read its host keep it
 * until they start again. Its tags say whose it is; a cache that merely has the name is left alone.
 */
export async function removeCopy(job: Job): Promise<Tick> {
  const { ssm, elasticache, answer, details, steps } = job;
  const { clean, snapshot, to } = details;
  if (clean.way !== "snapshot" || snapshot === undefined)
    return answer.done("No copy was made; nothing to remove.");
  if (!steps.hasAny(["create-intended", "created"]))
    return answer.done("No copy was made; nothing to remove.");
  if (steps.has("cut-over-intended")) {
    return answer.done(`The copy ${to} stays: services may use it. Delete it when none does.`);
  }
  const copy = await describeGroup(elasticache, to);
  if (!copy) return answer.done(`The copy ${to} is gone.`);
  if (!(await isOwn(job, copy)))
    return answer.done(`The cache ${to} was not made by this rollback; it was left alone.`);
  const now = await readPlain(ssm, clean.endpointParameter);
  if ("problem" in now || now.value !== details.from) {
    return answer.done(
      `The copy ${to} stays: the parameter ${clean.endpointParameter} was changed. Look before you delete it.`,
    );
  }
  const elapsed = await steps.secondsSince("discard-began");
  if (elapsed > details.deadlineSeconds) {
    const note = `The copy ${to} is ${copy.Status} after ${Math.round(elapsed / 60)} minutes; delete it by hand.`;
    return answer.failed("TOO_SLOW", note);
  }
  // AWS deletes what is available or could not be made; until then it waits.
  if (copy.Status !== "available" && copy.Status !== "create-failed") {
    return answer.working(`The copy ${to} is ${copy.Status}.`, 30);
  }
  const command = new DeleteReplicationGroupCommand({ ReplicationGroupId: to });
  try {
    await asked(`Removing the copy ${to}`, elasticache.send(command));
  } catch (error) {
    if (!isNamed(error, "InvalidReplicationGroupStateFault", "ReplicationGroupNotFoundFault")) throw error;
  }
  return answer.working(`The copy ${to} is being removed.`, 30);
}
