import type { Tick } from "../../contracts/tick.ts";
import { runTask } from "../task/run-task.ts";
import { followData } from "./follow-data.ts";
import type { Job, VerbsOfWay } from "./job.ts";

/**
 * A task inside the network empties the cache: ElastiCache has no call for it (docs/facts/frontend-secrets-config.md §D).
 * Only for caches that are declared ephemeral. An emptied cache fills itself again, so there is nothing to put back.
 */
export const flushVerbs: VerbsOfWay = { cutOver, tidy: (job) => followData(job, cutOver) };

async function cutOver(job: Job): Promise<Tick> {
  const { answer, details, steps, ecs, logs, clock, rollbackId, move } = job;
  const { task: run, deadlineSeconds } = details;
  if (!run) throw new Error(`The move of ${move.component} carries no task that flushes`);
  await steps.once("cut-over-began");
  const who = { rollbackId, component: move.component, name: "flush" } as const;
  const tick = await runTask({ ecs, logs, clock, steps, ...who, run, deadlineSeconds });
  if (tick.status === "working") return answer.working(tick.note, tick.waitSeconds);
  if (tick.status === "failed") return answer.failed(tick.code, tick.note, tick.ran);
  await steps.once("cut-over-done");
  return answer.done(`The cache was emptied. ${tick.note}`);
}
