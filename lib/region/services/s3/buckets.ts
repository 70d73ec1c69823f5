import type { Kernel } from "../../kernel/kernel.ts";
import type { RegionContext } from "../../region-context.ts";
import { AwsError, type Permission, type PolicyDocument, type Principal } from "../../service-model.ts";
import { Bucket } from "./bucket.ts";
import { keyUse } from "./encryption.ts";
import type { EtagConditions } from "./preconditions.ts";
import { s3Error } from "./s3-error.ts";

export interface BucketsOptions {
  /** The policy of a KMS key by its ARN; without it, only what a caller's own policies allow counts. */
  readonly keyPolicy?: (keyArn: string) => PolicyDocument | undefined;
  /**
   * Throws AwsError when the principal lacks a permission: `Identities.authorize`. With it, DeleteObjects is decided key
   * by key, as S3 does; without it, one forbidden key refuses the whole request.
   */
  readonly authorize?: Authorize;
}

export type Authorize = (principal: Principal, permissions: readonly Permission[]) => void;

/** The buckets of the region by name. */
export class Buckets {
  readonly context: RegionContext;
  readonly keyPolicy: (keyArn: string) => PolicyDocument | undefined;
  readonly authorize: Authorize | undefined;
  readonly #random: Kernel["random"];
  readonly #buckets = new Map<string, Bucket>();
  /** Objects, as `bucket/key`, whose next conditional write meets another one under way. */
  readonly #contended = new Set<string>();

  constructor(context: RegionContext, { keyPolicy = () => undefined, authorize }: BucketsOptions = {}) {
    this.context = context;
    this.authorize = authorize;
    this.keyPolicy = keyPolicy;
    this.#random = context.kernel.random.fork("s3");
  }

  /** For drills: the next conditional write to this key is answered with 409, as when somebody else writes just now. */
  contend(bucket: string, key: string): void {
    this.#contended.add(`${bucket}/${key}`);
  }

  /** Throws when somebody else writes the key at this moment and the request has a condition on it. */
  checkContention(
    bucket: string,
    key: string,
    { IfMatch: match, IfNoneMatch: noneMatch }: EtagConditions,
  ): void {
    if (match === undefined && noneMatch === undefined) return;
    if (this.#contended.delete(`${bucket}/${key}`)) throw s3Error.conditionalRequestConflict(key);
  }

  all(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string | undefined): Bucket | undefined {
    return this.#buckets.get(name ?? "");
  }

  /**
   * @param expectedOwner the account the caller says owns the bucket; another one is answered with
   * AccessDenied
   */
  get(name: string | undefined, expectedOwner?: string): Bucket {
    const bucket = this.find(name);
    if (bucket === undefined) throw s3Error.noSuchBucket(name ?? "");
    if (expectedOwner !== undefined && expectedOwner !== this.context.account) throw s3Error.accessDenied();
    return bucket;
  }

  create(name: string): Bucket {
    // User guide, "General purpose bucket naming rules".
    if (!/^(?=.{3,63}$)[a-z0-9](?:[a-z0-9-]|\.(?!\.))*[a-z0-9]$/.test(name)) {
      throw new AwsError("InvalidBucketName", "The specified bucket is not valid.", 400, {
        BucketName: name,
      });
    }
    if (this.#buckets.has(name)) {
      throw new AwsError(
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
        409,
      );
    }
    const bucket = new Bucket(this.context.kernel, this.#random, name);
    this.#buckets.set(name, bucket);
    this.context.kernel.log.write("s3", "bucket created", { bucket: name });
    return bucket;
  }

  /** A permission on the bucket itself, judged together with its policy. */
  onBucket(action: string, name: string | undefined, context: Permission["context"] = {}): Permission {
    return {
      action: `s3:${action}`,
      resource: `arn:aws:s3:::${name ?? ""}`,
      context,
      resourcePolicy: this.#policyOf(name),
    };
  }

  /** A permission on one object of the bucket. */
  onObject(
    action: string,
    name: string | undefined,
    key: string | undefined,
    context: Permission["context"] = {},
  ): Permission {
    return {
      action: `s3:${action}`,
      resource: `arn:aws:s3:::${name ?? ""}/${key ?? ""}`,
      context,
      resourcePolicy: this.#policyOf(name),
    };
  }

  /**
   * Reading an object. Without `s3:ListBucket` S3 answers AccessDenied instead of telling that a key does not
   * exist (API reference, GetObject, "Permissions"), so a missing key asks for that permission too.
   */
  reading(name: string | undefined, key: string | undefined, versionId: string | undefined): Permission[] {
    const versioned = versionId !== undefined;
    const read = this.onObject(
      versioned ? "GetObjectVersion" : "GetObject",
      name,
      key,
      versionContext(versionId),
    );
    const bucket = this.find(name);
    const stored = versioned ? bucket?.version(key ?? "", versionId) : bucket?.current(key ?? "");
    const missing = bucket !== undefined && !versioned && stored === undefined;
    const keyArn = stored?.kind === "object" ? stored.encryption.keyArn : undefined;
    return [
      read,
      ...(missing ? [this.onBucket("ListBucket", name)] : []),
      ...keyUse("kms:Decrypt", keyArn, this.keyPolicy),
    ];
  }

  #policyOf(name: string | undefined): PolicyDocument | undefined {
    return this.find(name)?.policy;
  }
}

export function versionContext(versionId: string | undefined): Record<string, string> {
  return versionId === undefined ? {} : { "s3:VersionId": versionId };
}
