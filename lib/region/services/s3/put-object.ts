import * as s3 from "@aws-sdk/client-s3";
import type { ServiceModel } from "../../service-model.ts";
import type { Buckets } from "./buckets.ts";
import { verifiedChecksums } from "./checksums.ts";
import { describeEncryption, encryptionOf, keyUse } from "./encryption.ts";
import { checkWrite } from "./preconditions.ts";
import { s3Error } from "./s3-error.ts";
import { type ObjectHeaders, STORAGE_CLASSES, type StorageClass } from "./stored-object.ts";
import { tagsFromHeader } from "./tag-set.ts";

/** PutObject. Multipart uploads are not modelled. */
export function addPutObject(service: ServiceModel, buckets: Buckets): ServiceModel {
  return service.on(s3.PutObjectCommand, {
    accepts: [
      ...["Bucket", "Key", "Body", "ContentType", "CacheControl", "ContentEncoding", "ContentDisposition"],
      ...["ContentLanguage", "ContentLength", "Metadata", "Tagging", "IfMatch", "IfNoneMatch", "ContentMD5"],
      ...["ChecksumAlgorithm", "ChecksumCRC32", "ChecksumSHA1", "ChecksumSHA256"],
      ...["ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled", "StorageClass"],
      ...["WebsiteRedirectLocation", "ExpectedBucketOwner"],
    ],
    // `If-Match` needs s3:GetObject as well (user guide, "How to prevent object overwrites with conditional
    // writes").
    authorize: (input) => [
      buckets.onObject("PutObject", input.Bucket, input.Key, conditionContext(input)),
      ...(input.IfMatch === undefined ? [] : [buckets.onObject("GetObject", input.Bucket, input.Key)]),
      ...(input.Tagging === undefined ? [] : [buckets.onObject("PutObjectTagging", input.Bucket, input.Key)]),
      ...keyUse("kms:GenerateDataKey", input.SSEKMSKeyId, buckets.keyPolicy),
    ],
    handle: (input) => {
      const bucket = buckets.get(input.Bucket, input.ExpectedBucketOwner);
      const key = input.Key ?? "";
      const encryption = encryptionOf(input);
      const body = bytesOf(input.Body);
      const checksums = verifiedChecksums(body, input);
      buckets.checkContention(bucket.name, key, input);
      checkWrite(bucket.current(key), key, input);
      const object = bucket.put(key, {
        body,
        checksums,
        headers: headersOf(input),
        tags: tagsFromHeader(input.Tagging),
        encryption,
        storageClass: storageClassOf(input.StorageClass),
        websiteRedirect: input.WebsiteRedirectLocation,
      });
      buckets.context.kernel.log.write("s3", "object put", {
        bucket: bucket.name,
        key,
        version: object.versionId,
      });
      return {
        ETag: object.etag,
        ...describeEncryption(encryption),
        ...(bucket.versioning === "Enabled" ? { VersionId: object.versionId } : {}),
        ...checksums,
      };
    },
  });
}

/** The condition keys with which a policy can force conditional writes. */
export function conditionContext(input: {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}): Record<string, string> {
  return {
    ...(input.IfMatch === undefined ? {} : { "s3:if-match": input.IfMatch }),
    ...(input.IfNoneMatch === undefined ? {} : { "s3:if-none-match": input.IfNoneMatch }),
  };
}

export function headersOf(input: {
  readonly ContentType?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly Metadata?: Readonly<Record<string, string>> | undefined;
}): ObjectHeaders {
  return {
    contentType: input.ContentType ?? "binary/octet-stream",
    cacheControl: input.CacheControl,
    contentEncoding: input.ContentEncoding,
    contentDisposition: input.ContentDisposition,
    contentLanguage: input.ContentLanguage,
    metadata: { ...input.Metadata },
  };
}

export function storageClassOf(name: string = "STANDARD"): StorageClass {
  const known = STORAGE_CLASSES.find((storageClass) => storageClass === name);
  if (known === undefined) throw s3Error.notImplemented(`the storage class ${name}`);
  return known;
}

/** The wire layer decodes a body to bytes; a caller inside the region may pass text. */
function bytesOf(body: s3.PutObjectCommandInput["Body"]): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  if (typeof body === "string") return Buffer.from(body);
  throw s3Error.notImplemented("a body that is neither bytes nor text");
}
