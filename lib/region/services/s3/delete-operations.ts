import * as s3 from "@aws-sdk/client-s3";
import { AwsError, type Permission, type Principal, type ServiceModel } from "../../service-model.ts";
import type { Bucket } from "./bucket.ts";
import { type Buckets, versionContext } from "./buckets.ts";
import { checkDelete } from "./preconditions.ts";
import { s3Error } from "./s3-error.ts";

/**
 * DeleteObject and DeleteObjects. Without a version id a versioned bucket only adds a delete marker; with one
 * the version is destroyed, for which the caller needs `s3:DeleteObjectVersion`.
 */
export function addDeleteOperations(service: ServiceModel, buckets: Buckets): ServiceModel {
  return service
    .on(s3.DeleteObjectCommand, {
      accepts: ["Bucket", "Key", "VersionId", "IfMatch", "ExpectedBucketOwner"],
      authorize: (input) =>
        permissions(buckets, input.Bucket, {
          Key: input.Key,
          VersionId: input.VersionId,
          ETag: input.IfMatch,
        }),
      handle: (input) => {
        const bucket = buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const { Key: _key, ...outcome } = remove(buckets, bucket, {
          Key: input.Key,
          VersionId: input.VersionId,
          ETag: input.IfMatch,
        });
        return {
          ...(outcome.DeleteMarker === undefined ? {} : { DeleteMarker: outcome.DeleteMarker }),
          VersionId: outcome.DeleteMarkerVersionId ?? outcome.VersionId,
        };
      },
    })
    .on(s3.DeleteObjectsCommand, {
      accepts: [
        "Bucket",
        "Delete.Objects.Key",
        "Delete.Objects.VersionId",
        "Delete.Objects.ETag",
        "Delete.Quiet",
        "ChecksumAlgorithm",
        "ExpectedBucketOwner",
      ],
      authorize: (input) =>
        buckets.authorize === undefined
          ? (input.Delete?.Objects ?? []).flatMap((object) => permissions(buckets, input.Bucket, object))
          : [],
      handle: (input, { principal }) => {
        const bucket = buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const objects = input.Delete?.Objects ?? [];
        // API reference, DeleteObjects: up to 1,000 keys.
        if (objects.length === 0 || objects.length > 1_000) throw s3Error.malformed();
        const outcomes = objects.map((object) => attempt(buckets, bucket, object, principal));
        return {
          Deleted: input.Delete?.Quiet ? [] : outcomes.flatMap(({ deleted }) => deleted ?? []),
          Errors: outcomes.flatMap(({ error }) => error ?? []),
        };
      },
    });
}

interface Target {
  readonly Key: string | undefined;
  readonly VersionId?: string | undefined;
  readonly ETag?: string | undefined;
}

/** An ETag condition needs `s3:GetObject` too (user guide, "How to perform conditional deletes"). */
function permissions(
  buckets: Buckets,
  bucket: string | undefined,
  { Key: key, VersionId: version, ETag: etag }: Target,
): Permission[] {
  const action = version === undefined ? "DeleteObject" : "DeleteObjectVersion";
  const context = { ...versionContext(version), ...(etag === undefined ? {} : { "s3:if-match": etag }) };
  const comparesEtag = etag !== undefined && etag !== "*";
  return [
    buckets.onObject(action, bucket, key, context),
    ...(comparesEtag ? [buckets.onObject("GetObject", bucket, key)] : []),
  ];
}

/** A key that may not be deleted is an error of that key alone (API reference, DeleteObjects, "Examples"). */
function attempt(
  buckets: Buckets,
  bucket: Bucket,
  object: Target,
  principal: Principal,
): { readonly deleted?: s3.DeletedObject; readonly error?: s3._Error } {
  try {
    buckets.authorize?.(principal, permissions(buckets, bucket.name, object));
    return { deleted: remove(buckets, bucket, object) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { Key, VersionId } = object;
    const Code = error.code === "AccessDeniedException" ? "AccessDenied" : error.code;
    return { error: { Key, VersionId, Code, Message: error.message } };
  }
}

function remove(buckets: Buckets, bucket: Bucket, target: Target): s3.DeletedObject {
  const { Key: key = "", VersionId: versionId, ETag: etag } = target;
  checkDelete(bucket.current(key), key, etag);
  const facts = { bucket: bucket.name, key };
  if (versionId !== undefined) {
    const gone = bucket.deleteVersion(key, versionId);
    buckets.context.kernel.log.write("s3", "version destroyed", { ...facts, version: versionId });
    const marker = gone?.kind === "delete marker";
    return {
      Key: key,
      VersionId: versionId,
      ...(marker ? { DeleteMarker: true, DeleteMarkerVersionId: versionId } : {}),
    };
  }
  const marker = bucket.delete(key);
  buckets.context.kernel.log.write("s3", "object deleted", facts);
  return {
    Key: key,
    ...(marker === undefined ? {} : { DeleteMarker: true, DeleteMarkerVersionId: marker.versionId }),
  };
}
