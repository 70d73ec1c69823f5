import { createHash } from "node:crypto";
import type { Distribution } from "./distribution.ts";
import type { Distributions } from "./distributions.ts";
import type { EdgeAnswer, EdgeLocation } from "./edge-location.ts";

/** What a viewer got. */
export interface ViewerAnswer extends EdgeAnswer {
  readonly edge: string;
  /** The release that the body names: a page's `<meta name="release">` or JSON's `release`; assets name none. */
  readonly release: string | undefined;
}

/** What a browser makes of the page and of what the page refers to. */
export interface Visit {
  readonly edge: string;
  readonly status: number;
  readonly release: string | undefined;
  /** Assets that did not come, came as a page, or are not those that the page was built with. */
  readonly broken: readonly string[];
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * The users of the distributions. Nothing here is delayed or logged, and asking has the effect that it has: it fills
 * the edge location's cache.
 */
export class Viewers {
  readonly #distributions: Distributions;

  constructor(distributions: Distributions) {
    this.#distributions = distributions;
  }

  /** The edge locations; viewers everywhere means asking each of them. */
  get edges(): readonly string[] {
    return this.#distributions.edges;
  }

  /** @param edge the first one unless told, which is where the region's own functions come in */
  request(distributionId: string, path: string, edge = this.edges[0]): ViewerAnswer {
    return ask(this.#distributions.get(distributionId), path, edge);
  }

  /** Loads a page as a browser without a cache of its own does, and everything that the page needs. */
  visit(distributionId: string, edge = this.edges[0], path = "/"): Visit {
    const page = this.request(distributionId, path, edge);
    const broken = referencesOf(page).filter(({ path: reference, integrity }) => {
      const asset = this.request(distributionId, reference, edge);
      return asset.status !== 200 || isPage(asset) || integrityOf(asset.body) !== integrity;
    });
    return {
      edge: page.edge,
      status: page.status,
      release: page.release,
      broken: broken.map((reference) => reference.path),
    };
  }

  /** Whether the distribution's own function answers such a request at that edge location, whatever its origin is. */
  turnedAway(distributionId: string, path: string, edge: string): boolean {
    return edgeOf(this.#distributions.get(distributionId), edge).turnsAway(path);
  }

  /** Which release viewers of each edge location are served at that path. */
  releases(distributionId: string, path = "/"): Readonly<Record<string, string | undefined>> {
    return Object.fromEntries(
      this.edges.map((edge) => [edge, this.request(distributionId, path, edge).release]),
    );
  }

  /**
   * Answers an HTTP request to a distribution's domain or alias.
   *
   * @param host with or without a port
   * @param path may carry a query, which is no part of the cache key
   * @returns undefined when no distribution has that host
   */
  answerHttp(host: string, path: string, method = "GET", edge = this.edges[0]): HttpAnswer | undefined {
    const name = host.replace(/:\d+$/, "").toLowerCase();
    const distribution = this.#distributions.all().find(({ identity, config }) => {
      return identity.domainName === name || config.Aliases?.Items?.includes(name);
    });
    if (distribution === undefined) return undefined;
    if (method !== "GET" && method !== "HEAD") return { status: 403, headers: {}, body: new Uint8Array() };
    const { status, headers, body } = ask(distribution, path, edge);
    return { status, headers, body: method === "HEAD" ? new Uint8Array() : body };
  }
}

function edgeOf({ identity, edges }: Distribution, name: string | undefined): EdgeLocation {
  const edge = edges.find((one) => one.name === name);
  if (edge === undefined) throw new Error(`The distribution ${identity.id} has no edge location ${name}`);
  return edge;
}

function ask(distribution: Distribution, path: string, name: string | undefined): ViewerAnswer {
  const edge = edgeOf(distribution, name);
  const answer = edge.request(path.split(/[?#]/, 1)[0] ?? "/");
  return { ...answer, edge: edge.name, release: releaseOf(answer) };
}

function releaseOf({ headers, body }: EdgeAnswer): string | undefined {
  const type = headers["content-type"] ?? "";
  const text = Buffer.from(body).toString();
  if (type.startsWith("text/html")) return /<meta name="release" content="([^"]*)"/.exec(text)?.[1];
  if (type !== "application/json") return undefined;
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document !== "object" || document === null || !("release" in document)) return undefined;
    return typeof document.release === "string" ? document.release : undefined;
  } catch {
    return undefined;
  }
}

function referencesOf(page: EdgeAnswer): { readonly path: string; readonly integrity: string }[] {
  const tags = Buffer.from(page.body)
    .toString()
    .matchAll(/(?:src|href)="(?<path>[^"]+)" integrity="(?<integrity>[^"]+)"/g);
  return [...tags].map(({ groups }) => ({
    path: groups?.["path"] ?? "",
    integrity: groups?.["integrity"] ?? "",
  }));
}

function isPage({ headers }: EdgeAnswer): boolean {
  return headers["content-type"]?.startsWith("text/html") ?? false;
}

function integrityOf(body: Uint8Array): string {
  return `sha256-${createHash("sha256").update(body).digest("base64")}`;
}
