import type { DistributionConfig } from "@aws-sdk/client-cloudfront";
import type { Kernel } from "../../kernel/kernel.ts";
import { behaviourFor, viewerFunctionOf } from "./behaviour.ts";
import { cachePolicyOf, timeToLive } from "./cache-policy.ts";
import type { CloudFrontOptions, OriginObject } from "./cloudfront-options.ts";
import type { EdgeFunction, FunctionAnswer } from "./edge-functions.ts";
import { type Invalidated, invalidates } from "./invalidation-path.ts";
import { originOf } from "./origin.ts";

/** What an edge location answers; `object` says where the body came from. */
export interface EdgeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly object:
    | { readonly bucket: string; readonly key: string; readonly versionId: string; readonly etag: string }
    | undefined;
}

interface Cached extends Invalidated {
  readonly answer: EdgeAnswer;
  /** What `x-cache` says when it is served from here: a page that stands in for an error stays an error. */
  readonly served: "Hit" | "Error";
  /** Epoch milliseconds. */
  readonly storedAt: number;
  readonly lifetimeSeconds: number;
}

export interface EdgeSurroundings {
  readonly kernel: Kernel;
  readonly distributionArn: string;
  readonly readOrigin: CloudFrontOptions["readOrigin"];
  readonly storeAtEdge: NonNullable<CloudFrontOptions["storeAtEdge"]>;
  readonly functionOf: (arn: string) => EdgeFunction | undefined;
}

/** One edge location of one distribution: it has the configuration that has reached it, and a cache of its own. */
export class EdgeLocation {
  readonly name: string;
  config: DistributionConfig;
  /** The number of the update that it follows. */
  generation: number;
  readonly #around: EdgeSurroundings;
  readonly #cache = new Map<string, Cached>();

  constructor(name: string, config: DistributionConfig, generation: number, around: EdgeSurroundings) {
    this.name = name;
    this.config = config;
    this.generation = generation;
    this.#around = around;
  }

  /**
   * Answers a viewer. The behaviour is that of the URI as the viewer wrote it, the cache key that of the URI as the
   * function left it (docs/facts/frontend-secrets-config.md §A.2); neither the origin path nor the query is part of it
   * (§A.1).
   */
  request(uri: string): EdgeAnswer {
    // What a disabled distribution answers is unverified; it serves nothing.
    if (this.config.Enabled === false) return this.#refusal(403);
    const outcome = this.#viewerFunction(uri);
    if ("uri" in outcome) return this.#answer(uri, outcome.uri);
    const { status, headers, body } = outcome;
    return {
      status,
      headers: this.#marked(headers, "FunctionGeneratedResponse"),
      body: Buffer.from(body),
      object: undefined,
    };
  }

  /** Whether the viewer function answers by itself, so that the request gets no further. */
  turnsAway(uri: string): boolean {
    return "status" in this.#viewerFunction(uri);
  }

  #viewerFunction(uri: string): FunctionAnswer {
    const behaviour = behaviourFor(this.config, uri);
    const functionArn = behaviour && viewerFunctionOf(behaviour);
    const edgeFunction = functionArn === undefined ? undefined : this.#around.functionOf(functionArn);
    if (edgeFunction === undefined) return { uri };
    const { storeAtEdge } = this.#around;
    const values =
      edgeFunction.storeArn === undefined ? undefined : storeAtEdge(edgeFunction.storeArn, this.name);
    return edgeFunction.code(uri, values ?? new Map());
  }

  /** Drops what the paths and tags of an invalidation mean. */
  purge(paths: readonly string[]): void {
    for (const [key, cached] of this.#cache) {
      if (paths.some((path) => invalidates(path, cached))) this.#cache.delete(key);
    }
  }

  /**
   * @param asked decides the behaviour
   * @param uri the cache key
   * @param forError whether this is the page that stands in for an error: it has no such page itself
   */
  #answer(asked: string, uri: string, forError = false): EdgeAnswer {
    const cached = this.#cache.get(uri);
    const ageSeconds = cached && Math.floor((this.#around.kernel.now - cached.storedAt) / 1_000);
    if (cached && ageSeconds !== undefined && ageSeconds < cached.lifetimeSeconds) {
      const { answer, served } = cached;
      return { ...answer, headers: { ...this.#marked(answer.headers, served), age: String(ageSeconds) } };
    }
    return this.#fetch(asked, uri, cached, forError);
  }

  #fetch(asked: string, uri: string, stale: Cached | undefined, forError: boolean): EdgeAnswer {
    const behaviour = behaviourFor(this.config, asked);
    const policy = behaviour && cachePolicyOf(behaviour);
    if (!behaviour || !policy) throw new Error(`No cache behaviour of the distribution fits ${asked}`);
    const { bucket, originPath } = originOf(this.config, behaviour);
    const root = uri === "/" ? `/${this.config.DefaultRootObject ?? ""}` : uri;
    const key = decodedKey(`${originPath}${root}`);
    const { status, object } = this.#around.readOrigin(this.#around.distributionArn, bucket, key);
    if (object === undefined) return this.#fail(uri, status, forError);
    const lifetimeSeconds = timeToLive(object.headers.cacheControl, policy);
    const answer = answerOf(bucket, object);
    const tagHeader = this.config.CacheTagConfig?.HeaderName?.toLowerCase();
    const tags = (answer.headers[tagHeader ?? ""] ?? "").split(",").map((tag) => tag.trim().toLowerCase());
    if (lifetimeSeconds === 0) this.#cache.delete(uri);
    else this.#keep({ uri, tags, answer, served: "Hit", lifetimeSeconds });
    const unchanged = stale?.answer.object?.etag === object.etag;
    return { ...answer, headers: this.#marked(answer.headers, unchanged ? "RefreshHit" : "Miss") };
  }

  /** Errors are kept for 10 s unless told (docs/facts/frontend-secrets-config.md §A.8); a page may stand in for them. */
  #fail(uri: string, status: number, forError: boolean): EdgeAnswer {
    const custom = this.config.CustomErrorResponses?.Items?.find(({ ErrorCode }) => ErrorCode === status);
    const page = custom?.ResponsePagePath;
    const shown = page === undefined || page === "" || forError ? undefined : this.#answer(page, page, true);
    const answer: EdgeAnswer =
      shown === undefined || shown.status >= 400
        ? this.#refusal(status)
        : { ...shown, status: Number(custom?.ResponseCode || status) };
    const lifetimeSeconds = custom?.ErrorCachingMinTTL ?? 10;
    this.#keep({ uri, tags: [], answer, served: "Error", lifetimeSeconds });
    return { ...answer, headers: this.#marked(answer.headers, "Error") };
  }

  #keep(cached: Omit<Cached, "storedAt">): void {
    this.#cache.set(cached.uri, { ...cached, storedAt: this.#around.kernel.now });
  }

  #refusal(status: number): EdgeAnswer {
    const headers = this.#marked({ "content-type": "application/xml" }, "Error");
    return { status, headers, body: errorBody(status), object: undefined };
  }

  /** Names of the headers: docs/facts/frontend-secrets-config.md §A.8, point 3, where they are unverified. */
  #marked(headers: Readonly<Record<string, string>>, result: string): Record<string, string> {
    return {
      ...headers,
      "x-cache": `${result} from cloudfront`,
      "x-amz-cf-pop": this.name,
      date: this.#around.kernel.date().toUTCString(),
    };
  }
}

function answerOf(
  bucket: string,
  { key, versionId, etag, lastModified, body, headers }: OriginObject,
): EdgeAnswer {
  const metadata = Object.entries(headers.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  return {
    status: 200,
    headers: {
      ...Object.fromEntries(metadata),
      "content-type": headers.contentType,
      "content-length": String(body.byteLength),
      ...(headers.cacheControl === undefined ? {} : { "cache-control": headers.cacheControl }),
      etag,
      "last-modified": lastModified.toUTCString(),
      ...(versionId === "null" ? {} : { "x-amz-version-id": versionId }),
    },
    body,
    object: { bucket, key, versionId, etag },
  };
}

function decodedKey(path: string): string {
  try {
    return decodeURIComponent(path.replace(/^\//, ""));
  } catch {
    return path.replace(/^\//, "");
  }
}

function errorBody(status: number): Uint8Array {
  const code = status === 404 ? "NoSuchKey" : "AccessDenied";
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`);
}
