import { s3Error } from "./s3-error.ts";

export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/** Reads `x-amz-copy-source`: `bucket/URL-encoded-key?versionId=…`, with or without a leading slash. */
export function parseCopySource(header: string | undefined): CopySource {
  const match = /^\/?([^/?]+)\/([^?]+)(?:\?versionId=([^&]+))?$/.exec(header ?? "");
  const [, bucket, key, versionId] = match ?? [];
  if (bucket === undefined || key === undefined) {
    throw s3Error.invalidArgument(
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
    );
  }
  return { bucket, key: decoded(key), versionId };
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    throw s3Error.invalidArgument("The copy source must be URL-encoded");
  }
}
