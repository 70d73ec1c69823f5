import type { HeadObjectCommandOutput, S3Client } from "@aws-sdk/client-s3";
import type { FrontendVersion } from "../../../contracts/kinds/frontend.ts";
import { keyHistories } from "../copying/listings.ts";
import { type KeyHistory, restoreAt } from "../copying/restore-key.ts";
import { entryPointsOf, serviceWorkerOf } from "../entry-points.ts";
import type { Clients, Job } from "../job.ts";
import { readManifest } from "../manifest.ts";
import { headOf, versioningProblem } from "../objects.ts";
import { serviceWorkerWarning } from "../release-folders.ts";
import type { Feasibility, Live, ReleaseOf, ReleaseStrategy, Site } from "../release-strategy.ts";
import { type CopyPlan, keyAt, prepareCopies, putCopies, verifyCopies } from "./copied-release.ts";
import { judgedByManifest, judgedByMoment } from "./judged.ts";

type Release = ReleaseOf<"versioned-bucket">;

/**
 * One live part of a bucket, written over by every deployment; the versions are the history. A manifest says what
 * belongs to a release. Without one the release is a moment: the newest time among the entry points, which deployments
 * write last, so that everything that belongs to the release was there by then. What goes back is written, never
 * removed: every overwrite keeps the version before it.
 */
export function versionedBucket({ s3 }: Clients, site: Site, release: Release): ReleaseStrategy {
  const { bucket, entryPoints, serviceWorker } = site;
  const plan: CopyPlan = {
    deletes: release.deletes,
    sequence: { live: release.live, entryPoints, serviceWorker, manifest: release.manifest },
    async judging({ details }) {
      const range = { bucket, prefix: release.live };
      if (release.manifest === undefined) return judgedByMoment(s3, range, momentOf(details));
      return judgedByManifest(s3, range, { key: release.manifest, versionId: details.manifestVersion ?? "" });
    },
  };
  return {
    entryPointsStayCached: true,
    // Listing and comparing; 10,000 objects in seconds, and an invalidation of 5 to 300 s (the performance sheet).
    usualSeconds: { prepare: 15, cutOver: 90 },
    live: () =>
      release.manifest ? liveManifest(s3, bucket, release.manifest) : liveMoment(s3, site, release),
    lookUp: (name) => lookUp(s3, bucket, release, name),
    async feasible(target) {
      const problem = await versioningProblem(s3, bucket);
      if (problem) return { problem };
      if (!release.manifest) return feasibleAt(s3, site, release, momentOf({ toRelease: target.release }));
      const worker = serviceWorkerOf(site);
      const warnings = worker ? [serviceWorkerWarning(worker, true)] : [];
      return feasibleManifest(s3, bucket, release.manifest, target.manifestVersion, warnings);
    },
    targetObject: (job, path) => targetObject(s3, job, release, path),
    prepare: (job) => prepareCopies(job, plan),
    put: putCopies,
    verify: verifyCopies,
  };
}

const momentOf = ({
  toMoment,
  toRelease,
}: {
  readonly toMoment?: string | undefined;
  readonly toRelease: string;
}) => new Date(toMoment ?? toRelease);

async function liveMoment(s3: S3Client, site: Site, { live }: Release): Promise<Live> {
  const { bucket } = site;
  const heads = await Promise.all(
    entryPointsOf(site).map((file) => headOf(s3, bucket, { key: live + file })),
  );
  const times = heads.flatMap((head) => head?.LastModified?.getTime() ?? []);
  if (times.length === 0) return { problem: `none of the entry points is in s3://${bucket}/${live}` };
  const changedAt = new Date(Math.max(...times));
  return { version: { kind: "frontend", release: changedAt.toISOString() }, changedAt };
}

async function liveManifest(s3: S3Client, bucket: string, key: string): Promise<Live> {
  const head = await headOf(s3, bucket, { key });
  const version = head && manifestVersion(head);
  if (!version)
    return { problem: `the manifest s3://${bucket}/${key} is not there, or the bucket keeps no versions` };
  return { version, ...(head.LastModified ? { changedAt: head.LastModified } : {}) };
}

async function lookUp(
  s3: S3Client,
  bucket: string,
  { manifest }: Release,
  name: string,
): Promise<FrontendVersion | undefined> {
  if (manifest) {
    const head = await headOf(s3, bucket, { key: manifest, versionId: name });
    return head && manifestVersion(head);
  }
  const moment = /^\d{4}-\d{2}-\d{2}T/.test(name) ? Date.parse(name) : Number.NaN;
  return Number.isNaN(moment) ? undefined : { kind: "frontend", release: new Date(moment).toISOString() };
}

/** For people the release is when its manifest was written; for machines, the manifest's version. */
function manifestVersion({ VersionId, LastModified }: HeadObjectCommandOutput): FrontendVersion | undefined {
  if (!VersionId || VersionId === "null" || !LastModified) return undefined;
  return { kind: "frontend", release: LastModified.toISOString(), manifestVersion: VersionId };
}

/**
 * Looks at the entry points alone; every object is looked at when the plan is frozen. They change with every release, so
 * a lifecycle rule forgets their versions before those of other objects: when they are still there, so is the rest
 * [inferred].
 */
async function feasibleAt(s3: S3Client, site: Site, { live }: Release, moment: Date): Promise<Feasibility> {
  const { bucket } = site;
  const entryPoints = entryPointsOf(site);
  const histories = await Promise.all(entryPoints.map((file) => historyOf(s3, bucket, live + file)));
  const changes = histories.map((history) => restoreAt(history, moment));
  const at = moment.toISOString();
  for (const [index, change] of changes.entries()) {
    if (change.change === "blocked") return { problem: `${entryPoints[index]} ${change.why}` };
  }
  const [first = ""] = entryPoints;
  if (
    changes[0]?.change === "delete" ||
    !histories[0]?.versions.some(({ lastModified }) => lastModified <= moment)
  ) {
    return { problem: `there is no version of ${first} of ${at}; a lifecycle rule may have removed it` };
  }
  const same = await Promise.all(
    changes.map(async (change) => {
      if (change.change !== "copy" || change.from.etag !== change.over?.etag) return change.change === "none";
      const [was, is] = await Promise.all([headOf(s3, bucket, change.from), headOf(s3, bucket, change.over)]);
      return headersOf(was) === headersOf(is);
    }),
  );
  if (same.every(Boolean)) return { same: `its entry points are those of ${at}` };
  const worker = serviceWorkerOf(site);
  const workerChange = changes[entryPoints.indexOf(worker ?? "")]?.change;
  return {
    warnings: [
      "The state of a moment is put together from the times of objects; a manifest written by each deployment would be exact.",
      ...(workerChange === "copy" || workerChange === "delete"
        ? [serviceWorkerWarning(worker ?? "", workerChange === "copy")]
        : []),
    ],
  };
}

/** The headers that come with an object and change what browsers make of it. */
function headersOf(head: HeadObjectCommandOutput | undefined): string {
  const { ContentType, CacheControl, ContentEncoding, ContentDisposition, ContentLanguage, Metadata } =
    head ?? {};
  return JSON.stringify([
    ContentType,
    CacheControl,
    ContentEncoding,
    ContentDisposition,
    ContentLanguage,
    Metadata,
  ]);
}

async function feasibleManifest(
  s3: S3Client,
  bucket: string,
  key: string,
  versionId: string | undefined,
  warnings: readonly string[],
): Promise<Feasibility> {
  const [target, current] = await Promise.all([
    versionId ? headOf(s3, bucket, { key, versionId }) : undefined,
    headOf(s3, bucket, { key }),
  ]);
  if (!target) return { problem: `the manifest ${key} in version ${versionId ?? "?"} is gone` };
  return target.ETag === current?.ETag ? { same: "its manifest says the same" } : { warnings };
}

/** The version that a path's object will have: the manifest's, or that of the moment. */
async function targetObject(s3: S3Client, { details }: Job, release: Release, path: string) {
  const key = keyAt(release.live, path);
  if (release.manifest) {
    const versionId = details.manifestVersion ?? "";
    const manifest = await readManifest(s3, details.bucket, { key: release.manifest, versionId });
    return "problem" in manifest ? undefined : manifest.entries.find((entry) => entry.key === key);
  }
  const history = await historyOf(s3, details.bucket, key);
  const change = restoreAt(history, momentOf(details));
  if (change.change === "copy") return change.from;
  return change.change === "none" && history.versions.length > 0 ? { key } : undefined;
}

async function historyOf(s3: S3Client, bucket: string, key: string): Promise<KeyHistory> {
  for await (const [found, history] of keyHistories(s3, { bucket, prefix: key, after: "" })) {
    if (found === key) return history;
    break;
  }
  return { key, versions: [], markers: [] };
}
