import { s3Error } from "./s3-error.ts";
import type { ObjectVersion, StorageClass } from "./stored-object.ts";

export interface EtagConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

/** GetObject and HeadObject: 412 for `If-Match`, 304 for `If-None-Match` (API reference, GetObject). */
export function checkRead(
  object: ObjectVersion,
  { IfMatch: match, IfNoneMatch: noneMatch }: EtagConditions,
): void {
  if (match !== undefined && !matches(match, object)) throw s3Error.preconditionFailed("If-Match");
  if (noneMatch !== undefined && matches(noneMatch, object)) throw s3Error.notModified();
}

/** The source of CopyObject: both conditions answer 412 (API reference, CopyObject). */
export function checkCopySource(object: ObjectVersion, conditions: EtagConditions): void {
  const { IfMatch: match, IfNoneMatch: noneMatch } = conditions;
  if (match !== undefined && !matches(match, object)) {
    throw s3Error.preconditionFailed("x-amz-copy-source-If-Match");
  }
  if (noneMatch !== undefined && matches(noneMatch, object)) {
    throw s3Error.preconditionFailed("x-amz-copy-source-If-None-Match");
  }
}

/**
 * The target of PutObject and CopyObject, judged by the current version: `If-None-Match` takes only `*`;
 * `If-Match` takes an ETag, and with no current object the answer is 404 (user guide, "How to prevent object
 * overwrites with conditional writes"). The answer to `If-Match: *` is unverified.
 */
export function checkWrite(
  current: ObjectVersion | undefined,
  key: string,
  conditions: EtagConditions,
): void {
  const { IfMatch: match, IfNoneMatch: noneMatch } = conditions;
  if (noneMatch !== undefined) {
    if (noneMatch !== "*") throw s3Error.notImplemented("If-None-Match with an ETag");
    if (current !== undefined) throw s3Error.preconditionFailed("If-None-Match");
  }
  if (match === undefined) return;
  if (match === "*") throw s3Error.notImplemented("If-Match with *");
  if (current === undefined) throw s3Error.noSuchKey(key);
  if (!matches(match, current)) throw s3Error.preconditionFailed("If-Match");
}

/**
 * DeleteObject: `*` asks that the object exists, an ETag that it is unchanged; only the current version
 * counts (user guide, "How to perform conditional deletes"). That an ETag for a missing object is answered
 * with 404 is unverified.
 */
export function checkDelete(
  current: ObjectVersion | undefined,
  key: string,
  match: string | undefined,
): void {
  if (match === undefined) return;
  if (current === undefined)
    throw match === "*" ? s3Error.preconditionFailed("If-Match") : s3Error.noSuchKey(key);
  if (!matches(match, current)) throw s3Error.preconditionFailed("If-Match");
}

/** An archived version must be restored before anybody can read it; HeadObject still works. */
export function checkReadable({ storageClass, archiveTier }: ObjectVersion): void {
  if (isArchived(storageClass)) throw s3Error.invalidObjectState(storageClass);
  if (archiveTier !== undefined) throw s3Error.invalidObjectState(storageClass, archiveTier);
}

/**
 * An archived version cannot be copied. Which of the two errors stands for which kind of archive is unverified
 * (docs/facts/frontend-secrets-config.md §A.3, step 5, names both).
 */
export function checkCopyable({ storageClass, archiveTier }: ObjectVersion): void {
  if (isArchived(storageClass)) throw s3Error.notInActiveTier();
  if (archiveTier !== undefined) throw s3Error.invalidObjectState(storageClass, archiveTier);
}

function isArchived(storageClass: StorageClass): boolean {
  return storageClass === "GLACIER" || storageClass === "DEEP_ARCHIVE";
}

function matches(etag: string, object: ObjectVersion): boolean {
  return etag === "*" || unquoted(etag) === unquoted(object.etag);
}

function unquoted(etag: string): string {
  return etag.replaceAll('"', "");
}
