/** An object as CloudFront gets it from a bucket. */
export interface OriginObject {
  readonly key: string;
  readonly versionId: string;
  /** Quoted. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly body: Uint8Array;
  readonly headers: {
    readonly contentType: string;
    readonly cacheControl: string | undefined;
    readonly metadata: Readonly<Record<string, string>>;
  };
}

export type OriginAnswer =
  | { readonly status: 200; readonly object: OriginObject }
  | { readonly status: 403 | 404; readonly object: undefined };

/** What CloudFront needs of the rest of the region; functions, so that they may be bound late. */
export interface CloudFrontOptions {
  /** Reads an object as the distribution with this ARN, which the bucket's policy must let in. */
  readonly readOrigin: (distributionArn: string, bucket: string, key: string) => OriginAnswer;
  /** The key value store with this ARN as an edge location sees it now; undefined when there is none. */
  readonly storeAtEdge?: (storeArn: string, edge: string) => ReadonlyMap<string, string> | undefined;
  /** @default three on three continents */
  readonly edges?: readonly string[];
}

export interface SecondsRange {
  readonly from: number;
  readonly to: number;
}

/** How fast changes travel; drills make it slower. Every edge location gets a change at its own time. */
export interface Pace {
  /**
   * From an update until one edge location follows it. AWS publishes no bound: "minutes", 3 to 15 until Deployed
   * (docs/facts/frontend-secrets-config.md §A.0, docs/facts/performance-reliability.md).
   */
  configuration: SecondsRange;
  /** From the moment that the last edge location follows until `Deployed` is said. */
  confirmation: SecondsRange;
  /** From CreateInvalidation until one edge location has dropped the objects: 5 to 300 s (the same sheet). */
  invalidation: SecondsRange;
}

export function usualPace(): Pace {
  return {
    configuration: { from: 30, to: 420 },
    confirmation: { from: 60, to: 180 },
    invalidation: { from: 5, to: 90 },
  };
}
