import type { Encryption } from "./encryption.ts";

/** The tags of an object, by key. */
export type Tags = Readonly<Record<string, string>>;

/** What a reader gets back besides the bytes. */
export interface ObjectHeaders {
  readonly contentType: string;
  readonly cacheControl: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly contentDisposition: string | undefined;
  readonly contentLanguage: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The checksums that the writer sent and S3 verified. */
export interface Checksums {
  readonly ChecksumCRC32?: string;
  readonly ChecksumSHA1?: string;
  readonly ChecksumSHA256?: string;
}

/** The storage classes that the model knows: those that can be read at once, and those that cannot. */
export const STORAGE_CLASSES = [
  "STANDARD",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER_IR",
  "GLACIER",
  "DEEP_ARCHIVE",
] as const;

export type StorageClass = (typeof STORAGE_CLASSES)[number];

interface Version {
  readonly key: string;
  /** `null` for what was written while versioning was not enabled. */
  readonly versionId: string;
  /** Whole seconds: S3 gives no finer ones. */
  readonly lastModified: Date;
}

export interface ObjectVersion extends Version {
  readonly kind: "object";
  readonly body: Uint8Array;
  /** Quoted MD5 of the body, as for every object that was put or copied whole; with KMS it is anything but that. */
  readonly etag: string;
  readonly headers: ObjectHeaders;
  readonly checksums: Checksums;
  /** `x-amz-website-redirect-location`; a copy does not take it along. */
  readonly websiteRedirect: string | undefined;
  readonly encryption: Encryption;
  storageClass: StorageClass;
  /** The archive tier that Intelligent-Tiering moved it to; no listing shows it. */
  archiveTier: "ARCHIVE_ACCESS" | "DEEP_ARCHIVE_ACCESS" | undefined;
  tags: Tags;
}

export interface DeleteMarker extends Version {
  readonly kind: "delete marker";
}

export type StoredVersion = ObjectVersion | DeleteMarker;
