import * as s3 from "@aws-sdk/client-s3";
import type { ServiceModel } from "../../service-model.ts";
import type { Bucket } from "./bucket.ts";
import type { Buckets } from "./buckets.ts";
import { listPage } from "./list-page.ts";
import { s3Error } from "./s3-error.ts";
import type { DeleteMarker, ObjectVersion, StoredVersion } from "./stored-object.ts";

const ACCEPTED = ["Bucket", "Prefix", "Delimiter", "EncodingType", "MaxKeys", "ExpectedBucketOwner"];

/** ListObjectsV2 and ListObjectVersions, both in the order of the keys' UTF-8 bytes. */
export function addListOperations(service: ServiceModel, buckets: Buckets): ServiceModel {
  return service
    .on(s3.ListObjectsV2Command, {
      accepts: [...ACCEPTED, "ContinuationToken", "StartAfter"],
      authorize: (input) => [buckets.onBucket("ListBucket", input.Bucket, listContext(input))],
      handle: (input) => listObjects(buckets.get(input.Bucket, input.ExpectedBucketOwner), input),
    })
    .on(s3.ListObjectVersionsCommand, {
      accepts: [...ACCEPTED, "KeyMarker", "VersionIdMarker"],
      authorize: (input) => [buckets.onBucket("ListBucketVersions", input.Bucket, listContext(input))],
      handle: (input) => listVersions(buckets.get(input.Bucket, input.ExpectedBucketOwner), input),
    });
}

interface ListInput {
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly MaxKeys?: number | undefined;
  readonly EncodingType?: string | undefined;
}

function listObjects(
  bucket: Bucket,
  input: s3.ListObjectsV2CommandInput,
): Omit<s3.ListObjectsV2CommandOutput, "$metadata"> {
  const options = pageOptions(input);
  const token = input.ContinuationToken;
  const after = token === undefined ? input.StartAfter : tokenText(token);
  // A page that ended with a common prefix goes on behind everything below that prefix.
  const passed = (key: string) =>
    after !== undefined &&
    (!isAfter(key, after) ||
      (token !== undefined &&
        options.delimiter !== undefined &&
        after.endsWith(options.delimiter) &&
        key.startsWith(after)));
  const objects = bucket
    .keys()
    .filter((key) => !passed(key))
    .flatMap((key) => bucket.current(key) ?? []);
  const page = listPage(objects, options);
  const encode = encoder(input.EncodingType);
  return {
    Name: bucket.name,
    ...echo(input, options.maxKeys),
    KeyCount: page.entries.length + page.prefixes.length,
    IsTruncated: page.last !== undefined,
    ...(token === undefined ? {} : { ContinuationToken: token }),
    ...(input.StartAfter === undefined ? {} : { StartAfter: encode(input.StartAfter) }),
    ...(page.last === undefined
      ? {}
      : { NextContinuationToken: continuationToken(page.last.prefix ?? page.last.entry.key) }),
    Contents: page.entries.map((object) => ({
      Key: encode(object.key),
      ETag: object.etag,
      Size: object.body.byteLength,
      LastModified: object.lastModified,
      StorageClass: "STANDARD",
    })),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

/** Versions of one key come newest first (user guide, "Listing objects in a versioning-enabled bucket"). */
function listVersions(
  bucket: Bucket,
  input: s3.ListObjectVersionsCommandInput,
): Omit<s3.ListObjectVersionsCommandOutput, "$metadata"> {
  const { KeyMarker: keyMarker = "", VersionIdMarker: versionMarker } = input;
  if (versionMarker !== undefined && keyMarker === "") {
    throw s3Error.invalidArgument("A version-id marker cannot be specified without a key marker.");
  }
  const options = pageOptions(input);
  const rest = bucket
    .keys()
    .flatMap((key) => remaining(bucket, key, keyMarker, versionMarker, options.delimiter));
  const page = listPage(rest, options);
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
      StorageClass: "STANDARD",
    })),
    DeleteMarkers: markers.map(common),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
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

function pageOptions({ Prefix: prefix = "", Delimiter: delimiter, MaxKeys: maxKeys = 1_000 }: ListInput) {
  if (maxKeys < 0) throw s3Error.invalidArgument("maxKeys cannot be negative");
  return { prefix, delimiter, maxKeys: Math.min(maxKeys, 1_000) };
}

function echo(input: ListInput, maxKeys: number) {
  const encode = encoder(input.EncodingType);
  return {
    Prefix: encode(input.Prefix ?? ""),
    MaxKeys: maxKeys,
    ...(input.Delimiter === undefined ? {} : { Delimiter: encode(input.Delimiter) }),
    ...(input.EncodingType === "url" ? { EncodingType: "url" as const } : {}),
  };
}

function encoder(type: string | undefined): (text: string) => string {
  return type === "url" ? (text) => encodeURIComponent(text).replaceAll("%2F", "/") : (text) => text;
}

function listContext({ Prefix: prefix, Delimiter: delimiter, MaxKeys: maxKeys }: ListInput) {
  return {
    ...(prefix === undefined ? {} : { "s3:prefix": prefix }),
    ...(delimiter === undefined ? {} : { "s3:delimiter": delimiter }),
    ...(maxKeys === undefined ? {} : { "s3:max-keys": String(maxKeys) }),
  };
}

function isAfter(key: string, marker: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(marker)) > 0;
}

function continuationToken(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function tokenText(token: string): string {
  const text = Buffer.from(token, "base64url").toString();
  if (token === "" || continuationToken(text) !== token) {
    throw s3Error.invalidArgument("The continuation token provided is incorrect");
  }
  return text;
}
