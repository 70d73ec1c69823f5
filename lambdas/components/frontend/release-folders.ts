import type { S3Client } from "@aws-sdk/client-s3";
import type { FrontendVersion } from "../../contracts/kinds/frontend.ts";
import { entryPointsOf, serviceWorkerOf } from "./entry-points.ts";
import { headOf } from "./objects.ts";
import type { Feasibility, Site } from "./release-strategy.ts";

/** Releases that lie each in a folder of its own, `<releases><name>/`. */
export class ReleaseFolders {
  readonly #s3: S3Client;
  readonly #site: Site;
  readonly #releases: string;

  constructor(s3: S3Client, site: Site, releases: string) {
    this.#s3 = s3;
    this.#site = site;
    this.#releases = releases;
  }

  keyOf(release: string, file: string): string {
    return `${this.#releases}${release}/${file}`;
  }

  /** A release by its name, if its first entry point is there. */
  async lookUp(name: string): Promise<FrontendVersion | undefined> {
    const [first = ""] = this.#site.entryPoints;
    // A name is one folder: `..` or a slash would lead elsewhere.
    if (!/^\w[\w.-]{0,199}$/.test(name)) return undefined;
    const head = await headOf(this.#s3, this.#site.bucket, { key: this.keyOf(name, first) });
    return head && { kind: "frontend", release: name };
  }

  /** Whether a release can be live: its entry points are there, those at least that the live release has. */
  async feasible(target: string, current: string): Promise<Feasibility> {
    const { bucket } = this.#site;
    const entryPoints = entryPointsOf(this.#site);
    const [there, live] = await Promise.all([this.#present(target), this.#present(current)]);
    const folder = `s3://${bucket}/${this.#releases}${target}/`;
    const [first = ""] = entryPoints;
    if (!there.has(first)) return { problem: `the release ${target} has no ${first} in ${folder}` };
    const missing = entryPoints.filter((file) => live.has(file) && !there.has(file));
    const worker = serviceWorkerOf(this.#site);
    return {
      warnings: [
        ...missing.map((file) => `${target} has no ${file}, which ${current} has: users will not find it.`),
        ...(worker && live.has(worker) ? [serviceWorkerWarning(worker, there.has(worker))] : []),
      ],
    };
  }

  async #present(release: string): Promise<ReadonlySet<string>> {
    const entryPoints = entryPointsOf(this.#site);
    const heads = await Promise.all(
      entryPoints.map((file) => headOf(this.#s3, this.#site.bucket, { key: this.keyOf(release, file) })),
    );
    return new Set(entryPoints.filter((_, index) => heads[index]));
  }
}

/** What no invalidation reaches (docs/facts/frontend-secrets-config.md §A.7). */
export function serviceWorkerWarning(file: string, targetHasOne: boolean): string {
  return targetHasOne
    ? `Open tabs keep the bad release until its service worker ${file} is replaced; without skipWaiting() that is when they are closed.`
    : `Browsers keep the bad release's service worker: deploy one that unregisters itself as ${file}.`;
}
