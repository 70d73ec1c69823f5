import type { Visit } from "../../services/cloudfront/viewers.ts";
import type { Surroundings } from "./surroundings.ts";

/** How many people one look at an edge location stands for, in one batch. */
const PEOPLE_A_VISIT = 4;
/** Of the API's requests, those that a frontend with wrong calls makes; enough for the error rate's alarm. */
const WRONG_CALLS_SHARE = 0.8;

/** People who open the site, at every edge location, and whose pages then call the API. */
export class FrontendUsers {
  readonly #viewers: Surroundings["cloudfront"]["viewers"];
  readonly #distributionId: string;
  readonly #broken = new Set<string>();
  #visits: readonly Visit[] = [];

  constructor({ cloudfront }: Surroundings, distributionId: string) {
    this.#viewers = cloudfront.viewers;
    this.#distributionId = distributionId;
  }

  /** From now on a release of the frontend calls the API wrongly, or no longer does. */
  setRelease(release: string, { broken }: { readonly broken: boolean }): void {
    if (broken) this.#broken.add(release);
    else this.#broken.delete(release);
  }

  /** A batch of visits; answers how many people saw a page that does not work: no page, or one with parts of another. */
  visit(): number {
    this.#visits = this.#viewers.edges
      // Who sees the maintenance page meets no trouble.
      .filter((edge) => !this.#viewers.turnedAway(this.#distributionId, "/", edge))
      .map((edge) => this.#viewers.visit(this.#distributionId, edge));
    return PEOPLE_A_VISIT * this.#visits.filter((visit) => !works(visit)).length;
  }

  /** The share of the API's requests that fail because pages call it wrongly, 0 to 1. */
  trouble(): number {
    const working = this.#visits.filter(works);
    const wrong = working.filter(({ release }) => release !== undefined && this.#broken.has(release));
    return working.length === 0 ? 0 : (WRONG_CALLS_SHARE * wrong.length) / working.length;
  }

  /** What people at each edge location are served at this moment. */
  releases(): Readonly<Record<string, string | undefined>> {
    return this.#viewers.releases(this.#distributionId);
  }
}

function works({ status, release, broken }: Visit): boolean {
  return status === 200 && release !== undefined && broken.length === 0;
}
