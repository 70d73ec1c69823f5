import { crc64nvme } from "./checksums.ts";
import { describeEncryption } from "./encryption.ts";
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
    WebsiteRedirectLocation: object.websiteRedirect,
    // STANDARD is never said (API reference, HeadObject, x-amz-storage-class).
    ...(object.storageClass === "STANDARD" ? {} : { StorageClass: object.storageClass }),
    ...(object.archiveTier === undefined ? {} : { ArchiveStatus: object.archiveTier }),
    ...describeEncryption(object.encryption),
    ...(versioned ? { VersionId: object.versionId } : {}),
    ...(tagCount > 0 ? { TagCount: tagCount } : {}),
    ...(withChecksums ? checksumsOf(object) : {}),
  };
}

/** S3 gives an object that came without a checksum a CRC64NVME of its own (user guide, "Checking object integrity"). */
function checksumsOf({ body, checksums }: ObjectVersion) {
  const own = Object.keys(checksums).length === 0;
  return {
    ...(own ? { ChecksumCRC64NVME: crc64nvme(body) } : checksums),
    ChecksumType: "FULL_OBJECT" as const,
  };
}
