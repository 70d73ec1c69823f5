import { ListObjectsV2Command, ListObjectVersionsCommand, type S3Client } from "@aws-sdk/client-s3";
import { asked } from "../../aws-call.ts";
import type { KeyHistory, Listed, ListedVersion, Source } from "./restore-key.ts";
import { byUtf8 } from "./utf8-order.ts";

/** A part of a bucket, from behind a key on. */
export interface Range {
  readonly bucket: string;
  readonly prefix: string;
  /** The last key that is already known; empty from the beginning. */
  readonly after: string;
  /** Keys below this prefix are of no interest: a whole folder of releases beside a live frontend. */
  readonly except?: string;
}

/** Behind every key of a prefix: no character is above it. */
const LAST_CHARACTER = "\u{10ffff}";

/**
 * The histories of all keys, in the order of the keys. The SDK has no paginator for this listing: both markers are passed
 * by hand (docs/facts/frontend-secrets-config.md §A.3).
 */
export async function* keyHistories(
  s3: S3Client,
  range: Range,
): AsyncGenerator<readonly [string, KeyHistory]> {
  const { bucket, prefix, except } = range;
  let markers: { KeyMarker?: string; VersionIdMarker?: string } = range.after
    ? { KeyMarker: range.after }
    : {};
  let open: OpenHistory | undefined;
  for (;;) {
    const page = await asked(
      `Listing the versions in ${bucket}/${prefix}`,
      s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...markers })),
    );
    for (const row of rowsOf(page.Versions ?? [], page.DeleteMarkers ?? [])) {
      if (except && row.key.startsWith(except)) continue;
      if (open && open.key !== row.key) yield [open.key, open];
      if (open?.key !== row.key) open = { key: row.key, versions: [], markers: [] };
      if ("etag" in row.listed) open.versions.push(row.listed);
      else open.markers.push(row.listed);
    }
    const next = page.NextKeyMarker;
    if (!page.IsTruncated || next === undefined) break;
    const inside = except !== undefined && except !== "" && next.startsWith(except);
    const version = page.NextVersionIdMarker;
    if (inside) markers = { KeyMarker: except + LAST_CHARACTER };
    else markers = { KeyMarker: next, ...(version ? { VersionIdMarker: version } : {}) };
  }
  if (open) yield [open.key, open];
}

/** The current objects below a prefix. */
export async function* currentObjects(
  s3: S3Client,
  { bucket, prefix, after }: Range,
): AsyncGenerator<readonly [string, Source]> {
  let token: string | undefined;
  do {
    const page = await asked(
      `Listing ${bucket}/${prefix}`,
      s3.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ...(token ? { ContinuationToken: token } : after ? { StartAfter: after } : {}),
        }),
      ),
    );
    for (const {
      Key: key = "",
      ETag: etag = "",
      Size: size = 0,
      StorageClass: storageClass,
    } of page.Contents ?? []) {
      yield [key, { key, etag, size, storageClass: storageClass ?? "STANDARD" }];
    }
    token = page.NextContinuationToken;
  } while (token);
}

type OpenHistory = KeyHistory & { readonly versions: ListedVersion[]; readonly markers: Listed[] };

interface Row {
  readonly key: string;
  readonly listed: Listed | ListedVersion;
}

interface RawVersion {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly IsLatest?: boolean | undefined;
  readonly LastModified?: Date | undefined;
  readonly ETag?: string | undefined;
  readonly Size?: number | undefined;
  readonly StorageClass?: string | undefined;
}

/** A page's two lists as one, in the order of the keys; of one key all versions come before all markers. */
function* rowsOf(versions: readonly RawVersion[], markers: readonly RawVersion[]): Generator<Row> {
  const keys = new Map<string, Row[]>();
  const add = (raw: RawVersion, row: Row) => {
    const rows = keys.get(raw.Key ?? "");
    if (rows) rows.push(row);
    else keys.set(raw.Key ?? "", [row]);
  };
  for (const raw of versions)
    add(raw, { key: raw.Key ?? "", listed: { ...listedOf(raw), ...contentOf(raw) } });
  for (const raw of markers) add(raw, { key: raw.Key ?? "", listed: listedOf(raw) });
  for (const key of [...keys.keys()].sort(byUtf8)) yield* keys.get(key) ?? [];
}

function listedOf({
  VersionId: versionId = "null",
  IsLatest: isLatest = false,
  LastModified: at,
}: RawVersion): Listed {
  return { versionId, isLatest, lastModified: at ?? new Date(0) };
}

function contentOf({ ETag: etag = "", Size: size = 0, StorageClass: storageClass = "STANDARD" }: RawVersion) {
  return { etag, size, storageClass };
}
