import type { Kernel } from "../../kernel/kernel.ts";
import type { RegionContext } from "../../region-context.ts";
import { AwsError, type Permission, type PolicyDocument } from "../../service-model.ts";
import { Bucket } from "./bucket.ts";
import { s3Error } from "./s3-error.ts";

/** The buckets of the region by name. */
export class Buckets {
  readonly context: RegionContext;
  readonly #random: Kernel["random"];
  readonly #buckets = new Map<string, Bucket>();

  constructor(context: RegionContext) {
    this.context = context;
    this.#random = context.kernel.random.fork("s3");
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
    const missing = bucket !== undefined && !versioned && bucket.current(key ?? "") === undefined;
    return missing ? [read, this.onBucket("ListBucket", name)] : [read];
  }

  #policyOf(name: string | undefined): PolicyDocument | undefined {
    return this.find(name)?.policy;
  }
}

export function versionContext(versionId: string | undefined): Record<string, string> {
  return versionId === undefined ? {} : { "s3:VersionId": versionId };
}
