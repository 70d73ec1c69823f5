import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
} from "@aws-sdk/client-s3";
import { StepbackError } from "../../../contracts/errors.ts";
import { asked, isNamed } from "../../aws-call.ts";
import type { Source } from "./restore-key.ts";
import { objectOf, type Write, type WriteOutcome, type WritePlace } from "./write.ts";

/**
 * Copies one object onto a key, on two conditions: the source is what was frozen, and users still get what the plan saw.
 * A refusal is looked at once: what this rollback wrote in an attempt whose answer was lost is found again by its bytes.
 *
 * A copy keeps headers, metadata and tags by itself; storage class, encryption and website redirect only when they are
 * said again; annotations are left out, for they would need permissions of their own (docs/facts/frontend-secrets-config.md
 * §A.3, CopyObject).
 */
export async function copyObject(place: WritePlace, write: Write, from: Source): Promise<WriteOutcome> {
  const first = await attempt(place, write, from, write.wrote?.etag ?? write.over?.etag);
  if (first !== "refused") return first;
  const current = await head(place, { key: write.key });
  if (!current) return { outcome: "changed-by-others", key: write.key };
  if (await hasBytesOf(place, current, from)) return written(write.key, current);
  const expected = write.wrote?.etag ?? write.over?.etag;
  if (current.ETag === expected) return gone(from, "is not there any more");
  const ours = write.over && (await hasBytesOf(place, current, write.over));
  if (!ours) return { outcome: "changed-by-others", key: write.key };
  const second = await attempt(place, write, from, current.ETag);
  return second === "refused" ? { outcome: "changed-by-others", key: write.key } : second;
}

async function attempt(
  place: WritePlace,
  { key }: Write,
  from: Source,
  overEtag: string | undefined,
): Promise<WriteOutcome | "refused"> {
  const { bucket, account } = place;
  const input: CopyObjectCommandInput = {
    Bucket: bucket,
    Key: key,
    CopySource: copySourceOf(bucket, from),
    CopySourceIfMatch: from.etag,
    ...(overEtag === undefined ? { IfNoneMatch: "*" } : { IfMatch: overEtag }),
    MetadataDirective: "COPY",
    TaggingDirective: "COPY",
    AnnotationDirective: "EXCLUDE",
    ...(from.storageClass === "STANDARD" ? {} : { StorageClass: storageClassOf(from) }),
    ...(await attributesToSayAgain(place, from)),
    ExpectedBucketOwner: account,
    ExpectedSourceBucketOwner: account,
  };
  try {
    const answer = await asked(`Copying ${from.key} onto ${key} in ${bucket}`, send(place, input));
    return answer === "refused" ? answer : written(key, answer);
  } catch (error) {
    if (isNamed(error, "PreconditionFailed", "NoSuchKey")) return "refused";
    if (isNamed(error, "NoSuchVersion")) return gone(from, "is not there any more");
    if (isNamed(error, "InvalidObjectState", "ObjectNotInActiveTierError")) {
      return gone(from, "lies in an archive: restore it from there first");
    }
    // Somebody writes the same key at this moment; the next attempt sees what came of it (§A.3, "Guards").
    if (!isNamed(error, "ConditionalRequestConflict")) throw error;
    throw new StepbackError("AwsBusy", `Copying onto ${key}: somebody else writes it just now`, {
      cause: error,
    });
  }
}

/** Asked directly first; the SDK hears the same request when that brought no clear answer. */
async function send({ s3, direct }: WritePlace, input: CopyObjectCommandInput): Promise<Written | "refused"> {
  const answer = await direct.attempt(input);
  if (answer) return answer;
  const { VersionId, CopyObjectResult } = await s3.send(new CopyObjectCommand(input));
  return { VersionId, ETag: CopyObjectResult?.ETag };
}

interface Written {
  readonly VersionId?: string | undefined;
  readonly ETag?: string | undefined;
}

/**
 * The SDK does not encode the source (§A.3). `?` must not be mistaken for the beginning of the version.
 */
export function copySourceOf(bucket: string, { key, versionId }: Pick<Source, "key" | "versionId">): string {
  const path = key.split("/").map(encodeURIComponent).join("/");
  return `${bucket}/${path}${versionId ? `?versionId=${encodeURIComponent(versionId)}` : ""}`;
}

/** The SDK's type of a listing is wider than that of a request; S3 itself is the judge. */
function storageClassOf({ storageClass }: Source): NonNullable<CopyObjectCommandInput["StorageClass"]> {
  return storageClass as NonNullable<CopyObjectCommandInput["StorageClass"]>;
}

/**
 * Only HeadObject tells them. It is asked where they are likely: everywhere in a bucket that is encrypted with KMS keys,
 * else of empty objects, which is what a website's redirects are. A redirect on an object with content is lost.
 */
async function attributesToSayAgain(
  place: WritePlace,
  from: Source,
): Promise<Partial<CopyObjectCommandInput>> {
  if (!place.encrypted && from.size > 0) return {};
  const source = await head(place, from);
  const key = source?.SSEKMSKeyId;
  return {
    ...(source?.WebsiteRedirectLocation ? { WebsiteRedirectLocation: source.WebsiteRedirectLocation } : {}),
    ...(source?.ServerSideEncryption?.startsWith("aws:kms") && key
      ? {
          ServerSideEncryption: source.ServerSideEncryption,
          SSEKMSKeyId: key,
          ...(source.BucketKeyEnabled ? { BucketKeyEnabled: true } : {}),
        }
      : {}),
  };
}

/** Equal ETags are equal bytes. Where they must differ (KMS, multipart), a checksum that both carry decides. */
async function hasBytesOf(
  place: WritePlace,
  current: HeadObjectCommandOutput,
  source: Source,
): Promise<boolean> {
  if (current.ETag === source.etag) return true;
  if (current.ContentLength !== source.size) return false;
  const other = await head(place, source);
  return (
    other !== undefined &&
    (
      ["ChecksumCRC64NVME", "ChecksumSHA256", "ChecksumCRC32", "ChecksumCRC32C", "ChecksumSHA1"] as const
    ).some((name) => current[name] !== undefined && current[name] === other[name])
  );
}

/** What HeadObject says, with checksums; undefined when the object is not there. */
export async function head(
  { s3, bucket }: Pick<WritePlace, "s3" | "bucket">,
  object: Pick<Source, "key" | "versionId">,
): Promise<HeadObjectCommandOutput | undefined> {
  try {
    const input = { Bucket: bucket, ...objectOf(object), ChecksumMode: "ENABLED" } as const;
    return await asked(`Looking at ${object.key} in ${bucket}`, s3.send(new HeadObjectCommand(input)));
  } catch (error) {
    if (isNamed(error, "NotFound", "NoSuchKey", "NoSuchVersion")) return undefined;
    throw error;
  }
}

function written(key: string, { VersionId, ETag }: Written) {
  const row = { key, ...(VersionId ? { versionId: VersionId } : {}), ...(ETag ? { etag: ETag } : {}) };
  return { outcome: "written", row } as const;
}

function gone({ key, versionId }: Source, why: string): WriteOutcome {
  const version = versionId ? ` in version ${versionId}` : "";
  return { outcome: "problem", code: "TARGET_GONE", note: `${key}${version} ${why}.` };
}
