import type { S3Client } from "@aws-sdk/client-s3";
import type { Judged } from "../copying/freeze.ts";
import { currentObjects, keyHistories, type Range } from "../copying/listings.ts";
import { mergeByKey } from "../copying/merge-by-key.ts";
import {
  currentOf,
  type KeyHistory,
  replaceBy,
  restoreAt,
  restoreVersion,
  sourceOf,
} from "../copying/restore-key.ts";
import { byUtf8 } from "../copying/utf8-order.ts";
import { type ManifestEntry, readManifest } from "../manifest.ts";

type Part = Omit<Range, "after">;
type Judging = (after: string) => AsyncIterable<Judged>;

/** Every key as it was at a moment. */
export function judgedByMoment(s3: S3Client, part: Part, moment: Date): Judging {
  return async function* (after) {
    for await (const [key, history] of keyHistories(s3, { ...part, after })) {
      yield { key, change: restoreAt(history, moment) };
    }
  };
}

/** Every key in the version that a manifest names; the manifest itself goes back too, after everything else. */
export async function judgedByManifest(
  s3: S3Client,
  part: Part,
  manifest: { readonly key: string; readonly versionId: string },
): Promise<Judging | { readonly problem: string }> {
  if (!manifest.key.startsWith(part.prefix)) {
    return {
      problem: `the manifest ${manifest.key} does not lie below ${part.prefix}, where its objects are`,
    };
  }
  const read = await readManifest(s3, part.bucket, manifest);
  if ("problem" in read) return read;
  const others = read.entries.filter(({ key }) => key !== manifest.key);
  const foreign = others.find(({ key }) => !key.startsWith(part.prefix));
  if (foreign) return { problem: `the manifest names ${foreign.key}, which is not below ${part.prefix}` };
  const entries = [...others, { key: manifest.key, versionId: manifest.versionId }].toSorted((a, b) =>
    byUtf8(a.key, b.key),
  );
  return async function* (after) {
    const wanted = entries
      .filter(({ key }) => byUtf8(key, after) > 0)
      .map((entry) => [entry.key, entry] as const);
    for await (const { key, left, right } of mergeByKey(keyHistories(s3, { ...part, after }), wanted)) {
      yield { key, change: byEntry(left, right) };
    }
  };
}

/** Every key of the live part as the release's folder has it. */
export function judgedByFolder(s3: S3Client, part: Part, folder: string): Judging {
  const { bucket, prefix } = part;
  return async function* (after) {
    const name = after.slice(prefix.length);
    const live = named(keyHistories(s3, { ...part, after }), prefix);
    const target = named(
      currentObjects(s3, { bucket, prefix: folder, after: name ? folder + name : "" }),
      folder,
    );
    for await (const { key, left, right } of mergeByKey(live, target)) {
      const current = left && currentOf(left);
      const over = current && sourceOf(prefix + key, current);
      if (right) yield { key: prefix + key, change: replaceBy(right, over) };
      else yield { key: prefix + key, change: over ? { change: "delete", over } : { change: "none" } };
    }
  };
}

function byEntry(history: KeyHistory | undefined, entry: ManifestEntry | undefined): Judged["change"] {
  if (!entry) return history ? restoreVersion(history, undefined) : { change: "none" };
  const version = history?.versions.find(({ versionId }) => versionId === entry.versionId);
  if (history && version) return restoreVersion(history, version);
  return { change: "blocked", why: `has no version ${entry.versionId} any more, which the manifest names` };
}

/** Keys relative to their folder: the order stays that of the whole keys. */
async function* named<T>(rows: AsyncIterable<readonly [string, T]>, folder: string) {
  for await (const [key, value] of rows) yield [key.slice(folder.length), value] as const;
}
