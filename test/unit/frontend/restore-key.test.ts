import { describe, expect, it } from "vitest";
import { type KeyHistory, restoreAt } from "../../../lambdas/components/frontend/copying/restore-key.ts";

const T = new Date("2026-11-21T10:00:00Z");

/**
 * A history as the table of docs/facts/frontend-secrets-config.md §A.3 writes it, oldest first: what happened until T,
 * a bar, what happened after it. Each happens in a second of its own.
 */
function makeHistory(written: string): KeyHistory {
  const [before = [], after = []] = written.split("|").map((part) => part.split(",").filter(Boolean));
  const all = [...before, ...after].map((name, index) => ({
    name,
    versionId: name,
    isLatest: index === before.length + after.length - 1,
    lastModified: new Date(T.getTime() + (index - before.length + (index < before.length ? 0 : 1)) * 1_000),
  }));
  const newestFirst = all.toReversed();
  return {
    key: "app.js",
    versions: newestFirst
      .filter(({ name }) => name.startsWith("V"))
      .map((version) => ({ ...version, etag: `"${version.name}"`, size: 10, storageClass: "STANDARD" })),
    markers: newestFirst.filter(({ name }) => name.startsWith("D")),
  };
}

function summary(history: KeyHistory): string {
  const change = restoreAt(history, T);
  return change.change === "copy" ? `copy ${change.from.versionId}` : change.change;
}

describe("putting a key back to a moment", () => {
  it.each([
    ["V1|D1", "copy V1"],
    ["|V1,D1", "none"],
    ["V1,D1|V2,D2", "none"],
    ["V1,D1|D2", "none"],
    ["V1|D1,V2,D2", "copy V1"],
    ["V1|V2", "copy V1"],
    ["|V1", "delete"],
    ["V1,D1|V2", "delete"],
    ["V1|", "none"],
    ["V1,D1,V2|V3", "copy V2"],
  ])("%s: %s", (history, expected) => {
    expect(summary(makeHistory(history))).toBe(expected);
  });

  it("expects on the target what users get now, and nothing where they get nothing", () => {
    expect(restoreAt(makeHistory("V1|V2"), T)).toMatchObject({ over: { versionId: "V2" } });
    expect(restoreAt(makeHistory("V1|D1"), T)).not.toHaveProperty("over");
  });

  it("refuses to guess which of a write and a delete in one second came last, unless one is the newest of all", () => {
    const { key, versions, markers } = makeHistory("V1,D1|V2");
    const sameSecond = markers.map((marker) => ({
      ...marker,
      lastModified: versions.at(-1)?.lastModified ?? T,
    }));

    expect(restoreAt({ key, versions, markers: sameSecond }, T)).toMatchObject({ change: "blocked" });

    const newest = makeHistory("V1,D1|");
    const moved = newest.markers.map((marker) => ({
      ...marker,
      lastModified: newest.versions[0]?.lastModified ?? T,
    }));
    expect(restoreAt({ ...newest, markers: moved }, T)).toEqual({ change: "none" });
  });

  it.each([
    [{ storageClass: "DEEP_ARCHIVE" }, /DEEP_ARCHIVE/],
    [{ size: 6 * 1_024 ** 3 }, /5 GB/],
  ])("refuses what cannot be copied: %o", (more, why) => {
    const history = makeHistory("V1|V2");
    const versions = history.versions.map((version) => ({ ...version, ...more }));

    expect(restoreAt({ ...history, versions }, T)).toMatchObject({
      change: "blocked",
      why: expect.stringMatching(why),
    });
  });
});
