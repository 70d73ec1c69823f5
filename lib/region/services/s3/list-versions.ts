import type * as s3 from "@aws-sdk/client-s3";
import type { Bucket } from "./bucket.ts";
import { echo, encoder, isAfter, later, pageOptions } from "./list-input.ts";
import { listPage } from "./list-page.ts";
import { s3Error } from "./s3-error.ts";
import type { DeleteMarker, ObjectVersion, StoredVersion } from "./stored-object.ts";

/** Versions of one key come newest first (user guide, "Listing objects in a versioning-enabled bucket"). */
export function listVersions(
  bucket: Bucket,
  input: s3.ListObjectVersionsCommandInput,
): Omit<s3.ListObjectVersionsCommandOutput, "$metadata"> {
  const { KeyMarker: keyMarker = "", VersionIdMarker: versionMarker } = input;
  if (versionMarker !== undefined && keyMarker === "") {
    throw s3Error.invalidArgument("A version-id marker cannot be specified without a key marker.");
  }
  const options = pageOptions(input);
  const page = listPage(storedVersions(bucket, options, keyMarker, versionMarker), options);
  const encode = encoder(input.EncodingType);
  const latest = (version: StoredVersion) => bucket.versionsOf(version.key)[0] === version;
  const common = (version: StoredVersion) => ({
    Key: encode(version.key),
    VersionId: version.versionId,
    IsLatest: latest(version),
    LastModified: version.lastModified,
  });
  const versions = page.entries.filter((version): version is ObjectVersion => version.kind === "object");
  const markers = page.entries.filter((version): version is DeleteMarker => version.kind === "delete marker");
  return {
    Name: bucket.name,
    ...echo(input, options.maxKeys),
    KeyMarker: encode(keyMarker),
    ...(versionMarker === undefined ? {} : { VersionIdMarker: versionMarker }),
    IsTruncated: page.last !== undefined,
    ...nextMarkers(page.last, encode),
    Versions: versions.map((version) => ({
      ...common(version),
      ETag: version.etag,
      Size: version.body.byteLength,
      // The SDK's type knows STANDARD alone; S3 lists the others too (docs/facts/frontend-secrets-config.md §A.3, step 5).
      StorageClass: version.storageClass as "STANDARD",
    })),
    DeleteMarkers: markers.map(common),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

function* storedVersions(
  bucket: Bucket,
  { prefix, delimiter }: ReturnType<typeof pageOptions>,
  keyMarker: string,
  versionMarker: string | undefined,
): Generator<StoredVersion> {
  for (const key of bucket.keys(later(prefix, keyMarker))) {
    yield* remaining(bucket, key, keyMarker, versionMarker, delimiter);
  }
}

function nextMarkers(
  last: ReturnType<typeof listPage<StoredVersion>>["last"],
  encode: (text: string) => string,
): { NextKeyMarker?: string; NextVersionIdMarker?: string } {
  if (last === undefined) return {};
  if (last.prefix !== undefined) return { NextKeyMarker: encode(last.prefix) };
  return { NextKeyMarker: encode(last.entry.key), NextVersionIdMarker: last.entry.versionId };
}

/** What is left of a key's versions behind the markers; a key marker alone skips all versions of its key. */
function remaining(
  bucket: Bucket,
  key: string,
  keyMarker: string,
  versionMarker: string | undefined,
  delimiter: string | undefined,
): readonly StoredVersion[] {
  const versions = bucket.versionsOf(key);
  if (keyMarker === "") return versions;
  if (delimiter !== undefined && keyMarker.endsWith(delimiter) && key.startsWith(keyMarker)) return [];
  if (key !== keyMarker) return isAfter(key, keyMarker) ? versions : [];
  const at = versions.findIndex((version) => version.versionId === versionMarker);
  return at < 0 ? [] : versions.slice(at + 1);
}
