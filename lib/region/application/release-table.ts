import type { ReleaseBehaviour, RunningImage } from "./application.ts";
import { BOARDROOM, COMPONENTS, type Component, repositoryName } from "./boardroom-names.ts";

/** How each release of each component behaves, and which digest is which release. A change reaches running tasks. */
export class ReleaseTable {
  readonly #releases = new Map<string, ReleaseBehaviour>();
  readonly #byDigest = new Map<string, string>();

  constructor() {
    for (const component of COMPONENTS) {
      this.set(component, BOARDROOM.goodRelease, {});
      this.set(component, BOARDROOM.badRelease, component === "api" ? { errorRate: 0.7 } : {});
    }
  }

  /** Changes some of a release's behaviour; a release that is new starts from a good one. */
  set(component: Component, release: string, changes: Partial<ReleaseBehaviour>): void {
    const key = `${component} ${release}`;
    this.#releases.set(key, { ...(this.#releases.get(key) ?? GOOD[component]), ...changes });
  }

  /** Notes that an image is a build of a release; from then on tags may move as they like. */
  built(component: Component, release: string, digest: string): void {
    if (!this.#releases.has(`${component} ${release}`)) this.set(component, release, {});
    this.#byDigest.set(digest, release);
  }

  releaseOf(image: RunningImage): string {
    const release = this.#byDigest.get(image.digest) ?? image.tag;
    if (release === undefined)
      throw new Error(`Boardroom knows no release for ${image.image}; publish it first`);
    return release;
  }

  behaviour(image: RunningImage): ReleaseBehaviour {
    const component = COMPONENTS.find((candidate) => repositoryName(candidate) === image.repository);
    const found = this.#releases.get(`${component} ${this.releaseOf(image)}`);
    if (!found) throw new Error(`Boardroom knows no release for ${image.image}; publish it first`);
    return found;
  }
}

/** Both start in about half a minute on Fargate (provisioning included) and fail nothing, so that every failure is a fault. */
const GOOD: Readonly<Record<Component, ReleaseBehaviour>> = {
  api: {
    startSeconds: 15,
    healthySeconds: 4,
    errorRate: 0,
    latencySeconds: 0.12,
    memoryPercent: 48,
    cpuPercent: 31,
  },
  web: {
    startSeconds: 12,
    healthySeconds: 2,
    errorRate: 0,
    latencySeconds: 0.04,
    memoryPercent: 36,
    cpuPercent: 18,
  },
};
