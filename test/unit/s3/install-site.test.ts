import { DeleteObjectsCommand, ListObjectsV2Command, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { Buckets } from "../../../lib/region/services/s3/buckets.ts";
import { installSite, type NewSite } from "../../../lib/region/services/s3/install-site.ts";
import { makeS3 } from "./make-s3.ts";

const NOW = Date.parse("2026-11-21T10:00:00.700Z");
const HOUR = 3_600_000;

function makeSite(overrides: Partial<NewSite> = {}) {
  const region = makeS3();
  const site = installSite(region.buckets, {
    bucket: "frontend",
    layout: "live",
    releases: [
      { name: "r1", commit: "aaaaaaa", at: NOW - 2 * HOUR },
      { name: "r2", commit: "bbbbbbb", at: NOW - HOUR },
    ],
    ...overrides,
  });
  return { ...region, site };
}

describe("an installed site", () => {
  it("keeps each release's versions, with the time at which it was deployed", async () => {
    const { site, client, run } = makeSite({ files: 30, changedAssets: 5 });

    const { Versions = [] } = await run(() =>
      client.send(new ListObjectVersionsCommand({ Bucket: "frontend", Prefix: "index.html" })),
    );
    const keys = new Set([...site.bucket.keys()]);

    expect(keys.size).toBe(30);
    expect(Versions.map(({ IsLatest, LastModified }) => [IsLatest, LastModified?.toISOString()])).toEqual([
      [true, "2026-11-21T09:00:00.000Z"],
      [false, "2026-11-21T08:00:00.000Z"],
    ]);
    const page = (release: string) => site.manifests.get(release)?.find(({ key }) => key === "index.html");
    expect([page("r2")?.versionId, page("r1")?.versionId]).toEqual(
      Versions.map(({ VersionId }) => VersionId),
    );
    expect(Buffer.from(page("r1")?.body ?? []).toString()).toContain('<meta name="release" content="r1">');
  });

  it("changes an asset's bytes and never its size, and leaves the others alone", () => {
    const { site } = makeSite({ files: 30, changedAssets: 5 });

    const assets = [...site.bucket.keys()].filter((key) => key.startsWith("assets/"));
    const changed = assets.filter((key) => site.bucket.versionsOf(key).length === 2);

    expect(changed).toHaveLength(6);
    for (const key of changed) {
      const [newest, oldest] = site.bucket.versionsOf(key);
      if (newest?.kind !== "object" || oldest?.kind !== "object") throw new Error("Assets were deleted");
      expect(newest.etag).not.toBe(oldest.etag);
      expect(newest.body.byteLength).toBe(oldest.body.byteLength);
    }
  });

  it("stands below a prefix of each release, or shares hashed assets", () => {
    const releases = makeSite({ layout: "releases", files: 10 }).site;
    const shared = makeSite({ layout: "shared-assets", files: 10, changedAssets: 1 }).site;
    const prefixes = (keys: Iterable<string>) =>
      [...new Set([...keys].map((key) => key.replace(/[^/]+$/, "")))].sort();

    expect(prefixes(releases.bucket.keys())).toEqual([
      "releases/r1/",
      "releases/r1/assets/",
      "releases/r2/",
      "releases/r2/assets/",
    ]);
    expect(prefixes(shared.bucket.keys())).toEqual(["", "assets/", "releases/r1/", "releases/r2/"]);
    expect(() => makeSite({ layout: "shared-assets", hashedNames: false })).toThrow("content hash");
  });

  it("lets somebody deploy in the middle of something else", async () => {
    const { site, kernel } = makeSite();
    await kernel.runUntil(kernel.now + 60_000);

    const written = site.deploy({ name: "r3", commit: "ccccccc" }, ({ path }) => path === "index.html");

    expect(written.map(({ key }) => key)).toEqual(["index.html"]);
    expect(site.bucket.current("index.html")?.lastModified.toISOString()).toBe("2026-11-21T10:01:00.000Z");
    expect(site.bucket.current("version.json")?.lastModified.toISOString()).toBe("2026-11-21T09:00:00.000Z");
  });

  it("is listed to the end, each key once, over many pages", async () => {
    const { client, run, site } = makeSite({ files: 4_000, changedAssets: 500 });
    const keys: (string | undefined)[] = [];
    let KeyMarker: string | undefined;
    let VersionIdMarker: string | undefined;
    do {
      const input = { Bucket: "frontend", KeyMarker, VersionIdMarker };
      const page = await run(() => client.send(new ListObjectVersionsCommand(input)));
      keys.push(...(page.Versions ?? []).flatMap(({ Key, IsLatest }) => (IsLatest ? [Key] : [])));
      [KeyMarker, VersionIdMarker] = [page.NextKeyMarker, page.NextVersionIdMarker];
    } while (KeyMarker !== undefined);

    expect(keys).toEqual([...site.bucket.keys()]);
    expect(keys).toHaveLength(4_000);
  });

  it("gives a thousand delete markers in one request, and refuses one more", async () => {
    const { client, run, site } = makeSite({ files: 1_010 });
    const keys = [...site.bucket.keys()];
    const remove = (count: number) =>
      run(() =>
        client.send(
          new DeleteObjectsCommand({
            Bucket: "frontend",
            Delete: { Objects: keys.slice(0, count).map((Key) => ({ Key })) },
          }),
        ),
      );

    await expect(remove(1_001)).rejects.toMatchObject({ name: "MalformedXML" });
    const { Deleted = [] } = await remove(1_000);

    expect(
      Deleted.every(({ DeleteMarker, DeleteMarkerVersionId }) => DeleteMarker && DeleteMarkerVersionId),
    ).toBe(true);
    const { Contents = [] } = await run(() => client.send(new ListObjectsV2Command({ Bucket: "frontend" })));
    expect(Contents).toHaveLength(10);
  });
});

describe("a bucket that is written and emptied again", () => {
  it("lists a key that comes back after all its versions were destroyed, once", () => {
    const { buckets } = makeS3();
    expect(buckets).toBeInstanceOf(Buckets);
    const bucket = buckets.create("again");
    const headers = {
      contentType: "text/plain",
      cacheControl: undefined,
      contentEncoding: undefined,
      contentDisposition: undefined,
      contentLanguage: undefined,
      metadata: {},
    };
    const put = (key: string) =>
      bucket.put(key, { body: Buffer.from(key), headers, checksums: {}, tags: {} });
    for (const key of ["b", "a"]) put(key);
    expect([...bucket.keys()]).toEqual(["a", "b"]);

    bucket.delete("a");
    expect([...bucket.keys()]).toEqual(["b"]);
    put("c");
    expect([...bucket.keys()]).toEqual(["b", "c"]);
    put("a");

    expect([...bucket.keys()]).toEqual(["a", "b", "c"]);
    expect([...bucket.keys("aa")]).toEqual(["b", "c"]);
  });
});
