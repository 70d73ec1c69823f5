import {
  type DistributionConfig,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import type { Tick } from "../../../contracts/tick.ts";
import { asked, isNamed } from "../../aws-call.ts";
import { changedByOthers, endsOf } from "../changed-by-others.ts";
import { sameNameDiffers } from "../copying/same-name-differs.ts";
import type { Direction } from "../copying/write.ts";
import { type Clients, intending, type Job } from "../job.ts";
import { ReleaseFolders } from "../release-folders.ts";
import type { Live, ReleaseOf, ReleaseStrategy, Site } from "../release-strategy.ts";

type Release = ReleaseOf<"origin-path">;

/** `Deployed` takes 3 to 15 minutes (docs/facts/performance-reliability.md): no need to look often in the beginning. */
const EARLY_SECONDS = 150;
const EARLY_WAIT = 30;
const LATE_WAIT = 10;

/**
 * The distribution's origin has the release's folder as its OriginPath. The edge locations follow one by one, and their
 * caches do not know the path: invalidating makes sense only when all of them have followed
 * (docs/facts/frontend-secrets-config.md §A.1).
 */
export function originPath(clients: Clients, site: Site, release: Release): ReleaseStrategy {
  const folders = new ReleaseFolders(clients.s3, site, release.releases);
  return {
    entryPointsStayCached: true,
    usualSeconds: { prepare: 2, cutOver: 9 * 60 },
    live: () => live(clients, site, release),
    lookUp: (name) => folders.lookUp(name),
    feasible: (target, current) => folders.feasible(target.release, current.release),
    async targetObject({ details }, path) {
      return { key: folders.keyOf(details.toRelease, path.slice(1)) };
    },
    async prepare({ answer, details, steps, ...job }) {
      const feasible = await folders.feasible(details.toRelease, details.fromRelease);
      if ("problem" in feasible) return answer.failed("TARGET_GONE", `Cannot prepare: ${feasible.problem}.`);
      const both = [folders.keyOf(details.fromRelease, ""), folders.keyOf(details.toRelease, "")] as const;
      const stale = await sameNameDiffers(job, site.bucket, both, site.entryPoints);
      await steps.write("compared", { staleAssets: stale ? 1 : 0 });
      return answer.done(`The release ${details.toRelease} is there.`);
    },
    async put(job, direction) {
      const placed = await place(job, direction, clients, release);
      return placed.status === "done" ? awaitDeployed(job, direction, clients, release) : placed;
    },
    verify: (job) => awaitDeployed(job, "forth", clients, release),
  };
}

async function place(
  job: Job,
  direction: Direction,
  { cloudfront }: Clients,
  release: Release,
): Promise<Tick> {
  const { steps, answer, details } = job;
  const { from, to } = endsOf(job, direction);
  if (steps.has(`${direction}-placed`)) return answer.done(`The distribution was told to serve ${to}.`);
  const { DistributionConfig: config, ETag: etag } = await asked(
    `Reading the configuration of ${details.distribution}`,
    cloudfront.send(new GetDistributionConfigCommand({ Id: details.distribution })),
  );
  const path = pathIn(config, release);
  if (path !== pathOf(release, to)) {
    if (!config || path !== pathOf(release, from)) {
      return changedByOthers(job, direction, `The origin path is ${path ?? "gone"}`);
    }
    try {
      await intending(steps, direction, () =>
        asked(
          `Switching ${details.distribution} to ${to}`,
          cloudfront.send(
            new UpdateDistributionCommand({
              Id: details.distribution,
              DistributionConfig: withPath(config, release, pathOf(release, to)),
              IfMatch: etag,
            }),
          ),
        ),
      );
    } catch (error) {
      if (!isNamed(error, "PreconditionFailed", "InvalidIfMatchVersion")) throw error;
      return answer.working("Somebody changed the distribution at the same moment; looking again.", 1);
    }
  }
  await steps.once(`${direction}-placed`, { staleAssets: steps.number("compared", "staleAssets") ?? 0 });
  return answer.done(`The distribution is told to serve ${to}.`);
}

/** Ends when the whole world is served from the new path: "fully propagated to all edge locations" (§A.1). */
async function awaitDeployed(
  job: Job,
  direction: Direction,
  { cloudfront }: Clients,
  release: Release,
): Promise<Tick> {
  const { steps, answer, details, clock } = job;
  const { to } = endsOf(job, direction);
  const { Distribution: distribution } = await asked(
    `Reading the status of ${details.distribution}`,
    cloudfront.send(new GetDistributionCommand({ Id: details.distribution })),
  );
  const path = pathIn(distribution?.DistributionConfig, release);
  if (path !== pathOf(release, to))
    return changedByOthers(job, direction, `The origin path is ${path ?? "gone"}`);
  if (distribution?.Status === "Deployed") return answer.done(`All edge locations serve ${to}.`);
  const since = steps.timeOf(`${direction}-placed`) ?? clock();
  const seconds = Math.round((clock().getTime() - since.getTime()) / 1_000);
  const note = `The edge locations are switching to ${to}, for ${seconds} s now.`;
  return answer.working(note, seconds < EARLY_SECONDS ? EARLY_WAIT : LATE_WAIT);
}

async function live({ cloudfront }: Clients, { distribution: id }: Site, release: Release): Promise<Live> {
  const { Distribution: distribution } = await asked(
    `Reading the distribution ${id}`,
    cloudfront.send(new GetDistributionCommand({ Id: id })),
  );
  const path = pathIn(distribution?.DistributionConfig, release);
  if (path === undefined) return { problem: `the distribution ${id} has no origin "${release.origin}"` };
  const before = `/${release.releases}`;
  const name = path.slice(before.length);
  if (!path.startsWith(before) || !/^\w[\w.-]*$/.test(name)) {
    return { problem: `the origin path "${path}" is not a release below ${before}` };
  }
  const changedAt = distribution?.LastModifiedTime;
  const moving =
    distribution?.Status === "Deployed" ? undefined : `the edge locations are still switching to ${name}`;
  return {
    version: { kind: "frontend", release: name },
    ...(changedAt ? { changedAt } : {}),
    ...(moving ? { moving } : {}),
  };
}

const pathOf = ({ releases }: Release, name: string) => `/${releases}${name}`;

/** Undefined without such an origin; an origin without a path has an empty one. */
function pathIn(config: DistributionConfig | undefined, { origin }: Release): string | undefined {
  const found = config?.Origins?.Items?.find(({ Id }) => Id === origin);
  return found && (found.OriginPath ?? "");
}

/** The whole configuration goes back with one member changed: an update replaces everything (§A.1). */
function withPath(config: DistributionConfig, { origin }: Release, path: string): DistributionConfig {
  const items = (config.Origins?.Items ?? []).map((one) =>
    one.Id === origin ? { ...one, OriginPath: path } : one,
  );
  return { ...config, Origins: { Quantity: items.length, Items: items } };
}
