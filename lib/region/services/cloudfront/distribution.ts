import type { DistributionConfig, InvalidationBatch } from "@aws-sdk/client-cloudfront";
import type { Kernel } from "../../kernel/kernel.ts";
import type { Random } from "../../kernel/random.ts";
import { AwsError } from "../../service-model.ts";
import type { Pace, SecondsRange } from "./cloudfront-options.ts";
import { EdgeLocation, type EdgeSurroundings } from "./edge-location.ts";
import { Invalidations } from "./invalidations.ts";

export interface DistributionIdentity {
  readonly id: string;
  readonly arn: string;
  readonly domainName: string;
}

/**
 * One distribution: what its owner last asked for, and the edge locations, which follow one by one. Until the last of
 * them has, nobody can tell which configuration a viewer is served by
 * (docs/facts/frontend-secrets-config.md §A.0, row 1).
 */
export class Distribution {
  readonly identity: DistributionIdentity;
  readonly edges: readonly EdgeLocation[];
  readonly invalidations: Invalidations;
  lastModified: Date;
  readonly #kernel: Kernel;
  readonly #random: Random;
  readonly #pace: Pace;
  readonly #formerEtags = new Set<string>();
  #config: DistributionConfig;
  #etag: string;
  #generation = 0;
  #deployedGeneration = 0;

  /** A new distribution is deployed already: drills begin where a team has one in use. */
  constructor(
    identity: DistributionIdentity,
    config: DistributionConfig,
    edges: readonly string[],
    world: Omit<EdgeSurroundings, "distributionArn"> & { readonly random: Random; readonly pace: Pace },
  ) {
    this.identity = identity;
    this.#kernel = world.kernel;
    this.#random = world.random;
    this.#pace = world.pace;
    this.#config = config;
    this.#etag = this.#newEtag();
    this.lastModified = world.kernel.date();
    const around = { ...world, distributionArn: identity.arn };
    this.edges = edges.map((name) => new EdgeLocation(name, config, 0, around));
    this.invalidations = new Invalidations(world.kernel, world.random, identity.id);
  }

  get config(): DistributionConfig {
    return this.#config;
  }

  get etag(): string {
    return this.#etag;
  }

  get status(): "InProgress" | "Deployed" {
    return this.#deployedGeneration === this.#generation ? "Deployed" : "InProgress";
  }

  /**
   * A missing or unknown version is InvalidIfMatchVersion, one that was true once is PreconditionFailed
   * (docs/facts/frontend-secrets-config.md §A.1).
   */
  checkVersion(ifMatch: string | undefined): void {
    if (ifMatch === this.#etag) return;
    if (ifMatch !== undefined && this.#formerEtags.has(ifMatch)) {
      throw new AwsError(
        "PreconditionFailed",
        "The request failed because it didn't meet the preconditions in one or more request-header fields.",
      );
    }
    throw new AwsError(
      "InvalidIfMatchVersion",
      "The If-Match version is missing or not valid for the resource.",
    );
  }

  /** Replaces the whole configuration; whether an equal one moves the ETag too is unverified, and here it does. */
  update(config: DistributionConfig): void {
    this.#formerEtags.add(this.#etag);
    this.#etag = this.#newEtag();
    this.#config = config;
    this.lastModified = this.#kernel.date();
    this.#generation++;
    this.#spread(config, this.#generation);
  }

  invalidate(batch: InvalidationBatch) {
    return this.invalidations.create(batch, this.#config.CacheTagConfig !== undefined, (paths) =>
      this.edges.map((edge) => ({
        afterMs: this.#draw(this.#pace.invalidation),
        purge: () => edge.purge(paths),
      })),
    );
  }

  #spread(config: DistributionConfig, generation: number): void {
    const delays = this.edges.map((edge) => {
      const afterMs = this.#draw(this.#pace.configuration);
      this.#kernel.schedule(afterMs, () => {
        // A later update may have overtaken this one on its way.
        if (edge.generation > generation) return;
        edge.config = config;
        edge.generation = generation;
        this.#log("edge location follows", { edge: edge.name });
      });
      return afterMs;
    });
    this.#kernel.schedule(Math.max(0, ...delays) + this.#draw(this.#pace.confirmation), () => {
      this.#deployedGeneration = Math.max(this.#deployedGeneration, generation);
      if (this.status === "Deployed") this.#log("distribution deployed", {});
    });
  }

  #draw({ from, to }: SecondsRange): number {
    return Math.round(this.#random.between(from, to) * 1_000);
  }

  #newEtag(): string {
    return `E${this.#random.hex(13).toUpperCase()}`;
  }

  #log(event: string, facts: Readonly<Record<string, unknown>>): void {
    this.#kernel.log.write("cloudfront", event, { distribution: this.identity.id, ...facts });
  }
}
