import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { crc64nvme } from "../../../lib/region/services/s3/checksums.ts";
import { Bucket, Key, makeSite } from "./make-site.ts";

const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-4000-8000-000000000001";

describe("copying an old version onto its key", () => {
  it("takes neither storage class nor encryption nor redirect along, and takes them from the request", async () => {
    const { put, head, copy } = makeSite();
    const kms = { ServerSideEncryption: "aws:kms", SSEKMSKeyId: keyArn, BucketKeyEnabled: true } as const;
    const { VersionId } = await put("one", {
      StorageClass: "STANDARD_IA",
      WebsiteRedirectLocation: "/elsewhere",
      CacheControl: "no-cache",
      ...kms,
    });
    expect(await head()).toMatchObject({
      StorageClass: "STANDARD_IA",
      WebsiteRedirectLocation: "/elsewhere",
      ...kms,
    });
    await put("two");

    const source = `${Bucket}/${Key}?versionId=${VersionId}`;
    await copy(source);
    const plain = await head();
    const { SSEKMSKeyId } = await copy(source, {
      ...kms,
      StorageClass: "STANDARD_IA",
      WebsiteRedirectLocation: "/x",
    });
    const full = await head();

    expect(plain).toMatchObject({ ServerSideEncryption: "AES256", CacheControl: "no-cache" });
    expect(plain.StorageClass ?? plain.WebsiteRedirectLocation ?? plain.SSEKMSKeyId).toBeUndefined();
    expect(SSEKMSKeyId).toBe(keyArn);
    expect(full).toMatchObject({ StorageClass: "STANDARD_IA", WebsiteRedirectLocation: "/x", ...kms });
    expect(full.ETag).not.toBe(plain.ETag);
  });

  it("is refused for an archived version, which cannot be read either", async () => {
    const { put, copy, get, head, buckets } = makeSite();
    const { VersionId = "" } = await put("one", { StorageClass: "DEEP_ARCHIVE" });
    const { VersionId: tiered = "" } = await put("two", { StorageClass: "INTELLIGENT_TIERING" });
    const version = buckets.get(Bucket).object(Key, tiered);
    version.archiveTier = "ARCHIVE_ACCESS";

    await expect(copy(`${Bucket}/${Key}?versionId=${VersionId}`)).rejects.toMatchObject({
      name: "ObjectNotInActiveTierError",
      $metadata: { httpStatusCode: 403 },
    });
    await expect(copy(`${Bucket}/${Key}?versionId=${tiered}`)).rejects.toMatchObject({
      name: "InvalidObjectState",
    });
    await expect(get(VersionId)).rejects.toMatchObject({
      name: "InvalidObjectState",
      StorageClass: "DEEP_ARCHIVE",
    });
    expect((await head()).ArchiveStatus).toBe("ARCHIVE_ACCESS");
  });

  it("is answered with 412 when the target has changed and with 409 while somebody else writes it", async () => {
    const { put, copy, versions, buckets } = makeSite();
    const { VersionId, ETag: old } = await put("one");
    const { ETag: current } = await put("two");
    const source = `${Bucket}/${Key}?versionId=${VersionId}`;

    await expect(copy(source, { IfMatch: old })).rejects.toMatchObject({
      name: "PreconditionFailed",
      $metadata: { httpStatusCode: 412 },
    });
    await expect(copy(source, { IfNoneMatch: "*" })).rejects.toMatchObject({ name: "PreconditionFailed" });
    buckets.contend(Bucket, Key);
    await expect(copy(source, { IfMatch: current })).rejects.toMatchObject({
      name: "ConditionalRequestConflict",
      $metadata: { httpStatusCode: 409 },
    });
    expect((await versions()).versions).toHaveLength(2);
    await copy(source, { IfMatch: current, CopySourceIfMatch: old });
    expect((await versions()).versions).toHaveLength(3);
  });

  it("shows the storage class in the listing", async () => {
    const { put, client, run } = makeSite();
    await put("one", { StorageClass: "GLACIER" });
    await put("two");

    const { Versions = [] } = await run(() => client.send(new ListObjectVersionsCommand({ Bucket })));

    expect(Versions.map(({ StorageClass }): string | undefined => StorageClass)).toEqual([
      "STANDARD",
      "GLACIER",
    ]);
  });
});

describe("a KMS key of the customer", () => {
  it("must be one that the caller may use, to write and to read", async () => {
    const { client, clientOf, run, put } = makeSite();
    await put("x");
    const objects = { Action: ["s3:GetObject", "s3:PutObject"], Resource: `arn:aws:s3:::${Bucket}/*` };
    const kms = { ServerSideEncryption: "aws:kms", SSEKMSKeyId: keyArn } as const;
    const Body = "secret";
    const write = (who: typeof client) =>
      run(() => who.send(new PutObjectCommand({ Bucket, Key, Body, ...kms })));
    const read = (who: typeof client) => run(() => who.send(new GetObjectCommand({ Bucket, Key })));

    const without = clientOf("without", objects);
    const writer = clientOf("writer", objects, { Action: ["kms:GenerateDataKey"], Resource: keyArn });
    const reader = clientOf("reader", objects, { Action: ["kms:Decrypt"], Resource: keyArn });

    await expect(write(without)).rejects.toMatchObject({ name: "AccessDenied" });
    await write(writer);
    await expect(read(writer)).rejects.toMatchObject({ name: "AccessDenied" });
    await read(reader);
    const CopySource = `${Bucket}/${Key}`;
    await expect(
      run(() => writer.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource }))),
    ).rejects.toMatchObject({ name: "AccessDenied" });
  });
});

describe("an object that came without a checksum", () => {
  it("has a CRC64NVME, which a reader gets when asking for it", async () => {
    const { buckets, client, run, put } = makeSite();
    await put("x");
    const bucket = buckets.get(Bucket);
    const { headers } = bucket.object(Key, undefined);
    bucket.put(Key, { body: Buffer.from("123456789"), headers, checksums: {}, tags: {} });
    const head = (ChecksumMode?: "ENABLED") =>
      run(() => client.send(new HeadObjectCommand({ Bucket, Key, ...(ChecksumMode && { ChecksumMode }) })));

    // The check value of CRC-64/NVME: https://reveng.sourceforge.io/crc-catalogue/17plus.htm
    expect(Buffer.from(crc64nvme(Buffer.from("123456789")), "base64").toString("hex")).toBe(
      "ae8b14860a799888",
    );
    expect(await head("ENABLED")).toMatchObject({
      ChecksumCRC64NVME: crc64nvme(Buffer.from("123456789")),
      ChecksumType: "FULL_OBJECT",
    });
    expect((await head()).ChecksumCRC64NVME).toBeUndefined();
  });
});
