import type { Clients } from "../job.ts";
import { headOf, memberOf, textOf, versioningProblem } from "../objects.ts";
import { ReleaseFolders } from "../release-folders.ts";
import type { Feasibility, Live, ReleaseOf, ReleaseStrategy, Site } from "../release-strategy.ts";
import { type CopyPlan, keyAt, prepareCopies, putCopies, verifyCopies } from "./copied-release.ts";
import { judgedByFolder } from "./judged.ts";

type Release = ReleaseOf<"release-prefix">;

/**
 * Every release lies in a folder of its own and is copied over the live part. Compared by ETag: a release that changed
 * headers alone is not told apart (docs/facts/frontend-secrets-config.md §A.4).
 */
export function releasePrefix({ s3 }: Clients, site: Site, release: Release): ReleaseStrategy {
  const { bucket, entryPoints, serviceWorker } = site;
  const { live, releases, deletes } = release;
  const folders = new ReleaseFolders(s3, site, releases);
  // Releases may lie below the live part, which then is not all of its folder.
  const part = { bucket, prefix: live, ...(releases.startsWith(live) ? { except: releases } : {}) };
  const plan: CopyPlan = {
    deletes,
    sequence: { live, entryPoints, serviceWorker },
    async judging({ details }) {
      const [first = ""] = entryPoints;
      const there = await headOf(s3, bucket, { key: folders.keyOf(details.toRelease, first) });
      if (!there) return { problem: `the release ${details.toRelease} has no ${first}` };
      return judgedByFolder(s3, part, folders.keyOf(details.toRelease, ""));
    },
  };
  return {
    entryPointsStayCached: true,
    usualSeconds: { prepare: 15, cutOver: 90 },
    live: () => liveOf(s3, site, release),
    lookUp: (name) => folders.lookUp(name),
    async feasible(target, current): Promise<Feasibility> {
      const problem = await versioningProblem(s3, bucket);
      if (problem) return { problem };
      const { file, field } = nameTag(site);
      const document = await textOf(s3, bucket, { key: folders.keyOf(target.release, file) });
      const says = document && memberOf(document.text, field);
      if (document && says !== target.release) {
        return {
          problem: `${file} of ${target.release} names ${says ?? "no release"}, so nobody could tell it is live`,
        };
      }
      return folders.feasible(target.release, current.release);
    },
    async targetObject({ details }, path) {
      return { key: folders.keyOf(details.toRelease, keyAt(live, path).slice(live.length)) };
    },
    prepare: (job) => prepareCopies(job, plan),
    put: putCopies,
    verify: verifyCopies,
  };
}

/** The file of a release that names it. */
function nameTag({ probe, entryPoints, release }: Site): { readonly file: string; readonly field: string } {
  const named = entryPoints.find((file) => file.endsWith("version.json")) ?? "version.json";
  const live = release.strategy === "release-prefix" ? release.live : "";
  const file = probe ? keyAt(live, probe.path).slice(live.length) : named;
  return { file, field: probe?.field ?? "release" };
}

async function liveOf(s3: Clients["s3"], site: Site, { live }: Release): Promise<Live> {
  const { file, field } = nameTag(site);
  const document = await textOf(s3, site.bucket, { key: live + file });
  const name = document && memberOf(document.text, field);
  if (!name)
    return { problem: `s3://${site.bucket}/${live}${file} does not name the live release in "${field}"` };
  const { lastModified } = document;
  return {
    version: { kind: "frontend", release: name },
    ...(lastModified ? { changedAt: lastModified } : {}),
  };
}
