import type { S3Client } from "@aws-sdk/client-s3";
import type { Clock } from "../../component.ts";
import { TICK_MILLIS } from "./freeze.ts";
import { currentObjects } from "./listings.ts";
import { mergeByKey } from "./merge-by-key.ts";

/**
 * Whether two folders have a file of the same name and other content, beside the entry points: caches whose key is the
 * name then hold the wrong one. When it takes too long to find out, the careful answer is yes.
 */
export async function sameNameDiffers(
  { s3, clock }: { readonly s3: S3Client; readonly clock: Clock },
  bucket: string,
  folders: readonly [string, string],
  entryPoints: readonly string[],
): Promise<boolean> {
  const end = clock().getTime() + TICK_MILLIS;
  const [left, right] = folders.map((folder) => filesOf(s3, bucket, folder));
  if (!left || !right) return false;
  for await (const pair of mergeByKey(left, right)) {
    const differs = pair.left !== undefined && pair.right !== undefined && pair.left !== pair.right;
    if (differs && !entryPoints.includes(pair.key)) return true;
    if (clock().getTime() >= end) return true;
  }
  return false;
}

async function* filesOf(s3: S3Client, bucket: string, folder: string) {
  for await (const [key, { etag }] of currentObjects(s3, { bucket, prefix: folder, after: "" })) {
    yield [key.slice(folder.length), etag] as const;
  }
}
