import type { PolicyDocument } from "../../service-model.ts";
import type { Bucket, Versioning } from "./bucket.ts";
import type { Buckets } from "./buckets.ts";
import { type SiteFile, type SiteShape, siteFiles } from "./site-content.ts";
import type { ObjectVersion } from "./stored-object.ts";

/**
 * Where the files of a release are stored.
 *
 * - `live`: every release over the one before, under one prefix; the versions are the history.
 * - `releases`: each whole release below `releases/<release>/`, for a distribution that switches its OriginPath.
 * - `shared-assets`: entry points below `releases/<release>/` and, those of the newest release, at the root as well;
 *   all assets in one shared place. For a distribution with a pointer.
 */
export type SiteLayout = "live" | "releases" | "shared-assets";

export interface NewSite extends Partial<SiteShape> {
  readonly bucket: string;
  readonly layout: SiteLayout;
  /** Only with the layout `live`; ends with a slash, or is empty. @default "" */
  readonly prefix?: string;
  /** Oldest first; the last one is live. */
  readonly releases: readonly SiteRelease[];
  /** @default "Enabled" */
  readonly versioning?: Versioning;
  /** The distributions that may read the bucket. The caller of `install` may leave them out and allow them later. */
  readonly readers?: readonly string[];
}

export interface SiteRelease {
  readonly name: string;
  readonly commit: string;
  /** When it was deployed, epoch milliseconds. */
  readonly at: number;
}

/** What a release wrote, as a deployment would note it down at its end. */
export type SiteManifest = readonly ObjectVersion[];

export interface InstalledSite {
  readonly bucket: Bucket;
  /** By release: all objects that belong to it, whether it wrote them or found them unchanged. */
  readonly manifests: ReadonlyMap<string, SiteManifest>;
  /** Deploys one more release, now: the way for a drill to let somebody deploy during a rollback. */
  deploy(release: Omit<SiteRelease, "at">, only?: (file: SiteFile) => boolean): SiteManifest;
  /** Lets a distribution read the bucket through origin access control. */
  allow(distributionArn: string): void;
}

/** Makes a bucket with the releases of a frontend in it, without a single request: 100,000 objects in a second or two. */
export function installSite(buckets: Buckets, site: NewSite): InstalledSite {
  const bucket = buckets.find(site.bucket) ?? buckets.create(site.bucket);
  bucket.versioning = "versioning" in site ? site.versioning : "Enabled";
  const deployments = new Deployments(bucket, site);
  for (const release of site.releases) deployments.deploy(release);
  const readers = new Set(site.readers);
  if (readers.size > 0) bucket.policy = readPolicy(bucket, readers);
  buckets.context.kernel.log.write("s3", "site installed", {
    bucket: bucket.name,
    layout: site.layout,
    releases: site.releases.length,
  });
  return {
    bucket,
    manifests: deployments.manifests,
    deploy: (release, only) => {
      buckets.context.kernel.log.write("s3", "site deployed", { bucket: bucket.name, release: release.name });
      return deployments.deploy({ ...release, at: buckets.context.kernel.now }, only);
    },
    allow: (distributionArn) => {
      bucket.policy = readPolicy(bucket, readers.add(distributionArn));
    },
  };
}

class Deployments {
  readonly manifests = new Map<string, SiteManifest>();
  readonly #bucket: Bucket;
  readonly #site: NewSite;
  readonly #shape: SiteShape;
  readonly #history: string[] = [];

  constructor(bucket: Bucket, site: NewSite) {
    this.#bucket = bucket;
    this.#site = site;
    const { files = 200, changedAssets = 20, hashedNames = site.layout === "shared-assets" } = site;
    if (site.layout === "shared-assets" && !hashedNames) {
      throw new Error("Shared assets need a content hash in their names");
    }
    this.#shape = { files, changedAssets, hashedNames };
  }

  /** Assets first, entry points last, as siteFiles orders them. */
  deploy({ name, commit, at }: SiteRelease, only: (file: SiteFile) => boolean = () => true): SiteManifest {
    this.#history.push(name);
    const files = siteFiles(this.#shape, this.#history, commit).filter(only);
    const written = files.flatMap((file) => this.#keys(file, name).map((key) => this.#store(key, file, at)));
    this.manifests.set(name, written);
    return written;
  }

  #keys({ path, isEntryPoint }: SiteFile, release: string): readonly string[] {
    const { layout, prefix = "" } = this.#site;
    if (layout === "live") return [`${prefix}${path}`];
    if (layout === "releases") return [`releases/${release}/${path}`];
    return isEntryPoint ? [`releases/${release}/${path}`, path] : [path];
  }

  /** An unchanged file is left alone, as `s3 sync` does. */
  #store(key: string, file: SiteFile, at: number): ObjectVersion {
    const current = this.#bucket.current(key);
    if (current !== undefined && Buffer.compare(current.body, file.body) === 0) return current;
    const { body, contentType, cacheControl } = file;
    const headers = {
      contentType,
      cacheControl,
      contentEncoding: undefined,
      contentDisposition: undefined,
      contentLanguage: undefined,
      metadata: { "cache-tag": `release:${this.#history.at(-1) ?? ""}` },
    };
    return this.#bucket.put(key, { body, headers, checksums: {}, tags: {} }, at);
  }
}

/** User guide of CloudFront, "Restricting access to an Amazon S3 origin". */
function readPolicy(bucket: Bucket, distributionArns: ReadonlySet<string>): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: {
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: `${bucket.arn}/*`,
      Condition: { StringEquals: { "AWS:SourceArn": [...distributionArns] } },
    },
  };
}
