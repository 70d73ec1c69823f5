/** The tags of an object, by key. */
export type Tags = Readonly<Record<string, string>>;

/** What a reader gets back besides the bytes; checksums are those that the writer sent and S3 verified. */
export interface ObjectHeaders {
  readonly contentType: string;
  readonly cacheControl: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly contentDisposition: string | undefined;
  readonly contentLanguage: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Checksums {
  readonly ChecksumCRC32?: string;
  readonly ChecksumSHA1?: string;
  readonly ChecksumSHA256?: string;
}

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
  /** Quoted MD5 of the body, as for every object that was put or copied whole and without KMS. */
  readonly etag: string;
  readonly headers: ObjectHeaders;
  readonly checksums: Checksums;
  tags: Tags;
}

export interface DeleteMarker extends Version {
  readonly kind: "delete marker";
}

export type StoredVersion = ObjectVersion | DeleteMarker;
