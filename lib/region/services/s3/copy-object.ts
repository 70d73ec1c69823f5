import * as s3 from "@aws-sdk/client-s3";
import type { Permission, ServiceModel } from "../../service-model.ts";
import { type Buckets, versionContext } from "./buckets.ts";
import { type CopySource, parseCopySource } from "./copy-source.ts";
import { describeEncryption, encryptionOf, keyUse } from "./encryption.ts";
import { checkCopyable, checkCopySource, checkWrite } from "./preconditions.ts";
import { conditionContext, headersOf, storageClassOf } from "./put-object.ts";
import { s3Error } from "./s3-error.ts";
import type { ObjectVersion } from "./stored-object.ts";
import { tagsFromHeader } from "./tag-set.ts";

/**
 * CopyObject: the way to make an old version the current one again without destroying anything.
 *
 * Metadata and tags are copied unless replaced. Storage class, encryption and website redirect are never copied: they
 * are what the request says, or the default (docs/facts/frontend-secrets-config.md §A.3, CopyObject). Annotations are
 * not modelled: no object has any, so either directive copies all there is; whether copying them needs a permission
 * even then is unverified, and none is asked for.
 */
export function addCopyObject(service: ServiceModel, buckets: Buckets): ServiceModel {
  return service.on(s3.CopyObjectCommand, {
    accepts: [
      ...[
        "Bucket",
        "Key",
        "CopySource",
        "CopySourceIfMatch",
        "CopySourceIfNoneMatch",
        "IfMatch",
        "IfNoneMatch",
      ],
      ...[
        "MetadataDirective",
        "TaggingDirective",
        "AnnotationDirective",
        "Tagging",
        "Metadata",
        "ContentType",
      ],
      ...["CacheControl", "ContentEncoding", "ContentDisposition", "ContentLanguage", "ServerSideEncryption"],
      ...["SSEKMSKeyId", "BucketKeyEnabled", "StorageClass", "WebsiteRedirectLocation"],
      ...["ExpectedBucketOwner", "ExpectedSourceBucketOwner"],
    ],
    authorize: (input) => permissions(buckets, input),
    handle: (input) => copy(buckets, input),
  });
}

/** API reference, CopyObject, "Permissions"; tags that come along need the tagging actions on both sides. */
function permissions(buckets: Buckets, input: s3.CopyObjectCommandInput): Permission[] {
  const source = parseCopySource(input.CopySource);
  const copiesTags = input.TaggingDirective !== "REPLACE" && hasTags(buckets, source);
  const version = source.versionId === undefined ? "" : "Version";
  const readTags = buckets.onObject(
    `GetObject${version}Tagging`,
    source.bucket,
    source.key,
    versionContext(source.versionId),
  );
  const writesTags = copiesTags || (input.TaggingDirective === "REPLACE" && input.Tagging !== undefined);
  return [
    ...buckets.reading(source.bucket, source.key, source.versionId),
    buckets.onObject("PutObject", input.Bucket, input.Key, conditionContext(input)),
    ...(input.IfMatch === undefined ? [] : [buckets.onObject("GetObject", input.Bucket, input.Key)]),
    ...(copiesTags ? [readTags] : []),
    ...(writesTags ? [buckets.onObject("PutObjectTagging", input.Bucket, input.Key)] : []),
    ...keyUse("kms:GenerateDataKey", input.SSEKMSKeyId, buckets.keyPolicy),
  ];
}

function hasTags(buckets: Buckets, { bucket, key, versionId }: CopySource): boolean {
  const found = buckets.find(bucket);
  const version = versionId === undefined ? found?.current(key) : found?.version(key, versionId);
  return version?.kind === "object" && Object.keys(version.tags).length > 0;
}

function copy(
  buckets: Buckets,
  input: s3.CopyObjectCommandInput,
): Omit<s3.CopyObjectCommandOutput, "$metadata"> {
  const source = parseCopySource(input.CopySource);
  const encryption = encryptionOf(input);
  const target = buckets.get(input.Bucket, input.ExpectedBucketOwner);
  const from = buckets.get(source.bucket, input.ExpectedSourceBucketOwner);
  const object = sourceObject(buckets, source);
  checkCopySource(object, { IfMatch: input.CopySourceIfMatch, IfNoneMatch: input.CopySourceIfNoneMatch });
  checkCopyable(object);
  const key = input.Key ?? "";
  const replacesHeaders = input.MetadataDirective === "REPLACE";
  const ontoItself = from === target && source.key === key && source.versionId === undefined;
  if (ontoItself && !replacesHeaders && !changesAttributes(input)) {
    throw s3Error.invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's " +
        "metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  buckets.checkContention(target.name, key, input);
  checkWrite(target.current(key), key, input);
  const copied = target.put(key, {
    body: object.body,
    checksums: object.checksums,
    headers: replacesHeaders ? headersOf(input) : object.headers,
    tags: input.TaggingDirective === "REPLACE" ? tagsFromHeader(input.Tagging) : object.tags,
    encryption,
    storageClass: storageClassOf(input.StorageClass),
    websiteRedirect: input.WebsiteRedirectLocation,
  });
  buckets.context.kernel.log.write("s3", "object copied", {
    bucket: target.name,
    key,
    version: copied.versionId,
    source: `${source.bucket}/${source.key}`,
    sourceVersion: object.versionId,
  });
  return {
    CopyObjectResult: { ETag: copied.etag, LastModified: copied.lastModified, ...copied.checksums },
    ...describeEncryption(encryption),
    ...(from.versioning === undefined ? {} : { CopySourceVersionId: object.versionId }),
    ...(target.versioning === "Enabled" ? { VersionId: copied.versionId } : {}),
  };
}

/** What a copy of an object onto itself may change besides its metadata. */
function changesAttributes(input: s3.CopyObjectCommandInput): boolean {
  const {
    StorageClass: storageClass,
    ServerSideEncryption: encryption,
    WebsiteRedirectLocation: redirect,
  } = input;
  return storageClass !== undefined || encryption !== undefined || redirect !== undefined;
}

function sourceObject(buckets: Buckets, { bucket, key, versionId }: CopySource): ObjectVersion {
  const found = buckets.get(bucket);
  if (versionId !== undefined && found.version(key, versionId)?.kind === "delete marker") {
    throw s3Error.invalidRequest(
      "The source of a copy request may not specifically refer to a delete marker by version id.",
    );
  }
  return found.object(key, versionId);
}
