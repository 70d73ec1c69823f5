import * as s3 from "@aws-sdk/client-s3";
import type { ServiceModel } from "../../service-model.ts";
import type { Bucket } from "./bucket.ts";
import { type Buckets, versionContext } from "./buckets.ts";
import { verifiedChecksums } from "./checksums.ts";
import { describeObject } from "./object-output.ts";
import { checkRead, checkWrite } from "./preconditions.ts";
import { s3Error } from "./s3-error.ts";
import type { ObjectHeaders, ObjectVersion } from "./stored-object.ts";
import { tagSet, tagsFromHeader, tagsFromSet } from "./tag-set.ts";

const READ = ["Bucket", "Key", "VersionId", "IfMatch", "IfNoneMatch", "ChecksumMode", "ExpectedBucketOwner"];

/** Writing, reading and tagging single objects. Multipart uploads, ranges and KMS are not modelled. */
export function addObjectOperations(service: ServiceModel, buckets: Buckets): ServiceModel {
  addPutObject(service, buckets)
    .on(s3.GetObjectCommand, {
      accepts: READ,
      authorize: (input) => buckets.reading(input.Bucket, input.Key, input.VersionId),
      handle: (input) => {
        const bucket = buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const object = bucket.object(input.Key ?? "", input.VersionId);
        checkRead(object, input);
        return { ...describe(bucket, object, input), Body: asStream(object.body.slice()) };
      },
    })
    .on(s3.HeadObjectCommand, {
      accepts: READ,
      authorize: (input) => buckets.reading(input.Bucket, input.Key, input.VersionId),
      handle: (input) => {
        const bucket = buckets.find(input.Bucket);
        const key = input.Key ?? "";
        if (bucket === undefined) throw s3Error.notFound();
        const stored =
          input.VersionId === undefined ? bucket.current(key) : bucket.version(key, input.VersionId);
        if (stored === undefined) throw s3Error.notFound();
        const object = buckets.get(input.Bucket, input.ExpectedBucketOwner).object(key, input.VersionId);
        checkRead(object, input);
        return describe(bucket, object, input);
      },
    });
  return addTagging(service, buckets);
}

function addPutObject(service: ServiceModel, buckets: Buckets): ServiceModel {
  return service.on(s3.PutObjectCommand, {
    accepts: [
      ...["Bucket", "Key", "Body", "ContentType", "CacheControl", "ContentEncoding", "ContentDisposition"],
      ...["ContentLanguage", "ContentLength", "Metadata", "Tagging", "IfMatch", "IfNoneMatch", "ContentMD5"],
      ...["ChecksumAlgorithm", "ChecksumCRC32", "ChecksumSHA1", "ChecksumSHA256"],
      ...["ServerSideEncryption", "ExpectedBucketOwner"],
    ],
    // `If-Match` needs s3:GetObject as well (user guide, "How to prevent object overwrites with conditional
    // writes").
    authorize: (input) => [
      buckets.onObject("PutObject", input.Bucket, input.Key, conditionContext(input)),
      ...(input.IfMatch === undefined ? [] : [buckets.onObject("GetObject", input.Bucket, input.Key)]),
      ...(input.Tagging === undefined ? [] : [buckets.onObject("PutObjectTagging", input.Bucket, input.Key)]),
    ],
    handle: (input) => {
      const bucket = buckets.get(input.Bucket, input.ExpectedBucketOwner);
      const key = input.Key ?? "";
      refuseKms(input.ServerSideEncryption);
      const body = bytesOf(input.Body);
      const checksums = verifiedChecksums(body, input);
      checkWrite(bucket.current(key), key, input);
      const object = bucket.put(key, {
        body,
        checksums,
        headers: headersOf(input),
        tags: tagsFromHeader(input.Tagging),
      });
      buckets.context.kernel.log.write("s3", "object put", {
        bucket: bucket.name,
        key,
        version: object.versionId,
      });
      return {
        ETag: object.etag,
        ServerSideEncryption: "AES256" as const,
        ...(bucket.versioning === "Enabled" ? { VersionId: object.versionId } : {}),
        ...checksums,
      };
    },
  });
}

function addTagging(service: ServiceModel, buckets: Buckets): ServiceModel {
  return service
    .on(s3.GetObjectTaggingCommand, {
      accepts: ["Bucket", "Key", "VersionId", "ExpectedBucketOwner"],
      authorize: ({ Bucket: bucket, Key: key, VersionId: version }) => [
        buckets.onObject(taggingAction("Get", version), bucket, key, versionContext(version)),
      ],
      handle: (input) => {
        const bucket = buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const object = bucket.object(input.Key ?? "", input.VersionId);
        return { TagSet: tagSet(object.tags), ...versionOf(bucket, object) };
      },
    })
    .on(s3.PutObjectTaggingCommand, {
      accepts: [
        "Bucket",
        "Key",
        "VersionId",
        "Tagging",
        "ContentMD5",
        "ChecksumAlgorithm",
        "ExpectedBucketOwner",
      ],
      authorize: ({ Bucket: bucket, Key: key, VersionId: version }) => [
        buckets.onObject(taggingAction("Put", version), bucket, key, versionContext(version)),
      ],
      handle: (input) => {
        const bucket = buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const object = bucket.object(input.Key ?? "", input.VersionId);
        object.tags = tagsFromSet(input.Tagging?.TagSet ?? []);
        return versionOf(bucket, object);
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

export function refuseKms(encryption: string | undefined): void {
  if (encryption !== undefined && encryption !== "AES256") {
    throw s3Error.notImplemented(`x-amz-server-side-encryption ${encryption}`);
  }
}

function describe(
  bucket: Bucket,
  object: ObjectVersion,
  input: { readonly ChecksumMode?: string | undefined },
) {
  return describeObject(object, bucket.versioning !== undefined, input.ChecksumMode === "ENABLED");
}

function versionOf(bucket: Bucket, object: ObjectVersion): { VersionId?: string } {
  return bucket.versioning === undefined ? {} : { VersionId: object.versionId };
}

function taggingAction(verb: "Get" | "Put", versionId: string | undefined): string {
  return `${verb}Object${versionId === undefined ? "" : "Version"}Tagging`;
}

/** The wire layer decodes a body to bytes; a caller inside the region may pass text. */
function bytesOf(body: s3.PutObjectCommandInput["Body"]): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  if (typeof body === "string") return Buffer.from(body);
  throw s3Error.notImplemented("a body that is neither bytes nor text");
}

/**
 * The wire layer encodes bytes; the SDK's output type knows only the stream that its client makes of them.
 */
function asStream(body: Uint8Array): NonNullable<s3.GetObjectCommandOutput["Body"]> {
  return body as unknown as NonNullable<s3.GetObjectCommandOutput["Body"]>;
}
