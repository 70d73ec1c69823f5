import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { makeFrontend } from "./make-frontend.ts";

describe("viewers", () => {
  it("get the page, the version and every asset of the live release", () => {
    const { viewers, Id, domainName } = makeFrontend();

    const visit = viewers.visit(Id);
    const version = viewers.answerHttp(`${domainName}:443`, "/version.json?t=1");

    expect(visit).toMatchObject({ status: 200, release: "r2", broken: [] });
    expect(JSON.parse(Buffer.from(version?.body ?? []).toString())).toEqual({
      release: "r2",
      commit: "bbbbbbb",
    });
    expect(version?.headers).toMatchObject({
      "content-type": "application/json",
      "x-cache": "Miss from cloudfront",
    });
    expect(viewers.answerHttp("example.com", "/")).toBeUndefined();
  });

  it("keep the old assets from the edge's cache after the origin path has switched, until they are invalidated", async () => {
    const { viewers, switchTo, invalidate, wait, Id } = makeFrontend({
      site: { layout: "releases" },
      distribution: { originPath: "/releases/r2" },
    });
    for (const edge of viewers.edges) viewers.visit(Id, edge);
    await switchTo("/releases/r1");
    await wait(900);

    const before = viewers.visit(Id);
    await invalidate("after", "/*");
    await wait(120);
    const after = viewers.edges.map((edge) => viewers.visit(Id, edge));

    // The page is revalidated and is r1's; its unhashed assets are still those of r2.
    expect(before.release).toBe("r1");
    expect(before.broken).toContain("/assets/chunk-000000.js");
    for (const visit of after) expect(visit).toMatchObject({ release: "r1", broken: [] });
  });

  it("get stale objects again when the invalidation comes before the switch has reached the edge", async () => {
    const { viewers, cloudFront, switchTo, invalidate, wait, Id } = makeFrontend({
      site: { layout: "releases" },
      distribution: { originPath: "/releases/r2" },
    });
    const asset = "/assets/chunk-000000.js";
    cloudFront.pace.configuration = { from: 600, to: 601 };
    await switchTo("/releases/r1");
    await invalidate("too early", "/*");
    await wait(120);
    const refilled = viewers.request(Id, asset);
    await wait(900);

    expect(refilled.headers["x-cache"]).toBe("Miss from cloudfront");
    expect(viewers.request(Id, asset)).toMatchObject({
      object: { key: "releases/r2/assets/chunk-000000.js" },
      headers: { "x-cache": "Hit from cloudfront" },
    });
  });

  it("are moved by the pointer within seconds, entry points alone, without any invalidation", async () => {
    const { viewers, store, wait, Id } = makeFrontend({
      site: { layout: "shared-assets" },
      pointer: "r2",
    });
    for (const edge of viewers.edges) expect(viewers.visit(Id, edge).release).toBe("r2");

    store?.change({ puts: [{ key: "release", value: "r1" }], deletes: [] }, store.etag);
    expect(viewers.visit(Id).release).toBe("r2");
    await wait(20);

    for (const edge of viewers.edges) {
      expect(viewers.visit(Id, edge)).toMatchObject({ release: "r1", broken: [] });
      expect(viewers.visit(Id, edge, "/some/route").release).toBe("r1");
    }
    expect(viewers.request(Id, "/version.json").object?.key).toBe("releases/r1/version.json");
  });

  it("get the layout's own entry points when the pointer cannot be read, and a page in maintenance", async () => {
    const { viewers, store, wait, Id } = makeFrontend({
      site: { layout: "shared-assets" },
      pointer: "{ not json",
    });
    expect(viewers.request(Id, "/")).toMatchObject({ release: "r2", object: { key: "index.html" } });

    const value = JSON.stringify({ rel: "r1", maint: true, msg: "Back soon" });
    store?.change({ puts: [{ key: "release", value }], deletes: [] }, store.etag);
    await wait(20);

    const answer = viewers.request(Id, "/");
    expect(answer.status).toBe(503);
    expect(Buffer.from(answer.body).toString()).toBe("Back soon");
    expect(answer.headers["retry-after"]).toBe("120");
  });

  it("are shown a page for everything while its key is not off, but for what proves the release", async () => {
    const { viewers, store, wait, Id } = makeFrontend({
      site: { layout: "shared-assets" },
      pointer: "r2",
      page: { except: ["/version.json"] },
    });
    const turnedAway = (path: string) => viewers.edges.map((edge) => viewers.turnedAway(Id, path, edge));
    expect(new Set(turnedAway("/"))).toEqual(new Set([false]));

    store?.change({ puts: [{ key: "page", value: "on" }], deletes: [] }, store.etag);
    await wait(20);

    expect(viewers.request(Id, "/")).toMatchObject({ status: 503, headers: { "cache-control": "no-store" } });
    expect(new Set([...turnedAway("/"), ...turnedAway("/api/documents")])).toEqual(new Set([true]));
    expect(viewers.request(Id, "/version.json")).toMatchObject({ status: 200, release: "r2" });
    store?.change({ puts: [{ key: "page", value: "off" }], deletes: [] }, store.etag);
    await wait(20);
    expect(viewers.request(Id, "/")).toMatchObject({ status: 200, release: "r2" });
  });

  it("see an entry point that was put a moment later, and an asset only when its time in the cache is over", async () => {
    const { viewers, site, wait, Id } = makeFrontend();
    viewers.visit(Id);
    site.deploy({ name: "r3", commit: "ccccccc" });
    await wait(2);

    const visit = viewers.visit(Id);
    const aged = viewers.request(Id, "/assets/chunk-000000.js");
    await wait(3_600);
    const fresh = viewers.request(Id, "/assets/chunk-000000.js");

    expect(visit).toMatchObject({
      release: "r3",
      broken: expect.arrayContaining(["/assets/chunk-000000.js"]),
    });
    expect(aged.headers).toMatchObject({ "x-cache": "Hit from cloudfront", age: "2" });
    expect(fresh.headers["x-cache"]).toBe("Miss from cloudfront");
    expect(viewers.visit(Id).broken).toEqual([]);
  });

  it("get 403 for a deleted asset, kept ten seconds, or the page with 200 in a single-page application", async () => {
    const asset = "/assets/chunk-000000.js";
    const plain = makeFrontend();
    const single = makeFrontend({ distribution: { singlePage: true } });
    for (const { s3, run } of [plain, single]) {
      await run(() => s3.send(new DeleteObjectCommand({ Bucket: "site", Key: asset.slice(1) })));
    }

    expect(plain.viewers.request(plain.Id, asset)).toMatchObject({
      status: 403,
      headers: { "x-cache": "Error from cloudfront" },
    });
    await plain.run(() =>
      plain.s3.send(new PutObjectCommand({ Bucket: "site", Key: asset.slice(1), Body: "x" })),
    );
    expect(plain.viewers.request(plain.Id, asset).status).toBe(403);
    await plain.wait(10);
    expect(plain.viewers.request(plain.Id, asset).status).toBe(200);
    const html = single.viewers.request(single.Id, asset);
    expect(html).toMatchObject({ status: 200, headers: { "content-type": "text/html" } });
    expect(single.viewers.visit(single.Id).broken).toEqual([asset]);
  });

  it("get nothing from a bucket whose policy does not let the distribution in", () => {
    const { viewers, cloudFront } = makeFrontend();
    const stranger = cloudFront.install({ name: "stranger", bucket: "site" });

    expect(viewers.request(stranger.identity.id, "/").status).toBe(403);
  });

  it("get the same from the same seed", async () => {
    const night = async () => {
      const { kernel, switchTo, invalidate, wait } = makeFrontend({ seed: 9, site: { layout: "releases" } });
      await switchTo("/releases/r1");
      await invalidate("x", "/*");
      await wait(900);
      return kernel.log.lines();
    };

    const [first, second] = [await night(), await night()];

    expect(first.length).toBeGreaterThan(8);
    expect(second).toEqual(first);
  });
});
