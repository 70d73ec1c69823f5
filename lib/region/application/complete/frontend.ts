import type { RegionContext } from "../../region-context.ts";
import type { Distribution } from "../../services/cloudfront/distribution.ts";
import type { NewDistribution } from "../../services/cloudfront/install-distribution.ts";
import {
  type InstalledSite,
  installSite,
  type NewSite,
  type SiteLayout,
} from "../../services/s3/install-site.ts";
import { ENTRY_POINTS } from "../../services/s3/site-content.ts";
import { BOARDROOM } from "../boardroom-names.ts";
import { COMPLETE } from "../complete-names.ts";
import type { CompleteOptions, PageSwitch } from "../complete-options.ts";
import { PAGE_OFF } from "./page.ts";
import type { Surroundings } from "./surroundings.ts";

const DAY = 86_400_000;
const OLDER_RELEASE = "2.9.4";

/** The frontend, as people deploy it. */
export interface Frontend {
  readonly distributionId: string;
  /** With the layout `pointer`. */
  readonly keyValueStoreArn: string | undefined;
  /** Deploys a release, now, as the pipeline of the layout does. */
  deploy(release: string): void;
}

/** The bucket and the distribution, with release 2.9.5 live; 2.10.0 lies there already when releases lie side by side. */
export function installFrontend(
  context: RegionContext,
  region: Surroundings,
  { frontend: layout = "pointer", page, objects = 40 }: CompleteOptions,
): Frontend {
  if (page === "key-value-store" && layout !== "pointer") {
    throw new Error(
      "The maintenance page by key-value-store needs the frontend pointer, whose store it shares",
    );
  }
  const install = (site: SiteLayout, releases: readonly string[]) =>
    siteOf(
      context,
      region,
      { layout: site, files: objects, changedAssets: Math.ceil(objects / 5) },
      releases,
    );
  switch (layout) {
    case "pointer":
      return withPointer(region, install("shared-assets", BOTH), page);
    case "origin-path":
      return withOriginPath(context, region, install("releases", BOTH));
    case "versioned-bucket":
      return withLiveFiles(context, region, { live: install("live", OLD) });
    case "release-prefix": {
      const folders = install("releases", BOTH);
      return withLiveFiles(context, region, { folders, live: install("live", OLD) });
    }
  }
}

const BOTH = [BOARDROOM.goodRelease, BOARDROOM.badRelease];
const OLD = [OLDER_RELEASE, BOARDROOM.goodRelease];

function withPointer(region: Surroundings, site: InstalledSite, page: PageSwitch | undefined): Frontend {
  const store = region.stores.create({ release: BOARDROOM.goodRelease, [COMPLETE.pageKey]: PAGE_OFF });
  const atTheEdge = { key: COMPLETE.pageKey, off: PAGE_OFF, except: ["/version.json"] };
  const pointer = {
    storeArn: store.arn,
    entryPoints: ENTRY_POINTS,
    ...(page === "key-value-store" ? { page: atTheEdge } : {}),
  };
  const { identity } = distributionOf(region, site, { pointer });
  return {
    distributionId: identity.id,
    keyValueStoreArn: store.arn,
    deploy: (release) => {
      upload(site, release);
      store.change({ puts: [{ key: "release", value: release }], deletes: [] }, store.etag);
    },
  };
}

function withOriginPath(context: RegionContext, region: Surroundings, site: InstalledSite): Frontend {
  const folder = (release: string) => `/releases/${release}`;
  const distribution = distributionOf(region, site, { originPath: folder(BOARDROOM.goodRelease) });
  return {
    distributionId: distribution.identity.id,
    keyValueStoreArn: undefined,
    deploy: (release) => {
      upload(site, release);
      region.cloudfront.edit(distribution.identity.id, ({ Origins }) => {
        const [origin] = Origins?.Items ?? [];
        if (origin) origin.OriginPath = folder(release);
      });
      invalidateOnceDeployed(context, distribution, release);
    },
  };
}

/** Releases overwrite one another; with `folders` each lies in one of its own as well. */
function withLiveFiles(
  context: RegionContext,
  region: Surroundings,
  { live, folders }: { readonly live: InstalledSite; readonly folders?: InstalledSite },
): Frontend {
  const distribution = distributionOf(region, live, {});
  return {
    distributionId: distribution.identity.id,
    keyValueStoreArn: undefined,
    deploy: (release) => {
      if (folders) upload(folders, release);
      live.deploy({ name: release, commit: commitOf(release) });
      invalidate(context, distribution, release);
    },
  };
}

function siteOf(
  { kernel }: RegionContext,
  { buckets }: Surroundings,
  shape: Pick<NewSite, "layout" | "files" | "changedAssets">,
  releases: readonly string[],
): InstalledSite {
  return installSite(buckets, {
    bucket: COMPLETE.bucket,
    ...shape,
    releases: releases.map((name, index) => ({
      name,
      commit: commitOf(name),
      at: kernel.now - (releases.length - index) * DAY,
    })),
  });
}

function distributionOf(
  { cloudfront }: Surroundings,
  site: InstalledSite,
  way: Pick<NewDistribution, "pointer" | "originPath">,
): Distribution {
  const distribution = cloudfront.install({
    ...{ name: COMPLETE.distribution, bucket: COMPLETE.bucket, singlePage: true },
    ...{ aliases: [COMPLETE.site], cacheTagHeader: "x-amz-meta-cache-tag" },
    ...way,
  });
  site.allow(distribution.identity.arn);
  return distribution;
}

function upload(site: InstalledSite, release: string): void {
  if (!site.manifests.has(release)) site.deploy({ name: release, commit: commitOf(release) });
}

/** An edge location that still follows the old configuration would fetch the old files again (`aws cloudfront wait`). */
function invalidateOnceDeployed(context: RegionContext, distribution: Distribution, release: string): void {
  if (distribution.status === "Deployed") {
    invalidate(context, distribution, release);
  } else {
    context.kernel.schedule(10_000, () => invalidateOnceDeployed(context, distribution, release));
  }
}

/** As pipelines do it at their end. */
function invalidate({ kernel }: RegionContext, distribution: Distribution, release: string): void {
  const CallerReference = `deploy-${release}-${kernel.now}`;
  distribution.invalidate({ CallerReference, Paths: { Quantity: 1, Items: ["/*"] } });
}

function commitOf(release: string): string {
  return Buffer.from(release).toString("hex").slice(0, 7).padEnd(7, "0");
}
