import { describe, expect, it } from "vitest";
import { pathsOf } from "../../../lambdas/components/frontend/invalidation.ts";
import { makeStage, type StageOptions } from "./make-stage.ts";

const details = (more: object = {}): Parameters<typeof pathsOf>[0] => ({
  invalidate: "entry-points",
  entryPoints: ["index.html", "version.json"],
  release: { strategy: "versioned-bucket", live: "", deletes: false },
  fromRelease: "r2",
  toRelease: "r1",
  ...more,
});

const FRESH_ASSETS = { entryPointsStayCached: true, staleAssets: 0 };

describe("what edge locations have to forget", () => {
  it("is the entry points and the root, where assets have new names", () => {
    expect(pathsOf(details(), "forth", FRESH_ASSETS)).toEqual(["/", "/index.html", "/version.json"]);
  });

  it("is a service worker, too, that the environment names beside the entry points", () => {
    expect(pathsOf(details({ serviceWorker: "sw.js" }), "forth", FRESH_ASSETS)).toContain("/sw.js");
    expect(pathsOf(details({ serviceWorker: "index.html" }), "forth", FRESH_ASSETS)).toHaveLength(3);
  });

  it("is asked for both ways where nobody knows whether the origin path hides the live part", () => {
    const release = { strategy: "release-prefix", live: "live/", releases: "releases/", deletes: false };

    expect(pathsOf(details({ release, entryPoints: ["index.html"] }), "forth", FRESH_ASSETS)).toEqual([
      "/",
      "/index.html",
      "/live/",
      "/live/index.html",
    ]);
  });

  it("is everything where assets were written over, and where a team wants it so", () => {
    expect(pathsOf(details(), "forth", { ...FRESH_ASSETS, staleAssets: 1 })).toEqual(["/*"]);
    expect(pathsOf(details({ invalidate: "everything" }), "forth", FRESH_ASSETS)).toEqual(["/*"]);
  });

  it("is the tag of the release that goes, in either direction", () => {
    const tagged = details({ invalidate: { tag: "release:{release}" } });

    expect(pathsOf(tagged, "forth", FRESH_ASSETS)).toEqual(["#release:r2"]);
    expect(pathsOf(tagged, "back", FRESH_ASSETS)).toEqual(["#release:r1"]);
  });

  it("is nothing where each release has cache keys of its own", () => {
    expect(pathsOf(details(), "forth", { entryPointsStayCached: false, staleAssets: 0 })).toEqual([]);
  });

  it("is encoded where a URL must be, and nowhere else", () => {
    const entryPoints = ["über uns.html", "a*b.html"];
    expect(pathsOf(details({ entryPoints }), "forth", FRESH_ASSETS).slice(1)).toEqual([
      "/%C3%BCber%20uns.html",
      "/a%2Ab.html",
    ]);
  });
});

const originPath: StageOptions = {
  release: { strategy: "origin-path", origin: "web" },
  site: { layout: "releases", hashedNames: true },
  distribution: { originPath: "/releases/r2" },
};

async function planned(options: StageOptions) {
  const stage = makeStage(options);
  await stage.checkpoint("cp-1", "r1");
  return { stage, move: await stage.plan() };
}

describe("an invalidation", () => {
  it("is asked for again when its answer was lost, and is the same one", async () => {
    const { stage, move } = await planned(originPath);
    stage.faults.add({
      service: "cloudfront",
      operation: "CreateInvalidation",
      times: 2,
      effect: "lost-reply",
    });

    expect(await stage.run(move)).toMatchObject({ status: "done" });

    expect(stage.faults.struck("cloudfront", "CreateInvalidation")).toBe(2);
    const created = stage.kernel.log.entries.filter(({ event }) => event === "invalidation created");
    expect(created).toHaveLength(1);
  });

  it("reaches a service worker that is not among the entry points", async () => {
    const { stage, move } = await planned({
      ...originPath,
      configuration: { entryPoints: ["index.html", "version.json"], serviceWorker: "service-worker.js" },
    });
    const worker = () => Buffer.from(stage.viewers.request(stage.Id, "/service-worker.js").body).toString();
    expect(worker()).toContain("r2");

    expect(await stage.run(move)).toMatchObject({ status: "done" });

    expect(worker()).toContain("r1");
    expect(move.warnings.join(" ")).toContain("service-worker.js");
  });
});
