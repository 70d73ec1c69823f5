import * as s3 from "@aws-sdk/client-s3";
import type { ServiceModel } from "../../service-model.ts";
import type { Bucket } from "./bucket.ts";
import { type Buckets, versionContext } from "./buckets.ts";
import { describeObject } from "./object-output.ts";
import { checkRead, checkReadable } from "./preconditions.ts";
import { s3Error } from "./s3-error.ts";
import type { ObjectVersion } from "./stored-object.ts";
import { tagSet, tagsFromSet } from "./tag-set.ts";

const READ = ["Bucket", "Key", "VersionId", "IfMatch", "IfNoneMatch", "ChecksumMode", "ExpectedBucketOwner"];

/** Reading and tagging single objects. Ranges and restoring from an archive are not modelled. */
export function addObjectOperations(service: ServiceModel, buckets: Buckets): ServiceModel {
  service
    .on(s3.GetObjectCommand, {
      accepts: READ,
      authorize: (input) => buckets.reading(input.Bucket, input.Key, input.VersionId),
      handle: (input) => {
        const bucket = buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const object = bucket.object(input.Key ?? "", input.VersionId);
        checkRead(object, input);
        checkReadable(object);
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

/**
 * The wire layer encodes bytes; the SDK's output type knows only the stream that its client makes of them.
 */
function asStream(body: Uint8Array): NonNullable<s3.GetObjectCommandOutput["Body"]> {
  return body as unknown as NonNullable<s3.GetObjectCommandOutput["Body"]>;
}
