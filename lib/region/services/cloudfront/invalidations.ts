import type { Invalidation, InvalidationBatch } from "@aws-sdk/client-cloudfront";
import type { Kernel } from "../../kernel/kernel.ts";
import type { Random } from "../../kernel/random.ts";
import { AwsError } from "../../service-model.ts";
import { checkQuantities, invalidArgument } from "./distribution-config.ts";
import { checkInvalidationItem } from "./invalidation-path.ts";

interface Running {
  readonly id: string;
  readonly createTime: Date;
  readonly batch: InvalidationBatch;
  readonly paths: readonly string[];
  completed: boolean;
}

/** What one edge location will do, and when. */
export interface Purge {
  readonly afterMs: number;
  readonly purge: () => void;
}

/** The invalidations of one distribution. They cannot be cancelled, and what is refilled meanwhile may be dropped too. */
export class Invalidations {
  readonly #kernel: Kernel;
  readonly #random: Random;
  readonly #distributionId: string;
  readonly #all = new Map<string, Running>();

  constructor(kernel: Kernel, random: Random, distributionId: string) {
    this.#kernel = kernel;
    this.#random = random;
    this.#distributionId = distributionId;
  }

  get inProgress(): number {
    return this.#running().length;
  }

  /**
   * The same reference with the same paths is answered with the invalidation that there is; with other paths it is an
   * error that the SDK does not model (docs/facts/frontend-secrets-config.md §A.6).
   */
  create(
    batch: InvalidationBatch,
    readsTags: boolean,
    plan: (paths: readonly string[]) => readonly Purge[],
  ): Invalidation {
    checkQuantities(batch);
    const paths = batch.Paths?.Items ?? [];
    if (paths.length === 0) throw invalidArgument("The parameter Paths is required.");
    for (const path of paths) checkInvalidationItem(path, readsTags);
    const earlier = [...this.#all.values()].find(
      (one) => one.batch.CallerReference === batch.CallerReference,
    );
    if (earlier !== undefined) {
      if (JSON.stringify(earlier.paths) === JSON.stringify(paths)) return described(earlier);
      throw new AwsError(
        "InvalidationBatchAlreadyExists",
        "You specified a CallerReference that was used before, with other paths.",
        400,
      );
    }
    this.#checkQuota(paths);
    return described(this.#start(batch, paths, plan(paths)));
  }

  get(id: string): Invalidation {
    const found = this.#all.get(id);
    if (found === undefined) {
      throw new AwsError("NoSuchInvalidation", "The specified invalidation does not exist.");
    }
    return described(found);
  }

  #start(batch: InvalidationBatch, paths: readonly string[], purges: readonly Purge[]): Running {
    const id = `I${this.#random.hex(20).toUpperCase()}`;
    const created = { id, createTime: this.#kernel.date(), batch, paths, completed: false };
    this.#all.set(id, created);
    this.#log("invalidation created", created);
    for (const { afterMs, purge } of purges) this.#kernel.schedule(afterMs, purge);
    // Completed is said a moment after the last edge location has dropped the objects.
    this.#kernel.schedule(Math.max(0, ...purges.map(({ afterMs }) => afterMs)) + 2_000, () => {
      created.completed = true;
      this.#log("invalidation completed", created);
    });
    return created;
  }

  /**
   * 3,000 files and 15 wildcard paths in progress, independent of each other (docs/facts/frontend-secrets-config.md
   * §A.6). Which error stands for a batch that alone is above the quota is unverified; tags count as files, which is
   * unverified too.
   */
  #checkQuota(paths: readonly string[]): void {
    if (paths.length > 3_000)
      throw new AwsError("BatchTooLarge", "Invalidation batch specified is too large.");
    const all = [...paths, ...this.#running().flatMap((one) => one.paths)];
    const wildcards = all.filter((path) => path.endsWith("*")).length;
    if (wildcards <= 15 && all.length - wildcards <= 3_000) return;
    throw new AwsError(
      "TooManyInvalidationsInProgress",
      "Processing your request will cause you to exceed the maximum number of in-progress invalidations.",
    );
  }

  #running(): Running[] {
    return [...this.#all.values()].filter(({ completed }) => !completed);
  }

  #log(event: string, { id, paths }: Running): void {
    const facts = { distribution: this.#distributionId, id, paths: paths.length };
    this.#kernel.log.write("cloudfront", event, facts);
  }
}

function described({ id, createTime, batch, completed }: Running): Invalidation {
  return {
    Id: id,
    Status: completed ? "Completed" : "InProgress",
    CreateTime: createTime,
    InvalidationBatch: batch,
  };
}
