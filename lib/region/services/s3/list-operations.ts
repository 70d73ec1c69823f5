import * as s3 from "@aws-sdk/client-s3";
import type { ServiceModel } from "../../service-model.ts";
import type { Bucket } from "./bucket.ts";
import type { Buckets } from "./buckets.ts";
import { echo, encoder, isAfter, type ListInput, later, pageOptions } from "./list-input.ts";
import { listPage } from "./list-page.ts";
import { listVersions } from "./list-versions.ts";
import { s3Error } from "./s3-error.ts";
import type { ObjectVersion } from "./stored-object.ts";

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
  const page = listPage(currentObjects(bucket, later(options.prefix, after ?? ""), passed), options);
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
      StorageClass: object.storageClass,
    })),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

function* currentObjects(
  bucket: Bucket,
  start: string,
  passed: (key: string) => boolean,
): Generator<ObjectVersion> {
  for (const key of bucket.keys(start)) {
    const object = passed(key) ? undefined : bucket.current(key);
    if (object !== undefined) yield object;
  }
}

function listContext({ Prefix: prefix, Delimiter: delimiter, MaxKeys: maxKeys }: ListInput) {
  return {
    ...(prefix === undefined ? {} : { "s3:prefix": prefix }),
    ...(delimiter === undefined ? {} : { "s3:delimiter": delimiter }),
    ...(maxKeys === undefined ? {} : { "s3:max-keys": String(maxKeys) }),
  };
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
