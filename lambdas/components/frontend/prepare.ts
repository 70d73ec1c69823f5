import type { Tick } from "../../contracts/tick.ts";
import type { Job } from "./job.ts";
import { memberOf, textOf } from "./objects.ts";
import type { ReleaseStrategy } from "./release-strategy.ts";

/**
 * Makes sure that the target can be live, and freezes what has to be copied for it. Users notice nothing. Once prepared
 * stays prepared.
 */
export async function prepare(job: Job, strategy: ReleaseStrategy): Promise<Tick> {
  const { answer, steps } = job;
  if (steps.has("prepared") || steps.has("cut-over-began")) return answer.done("Prepared.");
  await steps.once("prepare-began");
  const tick = await strategy.prepare(job);
  if (tick.status !== "done") return tick;
  const says = await whatTargetSays(job, strategy);
  await steps.write("prepared", says ? { says } : {});
  return tick;
}

/** What the probe will read when the target is live: the word in its own document, which need not be the release's name. */
async function whatTargetSays(job: Job, strategy: ReleaseStrategy): Promise<string | undefined> {
  const { s3, details } = job;
  if (!details.probe) return undefined;
  const object = await strategy.targetObject(job, details.probe.path);
  const document = object && (await textOf(s3, details.bucket, object));
  return document && memberOf(document.text, details.probe.field);
}
