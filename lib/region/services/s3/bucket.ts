import { createHash } from "node:crypto";
import type { Kernel } from "../../kernel/kernel.ts";
import type { PolicyDocument } from "../../service-model.ts";
import { type Encryption, S3_MANAGED } from "./encryption.ts";
import { s3Error } from "./s3-error.ts";
import { SortedKeys } from "./sorted-keys.ts";
import type {
  Checksums,
  DeleteMarker,
  ObjectHeaders,
  ObjectVersion,
  StorageClass,
  StoredVersion,
  Tags,
} from "./stored-object.ts";

export type Versioning = "Enabled" | "Suspended" | undefined;

export interface NewObject {
  readonly body: Uint8Array;
  readonly headers: ObjectHeaders;
  readonly checksums: Checksums;
  readonly tags: Tags;
  /** @default S3's own keys */
  readonly encryption?: Encryption;
  /** @default STANDARD */
  readonly storageClass?: StorageClass;
  readonly websiteRedirect?: string | undefined;
}

/**
 * One bucket: every version of every key. Reads, writes and lists are strongly consistent, as in S3 since
 * 2020 (user guide, "Amazon S3 data consistency model").
 */
export class Bucket {
  readonly name: string;
  readonly createdAt: Date;
  versioning: Versioning;
  policy: PolicyDocument | undefined;
  readonly #kernel: Kernel;
  readonly #random: Kernel["random"];
  /** Newest first. */
  readonly #versions = new Map<string, StoredVersion[]>();
  readonly #keys = new SortedKeys();

  constructor(kernel: Kernel, random: Kernel["random"], name: string) {
    this.name = name;
    this.createdAt = kernel.date();
    this.#kernel = kernel;
    this.#random = random;
  }

  get arn(): string {
    return `arn:aws:s3:::${this.name}`;
  }

  /** The keys that have versions, in the order of their UTF-8 bytes, from the first one that is not before `start`. */
  keys(start = ""): Iterable<string> {
    return this.#keys.from(start, (key) => this.#versions.has(key));
  }

  /** Newest first. */
  versionsOf(key: string): readonly StoredVersion[] {
    return this.#versions.get(key) ?? [];
  }

  /** The current object; undefined when there is none or a delete marker hides it. */
  current(key: string): ObjectVersion | undefined {
    const [newest] = this.versionsOf(key);
    return newest?.kind === "object" ? newest : undefined;
  }

  version(key: string, versionId: string): StoredVersion | undefined {
    return this.versionsOf(key).find((version) => version.versionId === versionId);
  }

  /**
   * The object a request means: a given version or the current one. Throws what GetObject answers otherwise.
   */
  object(key: string, versionId: string | undefined): ObjectVersion {
    if (versionId === undefined) {
      const current = this.current(key);
      if (current === undefined) throw s3Error.noSuchKey(key);
      return current;
    }
    const version = this.version(key, versionId);
    if (version === undefined) throw s3Error.noSuchVersion(key, versionId);
    if (version.kind === "delete marker") throw s3Error.methodNotAllowed();
    return version;
  }

  /**
   * Adds a version, or replaces the `null` version unless versioning is enabled.
   *
   * @param at when it is written, epoch milliseconds; another time than now is for installing what was there before
   */
  put(key: string, object: NewObject, at = this.#kernel.now): ObjectVersion {
    if (Buffer.byteLength(key) > 1_024) {
      throw s3Error.invalidRequest("Your key is too long");
    }
    const { encryption = S3_MANAGED } = object;
    const { body, md5 } = content(object.body);
    // With KMS an ETag is no MD5 (docs/facts/frontend-secrets-config.md §A.3): two objects alike differ in it.
    const etag = encryption.algorithm === "AES256" ? md5 : this.#random.hex(32);
    const version: ObjectVersion = {
      ...this.#stamp(key, at),
      kind: "object",
      body,
      etag: `"${etag}"`,
      headers: object.headers,
      checksums: object.checksums,
      tags: object.tags,
      encryption,
      storageClass: object.storageClass ?? "STANDARD",
      archiveTier: undefined,
      websiteRedirect: object.websiteRedirect,
    };
    this.#add(version);
    return version;
  }

  /** Hides the key under a delete marker; without versioning the object is gone and there is no marker. */
  delete(key: string): DeleteMarker | undefined {
    if (this.versioning === undefined) {
      this.#versions.delete(key);
      return undefined;
    }
    const marker: DeleteMarker = { ...this.#stamp(key, this.#kernel.now), kind: "delete marker" };
    this.#add(marker);
    return marker;
  }

  /** Destroys one version for good; undefined when there is none, which S3 does not mind. */
  deleteVersion(key: string, versionId: string): StoredVersion | undefined {
    const version = this.version(key, versionId);
    if (version !== undefined) this.#keepOnly(key, (other) => other !== version);
    return version;
  }

  #stamp(key: string, at: number) {
    const versionId = this.versioning === "Enabled" ? this.#random.hex(32) : "null";
    return { key, versionId, lastModified: new Date(Math.floor(at / 1_000) * 1_000) };
  }

  #add(version: StoredVersion): void {
    if (version.versionId === "null") this.#keepOnly(version.key, (other) => other.versionId !== "null");
    this.#keys.add(version.key);
    this.#versions.set(version.key, [version, ...this.versionsOf(version.key)]);
  }

  #keepOnly(key: string, wanted: (version: StoredVersion) => boolean): void {
    const kept = this.versionsOf(key).filter(wanted);
    if (kept.length === 0) this.#versions.delete(key);
    else this.#versions.set(key, kept);
  }
}

/** MD5 of the bytes that buckets hold. They are never changed, so copies of an object share them. */
const held = new WeakMap<Uint8Array, string>();

function content(given: Uint8Array): { readonly body: Uint8Array; readonly md5: string } {
  const known = held.get(given);
  if (known !== undefined) return { body: given, md5: known };
  const body = new Uint8Array(given);
  const md5 = createHash("md5").update(body).digest("hex");
  held.set(body, md5);
  return { body, md5 };
}
