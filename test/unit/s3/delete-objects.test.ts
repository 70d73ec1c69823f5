import { DeleteObjectsCommand, type ObjectIdentifier } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { Bucket, makeSite } from "./make-site.ts";

describe("deleting several objects", () => {
  it("decides each key on its own: permission, condition, marker", async () => {
    const { put, clientOf, run, buckets } = makeSite();
    const { ETag: old } = await put("one", { Key: "live/a" });
    await put("two", { Key: "live/a" });
    await put("b", { Key: "live/b" });
    await put("c", { Key: "other/c" });
    const client = clientOf("janitor", {
      Action: ["s3:DeleteObject", "s3:GetObject"],
      Resource: `arn:aws:s3:::${Bucket}/live/*`,
    });
    const Objects: ObjectIdentifier[] = [
      ...[{ Key: "live/a", ETag: old }, { Key: "live/b" }, { Key: "live/none" }, { Key: "other/c" }],
      { Key: "live/b", VersionId: buckets.get(Bucket).current("live/b")?.versionId },
    ];

    const { Deleted = [], Errors = [] } = await run(() =>
      client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } })),
    );

    expect(Deleted.map(({ Key, DeleteMarker }) => [Key, DeleteMarker])).toEqual([
      ["live/b", true],
      ["live/none", true],
    ]);
    expect(Errors.map(({ Key, Code }) => [Key, Code])).toEqual([
      ["live/a", "PreconditionFailed"],
      ["other/c", "AccessDenied"],
      ["live/b", "AccessDenied"],
    ]);
    expect(buckets.get(Bucket).current("live/a")).toBeDefined();
    expect(
      buckets
        .get(Bucket)
        .versionsOf("live/b")
        .map(({ kind }) => kind),
    ).toEqual(["delete marker", "object"]);
  });
});
