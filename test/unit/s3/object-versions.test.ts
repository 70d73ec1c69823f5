import { createHash } from "node:crypto";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  NoSuchKey,
  PutBucketVersioningCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { Bucket, Key, makeSite } from "./make-site.ts";

describe("an object", () => {
  it("comes back with everything that was said about it, and a quoted MD5 as its ETag", async () => {
    const { put, get, head } = makeSite();

    const written = await put("<h1>é</h1>", {
      ContentType: "text/html",
      CacheControl: "no-cache",
      Metadata: { release: "2.10.0" },
      Tagging: "release=2.10.0&kind=entry",
    });
    const read = await get();

    const md5 = createHash("md5").update("<h1>é</h1>").digest("hex");
    const described = {
      ETag: `"${md5}"`,
      VersionId: written.VersionId,
      ContentType: "text/html",
      CacheControl: "no-cache",
      ContentLength: 11,
      Metadata: { release: "2.10.0" },
      TagCount: 2,
      LastModified: new Date("2026-11-21T10:00:00.000Z"),
    };
    expect(read).toMatchObject({ ...described, text: "<h1>é</h1>" });
    expect(await head()).toMatchObject(described);
  });

  it("is refused when the bytes are not the ones the writer summed up", async () => {
    const { put } = makeSite();
    const sha256 = createHash("sha256").update("other").digest("base64");

    await expect(put("body", { ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" })).rejects.toMatchObject({
      name: "BadDigest",
    });
    await expect(put("body", { ChecksumCRC32: "AAAAAA==" })).rejects.toMatchObject({ name: "BadDigest" });
    await expect(put("body", { ChecksumSHA256: sha256 })).rejects.toMatchObject({ name: "BadDigest" });
  });

  it("keeps its earlier versions under a delete marker, and none of them is lost by deleting", async () => {
    const { put, get, head, remove, versions } = makeSite();
    const first = await put("one");
    const second = await put("two");

    const deleted = await remove();
    const missing = get();

    expect(deleted.DeleteMarker).toBe(true);
    await expect(missing).rejects.toBeInstanceOf(NoSuchKey);
    await expect(head()).rejects.toMatchObject({ name: "NotFound", $metadata: { httpStatusCode: 404 } });
    await expect(get(deleted.VersionId)).rejects.toMatchObject({ name: "MethodNotAllowed" });
    expect((await get(first.VersionId)).text).toBe("one");
    const listed = await versions();
    expect(listed.versions).toEqual([second.VersionId, first.VersionId]);
    expect(listed.markers).toMatchObject([{ VersionId: deleted.VersionId, IsLatest: true }]);
  });

  it("is back when its delete marker is destroyed", async () => {
    const { put, get, remove } = makeSite();
    await put("one");
    const { VersionId } = await remove();

    expect(await remove(VersionId)).toMatchObject({ DeleteMarker: true, VersionId });

    expect((await get()).text).toBe("one");
    await expect(get("0".repeat(32))).rejects.toMatchObject({ name: "NoSuchVersion" });
  });

  it("is overwritten for good without versioning, and again once versioning is suspended", async () => {
    const { put, remove, versions, client, run } = makeSite({});
    const suspend = (Status: "Enabled" | "Suspended") =>
      run(() => client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } })));

    await put("one");
    expect((await put("two")).VersionId).toBeUndefined();
    expect((await versions()).versions).toEqual(["null"]);
    await suspend("Enabled");
    const third = await put("three");
    await suspend("Suspended");
    await put("four");
    expect((await versions()).versions).toEqual(["null", third.VersionId]);
    await remove();
    expect(await versions()).toMatchObject({ versions: [third.VersionId], markers: [{ VersionId: "null" }] });
  });

  it("carries tags that belong to one version", async () => {
    const { put, client, run } = makeSite();
    const first = await put("one");
    await put("two");
    const Tagging = { TagSet: [{ Key: "bad", Value: "yes" }] };
    const tags = (VersionId?: string) =>
      run(() => client.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId })));

    await run(() =>
      client.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging, VersionId: first.VersionId })),
    );

    expect((await tags(first.VersionId)).TagSet).toEqual(Tagging.TagSet);
    expect((await tags()).TagSet).toEqual([]);
  });
});

describe("a conditional request", () => {
  it("writes only what is still as the writer saw it", async () => {
    const { put, remove, get } = makeSite();
    const first = await put("one", { IfNoneMatch: "*" });

    await expect(put("again", { IfNoneMatch: "*" })).rejects.toMatchObject({
      name: "PreconditionFailed",
      $metadata: { httpStatusCode: 412 },
    });
    const second = await put("two", { IfMatch: first.ETag });
    await expect(put("late", { IfMatch: first.ETag })).rejects.toMatchObject({ name: "PreconditionFailed" });
    expect((await get()).text).toBe("two");
    await remove();
    await expect(put("gone", { IfMatch: second.ETag })).rejects.toMatchObject({ name: "NoSuchKey" });
    await put("reborn", { IfNoneMatch: "*" });
  });

  it("reads only what matches", async () => {
    const { put, client, run } = makeSite();
    const { ETag } = await put("one");
    const get = (condition: { readonly IfMatch?: string; readonly IfNoneMatch?: string | undefined }) =>
      run(() => client.send(new GetObjectCommand({ Bucket, Key, ...condition })));

    await expect(get({ IfMatch: '"other"' })).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
    await expect(get({ IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await get({ IfNoneMatch: '"other"' });
  });

  it("deletes only what is unchanged, each key of a batch by itself", async () => {
    const { put, client, run } = makeSite();
    const { ETag } = await put("one");
    await put("kept", { Key: "app.js" });
    const Objects = [
      { Key, ETag },
      { Key: "app.js", ETag },
    ];

    await expect(
      run(() => client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: '"other"' }))),
    ).rejects.toMatchObject({ name: "PreconditionFailed" });
    const batch = await run(() => client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } })));

    expect(batch.Deleted).toMatchObject([{ Key, DeleteMarker: true }]);
    expect(batch.Errors).toMatchObject([{ Key: "app.js", Code: "PreconditionFailed" }]);
  });
});
