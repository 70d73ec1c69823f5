import type { Tick } from "../../contracts/tick.ts";
import type { Job, Store } from "./job.ts";
import { lookAt } from "./sight.ts";
import { differences } from "./target.ts";

/** Looks once more whether the targets can go live. Consumers notice nothing; nothing is made. */
export async function prepare(job: Job, store: Store): Promise<Tick> {
  const { answer, details, steps, move } = job;
  if (steps.has("prepared") || steps.has("cut-over-began")) return answer.done("Prepared.");
  await steps.once("prepare-began");
  const sight = await lookAt(job, details.source);
  if ("obstacle" in sight) return answer.failed("NOT_ACTIVE", `It cannot be changed: ${sight.obstacle}`);
  const left = differences(details.to, sight.versions);
  const changed = Object.keys(left).filter((name) => sight.versions[name] !== details.from[name]);
  if (changed.length > 0) {
    const what = changed.map((name) => `${name}:${sight.versions[name]}`).join(", ");
    const note = `Somebody made ${what} live after the plan was made; nothing was changed.`;
    return answer.failed("CHANGED_SINCE_PLAN", note);
  }
  if (Object.keys(left).length > 0) {
    const way = sight.wayTo(left);
    if (way.problem !== undefined) return answer.failed(way.code, `It cannot go live: ${way.problem}`);
    const unready = await store.ready?.(job);
    if (unready) return unready;
  }
  await steps.write("prepared");
  return answer.done(`${move.to.label} can go live.`);
}
