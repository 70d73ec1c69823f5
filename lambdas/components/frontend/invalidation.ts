import { createHash } from "node:crypto";
import { CreateInvalidationCommand, GetInvalidationCommand } from "@aws-sdk/client-cloudfront";
import type { FrontendMove } from "../../contracts/kinds/frontend.ts";
import type { Tick } from "../../contracts/tick.ts";
import { asked, isNamed } from "../aws-call.ts";
import { endsOf } from "./changed-by-others.ts";
import type { Direction } from "./copying/write.ts";
import { entryPointsOf } from "./entry-points.ts";
import type { Job } from "./job.ts";
import type { ReleaseStrategy } from "./release-strategy.ts";

/** "Retry with backoff, minutes" (docs/facts/frontend-secrets-config.md §A.6). */
const CROWDED_WAIT = 30;

/**
 * Makes the edge locations forget what the release before left in their caches, and waits until all have. The caller
 * reference is made of the rollback and the paths: asking again answers with the invalidation that there is
 * (docs/facts/frontend-secrets-config.md §A.6).
 */
export async function invalidate(job: Job, direction: Direction, strategy: ReleaseStrategy): Promise<Tick> {
  const { cloudfront, answer, steps, details } = job;
  if (steps.has(`${direction}-fresh`)) return answer.done("The caches are fresh.");
  const staleAssets = steps.number(`${direction}-placed`, "staleAssets") ?? 0;
  const paths = pathsOf(details, direction, { ...strategy, staleAssets });
  if (paths.length === 0)
    return answer.done("Each release has cache entries of its own; nothing to invalidate.");
  const id = steps.text(`${direction}-invalidated`, "id");
  if (!id) return create(job, direction, paths);
  const { Invalidation: invalidation } = await asked(
    `Looking at the invalidation ${id} of ${details.distribution}`,
    cloudfront.send(new GetInvalidationCommand({ DistributionId: details.distribution, Id: id })),
  );
  if (invalidation?.Status !== "Completed") return answer.working(`CloudFront forgets ${wordsFor(paths)}.`);
  await steps.write(`${direction}-fresh`);
  return answer.done("The caches are fresh.");
}

async function create(job: Job, direction: Direction, paths: readonly string[]): Promise<Tick> {
  const { cloudfront, answer, steps, details, move, rollbackId } = job;
  const digest = createHash("sha256").update(paths.join("\n")).digest("hex").slice(0, 8);
  const reference = [rollbackId, move.component, ...(direction === "back" ? ["back"] : []), digest].join(":");
  try {
    const { Invalidation: invalidation } = await asked(
      `Invalidating ${wordsFor(paths)} of ${details.distribution}`,
      cloudfront.send(
        new CreateInvalidationCommand({
          DistributionId: details.distribution,
          InvalidationBatch: {
            CallerReference: reference,
            Paths: { Quantity: paths.length, Items: [...paths] },
          },
        }),
      ),
    );
    await steps.write(`${direction}-invalidated`, { id: invalidation?.Id ?? "" });
    return answer.working(`CloudFront is told to forget ${wordsFor(paths)}.`);
  } catch (error) {
    if (!isNamed(error, "TooManyInvalidationsInProgress")) throw error;
    return answer.working("Too many other invalidations are in progress; waiting for them.", CROWDED_WAIT);
  }
}

type InvalidationDetails = Pick<
  FrontendMove,
  "invalidate" | "entryPoints" | "serviceWorker" | "release" | "fromRelease" | "toRelease"
>;

/**
 * What has to be forgotten. Where each release has its own cache keys (a pointer), its entry points need nothing; what a
 * team asks for by name, everything or a tag, it gets: it knows why. Entry points alone are enough where assets have a
 * new name for every content; when others were written over, one wildcard costs as much as one file (§A.6).
 */
export function pathsOf(
  details: InvalidationDetails,
  direction: Direction,
  cached: Pick<ReleaseStrategy, "entryPointsStayCached"> & { readonly staleAssets: number },
): string[] {
  const { invalidate: what, release } = details;
  if (what === "everything") return ["/*"];
  // A replacer, so that `$` in a release's name means nothing.
  if (typeof what === "object")
    return [`#${what.tag.replace("{release}", () => endsOf({ details }, direction).from)}`];
  if (!cached.entryPointsStayCached) return [];
  if (cached.staleAssets > 0) return ["/*"];
  // Whether the origin path hides the live prefix from users is not known: both ways of asking are forgotten (§A.2).
  const live = "live" in release ? release.live : "";
  const prefixes = [...new Set(["/", `/${live}`])];
  const files = entryPointsOf(details).map(encodedPath);
  return prefixes.flatMap((prefix) => [prefix, ...files.map((file) => prefix + file)]);
}

/** Only what is not ASCII or not allowed in a URL is encoded (§A.6). */
const encodedPath = (file: string) => encodeURI(file).replaceAll("*", "%2A");

function wordsFor(paths: readonly string[]): string {
  const [first = ""] = paths;
  return paths.length === 1 ? first : `${first} and ${paths.length - 1} more`;
}
