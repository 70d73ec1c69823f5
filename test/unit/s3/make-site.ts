import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { makeS3 } from "./make-s3.ts";

export const Bucket = "site";
export const Key = "index.html";

/** The bucket `site` and short ways to ask for its `index.html`. */
export function makeSite(...bucket: Parameters<typeof makeS3>) {
  const region = makeS3(...bucket);
  const { client, run } = region;
  return {
    ...region,
    put: (Body: string, more: Partial<PutObjectCommandInput> = {}) =>
      run(() => client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))),
    get: (VersionId?: string) =>
      run(async () => {
        const output = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
        return { ...output, text: await output.Body?.transformToString() };
      }),
    head: () => run(() => client.send(new HeadObjectCommand({ Bucket, Key }))),
    remove: (VersionId?: string) =>
      run(() => client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }))),
    copy: (CopySource: string, more: Partial<CopyObjectCommandInput> = {}) =>
      run(() => client.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...more }))),
    versions: async () => {
      const { Versions = [], DeleteMarkers = [] } = await run(() =>
        client.send(new ListObjectVersionsCommand({ Bucket })),
      );
      return { versions: Versions.map(({ VersionId }) => VersionId), markers: DeleteMarkers };
    },
  };
}
