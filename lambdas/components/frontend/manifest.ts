import type { S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import { byUtf8 } from "./copying/utf8-order.ts";
import { textOf } from "./objects.ts";

/** What a deployment writes at its end, so that nobody has to guess from times what belongs to it. */
const Manifest = z.array(
  z.looseObject({ key: z.string().min(1), versionId: z.string().min(1), etag: z.string().optional() }),
);

export type ManifestEntry = z.infer<typeof Manifest>[number];

/** One version of a manifest, in the order of its keys. */
export async function readManifest(
  s3: S3Client,
  bucket: string,
  manifest: { readonly key: string; readonly versionId: string },
): Promise<{ readonly entries: readonly ManifestEntry[] } | { readonly problem: string }> {
  const name = `the manifest ${manifest.key} in version ${manifest.versionId}`;
  const document = await textOf(s3, bucket, manifest);
  if (!document) return { problem: `${name} is gone` };
  const parsed = Manifest.safeParse(jsonOf(document.text));
  if (!parsed.success) return { problem: `${name} is not a list of {key, versionId, etag, size}` };
  return { entries: parsed.data.toSorted((a, b) => byUtf8(a.key, b.key)) };
}

/** What is not JSON matches no schema. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
