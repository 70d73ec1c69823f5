import type { Tick } from "../../contracts/tick.ts";
import type { Job } from "./job.ts";
import { lookAt } from "./sight.ts";
import { differences } from "./target.ts";

/** Says what is live now, from AWS and not from memory. */
export async function confirm(job: Job): Promise<Tick> {
  const { answer, details, move } = job;
  const sight = await lookAt(job, details.source);
  if ("obstacle" in sight) return answer.failed("NOT_ACTIVE", sight.obstacle);
  const wrong = Object.keys(differences(details.to, sight.versions));
  if (wrong.length === 0) return answer.done(`${move.to.label} is live.`);
  const what = wrong.map((name) => `${name}:${sight.versions[name]}`).join(", ");
  if (wrong.every((name) => sight.versions[name] === details.from[name])) {
    return answer.failed("WRONG_VERSION", `${what} is still, or again, live.`);
  }
  return answer.failed("SUPERSEDED", `Somebody made ${what} live since; it was left alone.`);
}
