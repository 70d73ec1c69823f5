import type { ObjectVersion } from "./stored-object.ts";

/** What HeadObject and GetObject say about an object; `VersionId` only once the bucket has had versioning. */
export function describeObject(object: ObjectVersion, versioned: boolean, withChecksums: boolean) {
  const { headers, tags } = object;
  const tagCount = Object.keys(tags).length;
  return {
    AcceptRanges: "bytes",
    ETag: object.etag,
    ContentLength: object.body.byteLength,
    LastModified: object.lastModified,
    ContentType: headers.contentType,
    CacheControl: headers.cacheControl,
    ContentEncoding: headers.contentEncoding,
    ContentDisposition: headers.contentDisposition,
    ContentLanguage: headers.contentLanguage,
    Metadata: { ...headers.metadata },
    // Every object is encrypted with S3 managed keys since January 2023 (user guide, "Setting default
    // encryption").
    ServerSideEncryption: "AES256" as const,
    ...(versioned ? { VersionId: object.versionId } : {}),
    ...(tagCount > 0 ? { TagCount: tagCount } : {}),
    ...(withChecksums ? object.checksums : {}),
  };
}
