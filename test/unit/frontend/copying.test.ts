import { describe, expect, it } from "vitest";
import { NOW } from "../cloudfront/make-frontend.ts";
import { makeStage, type StageOptions } from "./make-stage.ts";

const FIRST = new Date(NOW - 2 * 3_600_000).toISOString();

const moment: StageOptions = { release: { strategy: "versioned-bucket" } };

async function planned(options: StageOptions = moment) {
  const stage = makeStage(options);
  const { bucket } = stage.site;
  // What r1 was, seen before r2 came: the versions of then.
  const first = new Map<string, string>();
  const now = stage.content();
  for (const key of now.keys()) {
    const version = bucket.versionsOf(key).findLast((one) => one.lastModified.getTime() <= Date.parse(FIRST));
    if (version?.kind === "object") first.set(key, version.etag);
  }
  await stage.checkpoint("cp-1", FIRST);
  return { stage, first, before: now, move: await stage.plan() };
}

const etags = (stage: ReturnType<typeof makeStage>) =>
  new Map([...stage.content().keys()].map((key) => [key, stage.site.bucket.current(key)?.etag]));

describe("a bucket with versions", () => {
  it("goes back to a moment: same sizes and older times do not hide a change", async () => {
    const { stage, first, move } = await planned();
    for (const edge of stage.viewers.edges) stage.viewers.visit(stage.Id, edge);

    const end = await stage.run(move);

    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("says r1") });
    expect(etags(stage)).toEqual(first);
    for (const edge of stage.viewers.edges) {
      expect(stage.viewers.visit(stage.Id, edge)).toMatchObject({ release: "r1", broken: [] });
    }
  });

  it("writes pages after what they refer to: the service worker and the release's name come last", async () => {
    const { stage, move } = await planned();
    await stage.run(move);

    const order = stage.calls("CopyObject").map(({ input }) => String(input["Key"]));
    expect(order.slice(-5)).toEqual([
      "config.json",
      "index.html",
      "manifest.webmanifest",
      "service-worker.js",
      "version.json",
    ]);
    expect(order.slice(0, -5).every((key) => key.startsWith("assets/"))).toBe(true);
  });

  it("is undone byte by byte, header by header, and nothing is ever destroyed", async () => {
    const { stage, before, move } = await planned({
      ...moment,
      release: { strategy: "versioned-bucket", deletes: true },
      site: { hashedNames: true },
    });
    const versions = () => stage.kernel.log.entries.filter(({ event }) => event === "version destroyed");
    expect(await stage.run(move)).toMatchObject({ status: "done" });
    expect(stage.content()).not.toEqual(before);

    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });

    expect(stage.content()).toEqual(before);
    expect(versions()).toEqual([]);
  });

  it("leaves what only the bad release has, unless deletes are wanted", async () => {
    const kept = await planned({ ...moment, site: { hashedNames: true } });
    await kept.stage.run(kept.move);
    expect([...kept.stage.content().keys()].length).toBe(kept.before.size);

    const removed = await planned({
      release: { strategy: "versioned-bucket", deletes: true },
      site: { hashedNames: true },
    });
    await removed.stage.run(removed.move);
    expect(removed.stage.content().size).toBeLessThan(removed.before.size);
    expect(removed.stage.viewers.visit(removed.stage.Id)).toMatchObject({ release: "r1", broken: [] });
  });

  it("does not write over what somebody deployed after the plan was frozen", async () => {
    const { stage, move } = await planned();
    await stage.run(move, ["prepare"]);
    stage.site.deploy({ name: "r3", commit: "ccccccc" }, ({ path }) => path === "index.html");
    const deployed = stage.site.bucket.current("index.html");

    const end = await stage.run(move);

    expect(end).toMatchObject({ status: "failed", code: "SUPERSEDED", touched: true });
    expect(end.note).toContain("index.html");
    expect(stage.site.bucket.current("index.html")).toBe(deployed);
    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    expect(stage.site.bucket.current("index.html")).toBe(deployed);
  });

  it("touches nothing when the first object of all was changed by somebody else", async () => {
    const { stage, move } = await planned({ ...moment, site: { files: 6, changedAssets: 1 } });
    await stage.run(move, ["prepare"]);
    stage.site.deploy({ name: "r3", commit: "ccccccc" });

    const end = await stage.run(move);

    expect(end).toMatchObject({ status: "failed", code: "CHANGED_SINCE_PLAN", touched: false });
    expect(stage.calls("CopyObject")).toHaveLength(0);
  });

  it("refuses what a lifecycle rule has forgotten, and a bucket that keeps no versions", async () => {
    const stage = makeStage(moment);
    await stage.checkpoint("cp-0", "2026-11-01T00:00:00.000Z");
    const { verdict } = await stage.assess();
    expect(verdict).toMatchObject({ verdict: "refuse", reason: expect.stringContaining("lifecycle") });

    stage.site.bucket.versioning = "Suspended";
    await stage.checkpoint("cp-1", FIRST);
    expect((await stage.assess()).verdict.reason).toContain("versioning suspended");
  });

  it("names the objects that lie in an archive, before anything is touched", async () => {
    const { stage, move } = await planned();
    const [asset = ""] = [...stage.content("assets/").keys()];
    const old = stage.site.bucket.versionsOf(asset).at(-1);
    if (old?.kind === "object") old.storageClass = "GLACIER";

    const end = await stage.run(move);

    expect(end).toMatchObject({ status: "failed", code: "PREPARE_FAILED", verb: "prepare", touched: false });
    expect(end.note).toContain(`${asset} lies in GLACIER`);
  });

  it("says that there is nothing to do when it was done before under another time", async () => {
    const { stage, move } = await planned();
    await stage.run(move);

    const { verdict } = await stage.assess();

    expect(verdict).toMatchObject({
      verdict: "nothing-to-do",
      reason: expect.stringContaining("already is"),
    });
  });
});

describe("a bucket with manifests", () => {
  async function withManifests() {
    const stage = makeStage({ release: { strategy: "versioned-bucket", manifest: "manifest.json" } });
    const ids = new Map<string, string>();
    for (const [name, objects] of stage.site.manifests) {
      const lines = objects.map(({ key, versionId, etag, body }) => ({
        key,
        versionId,
        etag,
        size: body.length,
      }));
      const { VersionId } = await stage.put("manifest.json", JSON.stringify(lines));
      ids.set(name, VersionId ?? "");
      await stage.wait(5);
    }
    return { stage, ids };
  }

  it("goes back to the versions that the manifest names, and makes that manifest the current one", async () => {
    const { stage, ids } = await withManifests();
    await stage.checkpoint("cp-1", "2026-11-21T10:00:00.000Z", "proven", ids.get("r1"));

    const end = await stage.run(await stage.plan());

    expect(end).toMatchObject({ status: "done" });
    for (const { key, etag } of stage.site.manifests.get("r1") ?? []) {
      expect(stage.site.bucket.current(key)?.etag).toBe(etag);
    }
    expect((await stage.assess()).verdict).toMatchObject({ verdict: "nothing-to-do" });
    expect(stage.calls("CopyObject").at(-1)?.input["Key"]).toBe("manifest.json");
  });

  it("refuses when a version that it names is gone", async () => {
    const { stage, ids } = await withManifests();
    await stage.checkpoint("cp-1", "2026-11-21T10:00:00.000Z", "proven", ids.get("r1"));
    const move = await stage.plan();
    const lost = stage.site.manifests.get("r1")?.find(({ key }) => key === "index.html");
    stage.site.bucket.deleteVersion("index.html", lost?.versionId ?? "");

    const end = await stage.run(move);

    expect(end).toMatchObject({ status: "failed", code: "PREPARE_FAILED", touched: false });
    expect(end.note).toContain(`index.html has no version ${lost?.versionId}`);
  });
});

describe("a release in a folder that is copied over the live part", () => {
  const prefix: StageOptions = { release: { strategy: "release-prefix" }, site: { layout: "releases" } };

  async function live() {
    const stage = makeStage(prefix);
    for (const [key, object] of [...stage.content("releases/r2/").keys()].map(
      (name) => [name.slice("releases/r2/".length), stage.site.bucket.current(name)] as const,
    )) {
      if (object) stage.site.bucket.put(key, object);
    }
    await stage.checkpoint("cp-1", "r1");
    return stage;
  }

  it("copies only what differs, and can be put back", async () => {
    const stage = await live();
    const before = stage.content();
    const move = await stage.plan();

    expect(await stage.run(move)).toMatchObject({ status: "done", note: expect.stringContaining("says r1") });
    expect(stage.viewers.visit(stage.Id)).toMatchObject({ release: "r1", broken: [] });
    const copied = stage.calls("CopyObject").length;
    expect(copied).toBeLessThan(before.size / 2);
    expect(await stage.read()).toMatchObject({ release: "r1" });

    expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
    expect(stage.content()).toEqual(before);
  });

  it("refuses a release that a person names and that is not there", async () => {
    const stage = await live();

    const { verdict } = await stage.assess({ target: { components: { web: "r9" } } });

    expect(verdict).toMatchObject({ verdict: "refuse", reason: expect.stringContaining('no release "r9"') });
  });
});
