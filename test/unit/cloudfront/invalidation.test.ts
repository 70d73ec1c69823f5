import { GetInvalidationCommand } from "@aws-sdk/client-cloudfront";
import { describe, expect, it } from "vitest";
import { makeFrontend } from "./make-frontend.ts";

describe("an invalidation", () => {
  it("drops the objects at one edge location after the other and is Completed after the last", async () => {
    const { viewers, site, invalidate, wait, client, run, Id } = makeFrontend();
    const asset = "/assets/chunk-000000.js";
    const etags = () => viewers.edges.map((edge) => viewers.request(Id, asset, edge).object?.etag);
    const [old] = etags();
    site.deploy({ name: "r3", commit: "ccccccc" });
    const fresh = site.bucket.current(asset.slice(1))?.etag;

    const { Invalidation, Location } = await invalidate("one", asset);
    const get = () =>
      run(() => client.send(new GetInvalidationCommand({ DistributionId: Id, Id: Invalidation?.Id })));
    const seen = new Set<number>();
    for (let second = 0; (await get()).Invalidation?.Status === "InProgress"; second++) {
      expect(second).toBeLessThan(120);
      seen.add(etags().filter((etag) => etag === fresh).length);
      await wait(1);
    }

    expect(fresh).not.toBe(old);
    expect([...seen]).toEqual([0, 1, 2, 3]);
    expect(Location).toContain(`/invalidation/${Invalidation?.Id}`);
    await expect(
      run(() => client.send(new GetInvalidationCommand({ DistributionId: Id, Id: "I0" }))),
    ).rejects.toMatchObject({ name: "NoSuchInvalidation" });
  });

  it("is the same one for the same reference and paths, and an error for other paths", async () => {
    const { invalidate, wait } = makeFrontend();
    const first = await invalidate("run-1", "/", "/index.html");
    await wait(300);

    const again = await invalidate("run-1", "/", "/index.html");

    expect(again.Invalidation).toMatchObject({ Id: first.Invalidation?.Id, Status: "Completed" });
    await expect(invalidate("run-1", "/*")).rejects.toMatchObject({ name: "InvalidationBatchAlreadyExists" });
  });

  it("takes no more wildcards and files than are allowed to be in progress", async () => {
    const { invalidate, wait } = makeFrontend();
    for (let turn = 0; turn < 15; turn++) await invalidate(`wild-${turn}`, `/${turn}/*`);
    const files = Array.from({ length: 3_000 }, (_, index) => `/assets/${index}.js`);

    await expect(invalidate("too many", "/*")).rejects.toMatchObject({
      name: "TooManyInvalidationsInProgress",
    });
    await invalidate("files", ...files);
    await expect(invalidate("one more", "/a")).rejects.toMatchObject({
      name: "TooManyInvalidationsInProgress",
    });
    await expect(invalidate("batch", ...files, "/a")).rejects.toMatchObject({ name: "BatchTooLarge" });
    await wait(120);
    await invalidate("too many", "/*");
  });

  it.each(["index.html", "/a*b", "/é", `/${"a".repeat(4_000)}`, "#release:r2"])(
    "refuses the path %.40s",
    async (path) => {
      const { invalidate } = makeFrontend();

      await expect(invalidate("bad", path)).rejects.toMatchObject({ name: "InvalidArgument" });
    },
  );

  it("goes by tag once the distribution reads tags from a header", async () => {
    const distribution = { cacheTagHeader: "x-amz-meta-cache-tag" };
    const { viewers, invalidate, wait, Id } = makeFrontend({ distribution });
    const cached = ["/assets/chunk-000000.js", "/assets/chunk-000008.js"];
    const results = () => cached.map((path) => viewers.request(Id, path).headers["x-cache"]);
    expect(viewers.request(Id, "/assets/chunk-000000.js").headers["x-amz-meta-cache-tag"]).toBe("release:r2");
    expect(viewers.request(Id, "/assets/chunk-000008.js").headers["x-amz-meta-cache-tag"]).toBe("release:r1");

    await invalidate("bad release", "#Release:R2");
    await wait(120);

    expect(results()).toEqual(["Miss from cloudfront", "Hit from cloudfront"]);
  });
});
