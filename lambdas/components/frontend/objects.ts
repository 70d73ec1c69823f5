import {
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { asked, isNamed } from "../aws-call.ts";
import type { Source } from "./copying/restore-key.ts";
import { objectOf } from "./copying/write.ts";

type ObjectName = Pick<Source, "key" | "versionId">;

/** What HeadObject says; undefined when the object is not there. */
export function headOf(
  s3: S3Client,
  bucket: string,
  object: ObjectName,
): Promise<HeadObjectCommandOutput | undefined> {
  const input = { Bucket: bucket, ...objectOf(object) };
  return found(`Looking at ${object.key} in ${bucket}`, s3.send(new HeadObjectCommand(input)));
}

/** A text object with what S3 says of it; undefined when it is not there. */
export async function textOf(
  s3: S3Client,
  bucket: string,
  object: ObjectName,
): Promise<{ readonly text: string; readonly versionId?: string; readonly lastModified?: Date } | undefined> {
  const input = { Bucket: bucket, ...objectOf(object) };
  const answer = await found(`Reading ${object.key} in ${bucket}`, s3.send(new GetObjectCommand(input)));
  if (!answer) return undefined;
  const { VersionId: versionId, LastModified: lastModified } = answer;
  return {
    text: (await answer.Body?.transformToString()) ?? "",
    ...(versionId ? { versionId } : {}),
    ...(lastModified ? { lastModified } : {}),
  };
}

/** The member of a JSON document that names a release; undefined when there is no such text. */
export function memberOf(text: string, field: string): string | undefined {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document !== "object" || document === null) return undefined;
    const value = new Map<string, unknown>(Object.entries(document)).get(field);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Why nothing may be written over in a bucket: without versioning what users have now would be lost, and the way back
 * with it (docs/facts/frontend-secrets-config.md §A.3).
 */
export async function versioningProblem(s3: S3Client, bucket: string): Promise<string | undefined> {
  const { Status } = await asked(
    `Reading the versioning of ${bucket}`,
    s3.send(new GetBucketVersioningCommand({ Bucket: bucket })),
  );
  if (Status === "Enabled") return undefined;
  return `the bucket ${bucket} has versioning ${Status === "Suspended" ? "suspended" : "off"}: writing over it would destroy what is live. Switch it on; it protects from the next deployment on`;
}

async function found<T>(doing: string, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await asked(doing, answer);
  } catch (error) {
    if (isNamed(error, "NotFound", "NoSuchKey", "NoSuchVersion")) return undefined;
    throw error;
  }
}
