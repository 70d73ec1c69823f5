import { describe, expect, it } from "vitest";
import { Key, makeSite } from "./make-site.ts";

describe("copying", () => {
  it("makes an old version the current one again, with its headers and tags, as a new version", async () => {
    const { put, copy, get, versions } = makeSite();
    const key = "a b/é+#.js";
    const old = await put("old", {
      Key: key,
      ContentType: "text/javascript",
      Tagging: "release=1",
      Metadata: { a: "1" },
    });
    const bad = await put("bad", { Key: key });

    const copied = await copy(
      `site/${key.split("/").map(encodeURIComponent).join("/")}?versionId=${old.VersionId}`,
      {
        Key: key,
        CopySourceIfMatch: old.ETag,
        IfMatch: bad.ETag,
        AnnotationDirective: "EXCLUDE",
      },
    );

    expect(copied).toMatchObject({
      CopySourceVersionId: old.VersionId,
      CopyObjectResult: { ETag: old.ETag },
    });
    expect((await versions()).versions).toEqual([copied.VersionId, bad.VersionId, old.VersionId]);
    await copy(`site/${encodeURIComponent(key)}`);
    expect(await get()).toMatchObject({
      text: "old",
      ContentType: "text/javascript",
      Metadata: { a: "1" },
      TagCount: 1,
    });
  });

  it("refuses when the source or the target changed meanwhile", async () => {
    const { put, copy } = makeSite();
    const old = await put("old");
    const bad = await put("bad");
    const source = `site/${Key}?versionId=${old.VersionId}`;

    await expect(copy(source, { CopySourceIfMatch: bad.ETag })).rejects.toMatchObject({
      name: "PreconditionFailed",
    });
    await expect(copy(source, { IfMatch: old.ETag })).rejects.toMatchObject({ name: "PreconditionFailed" });
    await expect(copy(source, { IfNoneMatch: "*" })).rejects.toMatchObject({ name: "PreconditionFailed" });
  });

  it("refuses a delete marker as its source, and a copy onto itself that changes nothing", async () => {
    const { put, copy, remove } = makeSite();
    await put("one");
    await expect(copy(`site/${Key}`)).rejects.toMatchObject({ name: "InvalidRequest" });
    await copy(`site/${Key}`, { MetadataDirective: "REPLACE", CacheControl: "no-store" });
    const { VersionId } = await remove();

    await expect(copy(`site/${Key}?versionId=${VersionId}`)).rejects.toMatchObject({
      name: "InvalidRequest",
    });
    await expect(copy(`site/${Key}`)).rejects.toMatchObject({ name: "NoSuchKey" });
    await expect(copy(`nowhere/${Key}`)).rejects.toMatchObject({ name: "NoSuchBucket" });
  });
});
