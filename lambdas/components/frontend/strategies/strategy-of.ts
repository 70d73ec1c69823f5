import type { Clients } from "../job.ts";
import type { ReleaseStrategy, Site } from "../release-strategy.ts";
import { originPath } from "./origin-path.ts";
import { pointer } from "./pointer.ts";
import { releasePrefix } from "./release-prefix.ts";
import { versionedBucket } from "./versioned-bucket.ts";

/** The strategy of a frontend: one file each in this folder. */
export function strategyOf(clients: Clients, site: Site): ReleaseStrategy {
  const { release } = site;
  switch (release.strategy) {
    case "pointer":
      return pointer(clients, site, release);
    case "origin-path":
      return originPath(clients, site, release);
    case "versioned-bucket":
      return versionedBucket(clients, site, release);
    case "release-prefix":
      return releasePrefix(clients, site, release);
  }
}
