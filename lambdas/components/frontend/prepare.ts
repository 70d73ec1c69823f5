import type { Tick } from "../../contracts/tick.ts";
import type { Job } from "./job.ts";
import { headOf, memberOf, textOf } from "./objects.ts";
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

/**
 * What the probe will read when the target is live: the word in its own document, or metadata of its object, which need
 * not be the release's name. S3's metadata come to viewers as headers `x-amz-meta-…`
 * (docs/facts/frontend-secrets-config.md §A.8); any other header names the release.
 */
async function whatTargetSays(job: Job, strategy: ReleaseStrategy): Promise<string | undefined> {
  const { s3, details } = job;
  if (!details.probe) return undefined;
  const { header, field, path } = details.probe;
  if (header !== undefined && !header.startsWith(METADATA)) return undefined;
  const object = await strategy.targetObject(job, path);
  if (header !== undefined) {
    const head = object && (await headOf(s3, details.bucket, object));
    return head?.Metadata?.[header.slice(METADATA.length)];
  }
  const document = object && (await textOf(s3, details.bucket, object));
  return document && memberOf(document.text, field);
}

const METADATA = "x-amz-meta-";
