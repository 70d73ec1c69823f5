import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeS3 } from "./make-s3.ts";

const Bucket = "site";

/**
 * Keys with folders, characters outside the BMP (whose UTF-8 and UTF-16 orders differ) and shared beginnings.
 */
const part = fc.constantFrom("a", "b", "ab", "é", "\u{1F600}", "\uFFEE", "z z", "+");
const key = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const keys = fc.uniqueArray(key, { maxLength: 20 });

function inUtf8Order(texts: readonly string[]): string[] {
  return [...texts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function makeSite(contents: readonly string[]) {
  const { client, run } = makeS3();
  for (const Key of contents) await run(() => client.send(new PutObjectCommand({ Bucket, Key, Body: Key })));
  return { client, run };
}

describe("listing objects", () => {
  it("gives every key once, in UTF-8 order, whatever the page size", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(keys, fc.integer({ min: 1, max: 6 }), fc.boolean(), async (contents, MaxKeys, url) => {
        const { client, run } = await makeSite(contents);
        const found: string[] = [];
        let ContinuationToken: string | undefined;
        do {
          const input = {
            Bucket,
            MaxKeys,
            ContinuationToken,
            ...(url ? { EncodingType: "url" as const } : {}),
          };
          const page = await run(() => client.send(new ListObjectsV2Command(input)));
          expect(page.KeyCount).toBe(page.Contents?.length ?? 0);
          found.push(...(page.Contents ?? []).map(({ Key = "" }) => (url ? decodeURIComponent(Key) : Key)));
          expect(page.IsTruncated).toBe(page.NextContinuationToken !== undefined);
          ContinuationToken = page.NextContinuationToken;
        } while (ContinuationToken !== undefined);

        expect(found).toEqual(inUtf8Order(contents));
      }),
      { numRuns: 25 },
    );
  });

  it("rolls folders up, counts each as one, and gives every folder once across pages", {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(keys, fc.integer({ min: 1, max: 4 }), async (contents, MaxKeys) => {
        const { client, run } = await makeSite(contents);
        const found: string[] = [];
        let ContinuationToken: string | undefined;
        do {
          const input = { Bucket, MaxKeys, ContinuationToken, Delimiter: "/" };
          const page = await run(() => client.send(new ListObjectsV2Command(input)));
          const folders = (page.CommonPrefixes ?? []).map(({ Prefix = "" }) => Prefix);
          const plain = (page.Contents ?? []).map(({ Key = "" }) => Key);
          expect(folders.length + plain.length).toBeLessThanOrEqual(MaxKeys);
          found.push(...inUtf8Order([...folders, ...plain]));
          ContinuationToken = page.NextContinuationToken;
        } while (ContinuationToken !== undefined);

        const rolled = contents.map((text) => (text.includes("/") ? `${text.split("/")[0]}/` : text));
        expect(found).toEqual(inUtf8Order([...new Set(rolled)]));
      }),
      { numRuns: 25 },
    );
  });

  it("narrows by prefix, starts after a key, and leaves out what a delete marker hides", async () => {
    const { client, run } = await makeSite(["releases/1/a", "releases/1/b", "releases/2/a", "other"]);
    await run(() => client.send(new DeleteObjectCommand({ Bucket, Key: "releases/1/b" })));
    const list = async (more: Partial<ListObjectsV2Command["input"]>) =>
      run(() => client.send(new ListObjectsV2Command({ Bucket, Prefix: "releases/", ...more })));

    expect((await list({})).Contents?.map(({ Key }) => Key)).toEqual(["releases/1/a", "releases/2/a"]);
    expect((await list({ Delimiter: "/" })).CommonPrefixes).toEqual([
      { Prefix: "releases/1/" },
      { Prefix: "releases/2/" },
    ]);
    expect((await list({ StartAfter: "releases/1/a" })).Contents).toMatchObject([
      { Key: "releases/2/a", Size: 12 },
    ]);
    await expect(list({ ContinuationToken: "no token" })).rejects.toMatchObject({ name: "InvalidArgument" });
  });
});

interface Row {
  readonly Key: string | undefined;
  readonly VersionId: string | undefined;
}

describe("listing versions", () => {
  it("gives every version and marker once, newest first within a key, whatever the page size", {
    timeout: 60_000,
  }, async () => {
    const history = fc.array(
      fc.record({ key: fc.constantFrom("a", "a/b", "b", "é"), deletes: fc.boolean() }),
      {
        maxLength: 15,
      },
    );
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 5 }), async (events, MaxKeys) => {
        const { client, run } = makeS3();
        const expected: (Row & { readonly deletes: boolean })[] = [];
        for (const { key: Key, deletes } of events) {
          const { VersionId } = deletes
            ? await run(() => client.send(new DeleteObjectCommand({ Bucket, Key })))
            : await run(() => client.send(new PutObjectCommand({ Bucket, Key, Body: "x" })));
          expected.unshift({ Key, VersionId, deletes });
        }
        const [versions, markers]: [Row[], Row[]] = [[], []];
        let page: ListObjectVersionsCommandOutput | undefined;
        do {
          const input = {
            Bucket,
            MaxKeys,
            KeyMarker: page?.NextKeyMarker,
            VersionIdMarker: page?.NextVersionIdMarker,
          };
          page = await run(() => client.send(new ListObjectVersionsCommand(input)));
          const { Versions = [], DeleteMarkers = [] } = page;
          expect(Versions.length + DeleteMarkers.length).toBeLessThanOrEqual(MaxKeys);
          versions.push(...Versions.map(({ Key, VersionId }) => ({ Key, VersionId })));
          markers.push(...DeleteMarkers.map(({ Key, VersionId }) => ({ Key, VersionId })));
        } while (page.IsTruncated);

        const inOrder = (wanted: boolean) =>
          ["a", "a/b", "b", "é"].flatMap((Key) =>
            expected
              .filter((row) => row.Key === Key && row.deletes === wanted)
              .map(({ VersionId }) => ({ Key, VersionId })),
          );
        expect(versions).toEqual(inOrder(false));
        expect(markers).toEqual(inOrder(true));
      }),
      { numRuns: 25 },
    );
  });

  it("marks the newest version of each key and needs a key marker beside a version marker", async () => {
    const { client, run } = await makeSite(["a", "a", "b"]);
    const list = (more: Partial<ListObjectVersionsCommand["input"]>) =>
      run(() => client.send(new ListObjectVersionsCommand({ Bucket, ...more })));

    const { Versions } = await list({});
    expect(Versions?.map(({ Key, IsLatest }) => [Key, IsLatest])).toEqual([
      ["a", true],
      ["a", false],
      ["b", true],
    ]);
    expect((await list({ KeyMarker: "a" })).Versions?.map(({ Key }) => Key)).toEqual(["b"]);
    await expect(list({ VersionIdMarker: "x" })).rejects.toMatchObject({ name: "InvalidArgument" });
  });
});
