import type { RegionContext } from "../../region-context.ts";
import { COMPLETE } from "../complete-names.ts";
import type { PageSwitch } from "../complete-options.ts";
import type { Surroundings } from "./surroundings.ts";

/** How often a task of the web service asks for the page's parameter. */
const ASKS_EVERY_MS = 15_000;
export const PAGE_OFF = "off";

/** What shows people the maintenance page before they get to the load balancer, or on the page that they got from it. */
export interface Page {
  /**
   * Whether somebody who comes now sees it.
   *
   * @param looks without being one of the users: then it is enough that anybody sees it
   */
  isShown(looks: boolean): boolean;
  started(taskArn: string): void;
  stopped(taskArn: string): void;
}

export function pageOf(
  context: RegionContext,
  region: Surroundings,
  by: PageSwitch,
  distributionId: string,
): Page {
  switch (by) {
    case "load-balancer-rules":
      // The rules themselves decide.
      return { isShown: () => false, started: () => undefined, stopped: () => undefined };
    case "key-value-store":
      return new PageAtTheEdge(region, distributionId);
    case "parameter":
      return new PageOfTheApplication(context, region);
  }
}

/** A flag that the function at each edge location reads; it reaches one edge location after the other. */
class PageAtTheEdge implements Page {
  readonly #viewers: Surroundings["cloudfront"]["viewers"];
  readonly #distributionId: string;
  #turn = 0;

  constructor({ cloudfront }: Surroundings, distributionId: string) {
    this.#viewers = cloudfront.viewers;
    this.#distributionId = distributionId;
  }

  isShown(looks: boolean): boolean {
    const { edges } = this.#viewers;
    const asked = looks ? edges : edges.slice(this.#turn, this.#turn + 1);
    if (!looks) this.#turn = (this.#turn + 1) % edges.length;
    return asked.some((edge) => this.#viewers.turnedAway(this.#distributionId, "/api/documents", edge));
  }

  started(): void {}
  stopped(): void {}
}

/** A flag that each task of the web service asks for at its own pace: the pages it serves then call nothing. */
class PageOfTheApplication implements Page {
  readonly #context: RegionContext;
  readonly #ssm: Surroundings["ssm"];
  /** What each living task read last. */
  readonly #read = new Map<string, string | undefined>();
  #turn = 0;

  constructor(context: RegionContext, { ssm }: Surroundings) {
    this.#context = context;
    this.#ssm = ssm;
  }

  isShown(looks: boolean): boolean {
    const shown = [...this.#read.values()].map((value) => value !== undefined && value !== PAGE_OFF);
    if (looks) return shown.includes(true);
    this.#turn += 1;
    return shown[this.#turn % shown.length] ?? false;
  }

  started(taskArn: string): void {
    this.#read.set(taskArn, undefined);
    this.#ask(taskArn);
  }

  stopped(taskArn: string): void {
    this.#read.delete(taskArn);
  }

  #ask(taskArn: string): void {
    if (!this.#read.has(taskArn)) return;
    this.#read.set(taskArn, this.#ssm.read(COMPLETE.pageParameter)?.value);
    this.#context.kernel.schedule(ASKS_EVERY_MS, () => this.#ask(taskArn));
  }
}
