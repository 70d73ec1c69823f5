import type { Tick } from "../../contracts/tick.ts";
import type { Job } from "./job.ts";
import { nameOf, type SecretSight } from "./reads.ts";

/**
 * Waits for the replicas after the primary changed. Whether a moved label shows as InProgress at once is unverified. A
 * replica that failed is told of and does not undo the primary.
 *
 * @returns what is said when all are in step, or the tick that still waits or gave up
 */
export function awaitReplicas(
  { answer, details }: Job,
  { described: { ReplicationStatus = [] } }: SecretSight,
  elapsedSeconds: number,
): Tick | string {
  const regions = (status: string) =>
    ReplicationStatus.filter(({ Status }) => Status === status).map(({ Region }) => Region);
  const behind = regions("InProgress");
  const failed = regions("Failed");
  if (behind.length === 0) {
    return failed.length === 0
      ? ""
      : ` The replica in ${failed.join(", ")} failed and has the old version: repair it.`;
  }
  const name = nameOf(details.secretArn);
  const note = `${name} is changed here; the replicas in ${behind.join(", ")} are following.`;
  if (elapsedSeconds > details.deadlineSeconds) return answer.failed("TOO_SLOW", note);
  return answer.working(note);
}
