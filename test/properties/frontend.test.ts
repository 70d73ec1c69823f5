import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeByKey } from "../../lambdas/components/frontend/copying/merge-by-key.ts";
import { byUtf8 } from "../../lambdas/components/frontend/copying/utf8-order.ts";
import { ENTRY_POINTS } from "../../lib/region/services/s3/site-content.ts";
import type { ObjectVersion } from "../../lib/region/services/s3/stored-object.ts";
import type { CallRecord } from "../../lib/region/wire/call-record.ts";
import { makeStage, type Stage } from "../unit/frontend/make-stage.ts";

/** Names that sort, encode and classify in different ways. */
const NAMES = [
  "a b/é+#.js",
  "assets/app.js",
  "docs/page.html",
  "settings.json",
  "z?.css",
  "😀.svg",
  "\uffee.svg",
];

const change = fc.record({
  key: fc.constantFrom(...NAMES, "index.html", "version.json"),
  /** Undefined deletes. All bodies are of one size. */
  body: fc.option(fc.constantFrom("one", "two", "six"), { nil: undefined }),
});

const HEADERS = {
  contentType: "text/plain",
  cacheControl: "no-cache",
  contentEncoding: undefined,
  contentDisposition: undefined,
  contentLanguage: undefined,
  metadata: {},
};

const history = fc.record({
  before: fc.array(change, { maxLength: 14 }),
  after: fc.array(change, { maxLength: 14 }),
});

/** The entry points are there at the moment and are others now; between and around them anything happens. */
async function makeHistory({ before, after }: { before: Change[]; after: Change[] }) {
  const stage = makeStage({
    release: { strategy: "versioned-bucket", deletes: true },
    configuration: { probe: undefined },
    site: { files: 6 },
  });
  const { bucket } = stage.site;
  const apply = async (changes: Change[]) => {
    for (const { key, body } of changes) {
      await stage.wait(1);
      if (body === undefined && !ENTRY_POINTS.some((file) => file === key)) bucket.delete(key);
      else bucket.put(key, { headers: HEADERS, checksums: {}, tags: {}, body: Buffer.from(body ?? "one") });
    }
  };
  await apply(before);
  await stage.wait(1);
  const moment = new Date(stage.kernel.now).toISOString();
  const then = { content: stage.content(), versions: versionsOf(stage) };
  await stage.wait(2);
  await apply(after);
  await stage.wait(1);
  stage.site.deploy({ name: "r3", commit: "ccccccc" }, ({ isEntryPoint }) => isEntryPoint);
  await stage.wait(5);
  const move = await stage.plan({ target: { components: { web: moment } } });
  return { stage, then, now: stage.content(), versionsNow: versionsOf(stage), move };
}

type Change = { key: string; body: string | undefined };

function versionsOf(stage: Stage): Map<string, string> {
  const { bucket } = stage.site;
  return new Map([...stage.content().keys()].map((key) => [key, bucket.current(key)?.versionId ?? ""]));
}

describe("a bucket that goes back to a moment", () => {
  it("is what it was and can be undone, in order, with few calls, and twice is as good as once", async () => {
    await fc.assert(
      fc.asyncProperty(history, async (one) => {
        const world = await makeHistory(one);
        const { stage, then, now, move } = world;
        const rows = rowsOf(stage);
        const begin = stage.endpoint.calls.length;

        expect(await stage.run(move)).toMatchObject({ status: "done" });

        expect(stage.content()).toEqual(then.content);
        expectUntouched(world);
        const calls = stage.endpoint.calls.slice(begin).filter(({ input }) => input["Bucket"] === "site");
        expectOrder(calls);
        expectFew(calls, rows);

        forgetMarks(stage);
        expect(await stage.run(move)).toMatchObject({ status: "done" });
        expect(stage.content()).toEqual(then.content);

        expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
        expect(stage.content()).toEqual(now);
      }),
      { numRuns: 12 },
    );
  });
});

type World = Awaited<ReturnType<typeof makeHistory>>;

/** What is the same version before and after the moment stays that version. */
function expectUntouched({ stage, then, versionsNow }: World): void {
  const versions = versionsOf(stage);
  for (const [key, version] of then.versions) {
    if (versionsNow.get(key) === version) expect(versions.get(key)).toBe(version);
  }
}

/** Entry points after every other object, and hidden objects after all of them. */
function expectOrder(calls: readonly CallRecord[]): void {
  const writes = calls.filter(({ operation }) => ["CopyObject", "DeleteObjects"].includes(operation));
  const kinds = writes.map(({ operation, input }) => {
    if (operation === "DeleteObjects") return 2;
    return ENTRY_POINTS.some((file) => file === input["Key"] && file !== "config.json") ? 1 : 0;
  });
  expect(kinds).toEqual(kinds.toSorted());
  expect(kinds).toContain(1);
}

/** 2·⌈n/1000⌉ + changed + 2 to prepare and to cut over; to confirm, one for each entry point that was written. */
function expectFew(calls: readonly CallRecord[], rows: number): void {
  const confirming = calls.length - 1 - calls.findLastIndex(({ mutating }) => mutating);
  const changed = calls.filter(({ operation }) => operation === "CopyObject").length + hidden(calls);
  expect(calls.length - confirming).toBeLessThanOrEqual(2 * Math.ceil(rows / 1_000) + changed + 2);
  expect(confirming).toBeLessThanOrEqual(ENTRY_POINTS.length);
}

function hidden(calls: readonly CallRecord[]): number {
  const lists = calls.flatMap(({ input }) => {
    const { Objects: objects } = Object(input["Delete"]);
    return Array.isArray(objects) ? objects : [];
  });
  return lists.length;
}

function rowsOf({ site: { bucket } }: Stage): number {
  return [...bucket.keys()].reduce((sum, key) => sum + bucket.versionsOf(key).length, 0);
}

/** As after a crash that lost everything but the frozen plan. */
function forgetMarks({ entries, buckets }: Stage): void {
  for (const step of ["forth-progress", "forth-placed", "cut-over-done"]) entries.delete(step);
  const reports = buckets.get("reports");
  for (const key of [...reports.keys()]) if (key.includes("/forth-")) reports.delete(key);
}

describe("a release that is copied over a newer one of the same sizes", () => {
  /** What `aws s3 sync` copies: another size, or a newer source (docs/facts/performance-reliability.md, pilot 3). */
  const awsCliCopies = (source: ObjectVersion, target: ObjectVersion | undefined) =>
    target === undefined ||
    source.body.length !== target.body.length ||
    source.lastModified.getTime() > target.lastModified.getTime();

  it("is restored whole, where a comparison of size and time leaves a mixture", async () => {
    const changes = fc.uniqueArray(fc.nat(20), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const stage = makeStage({
          release: { strategy: "release-prefix" },
          configuration: { probe: undefined },
          site: { layout: "releases" },
        });
        const { bucket } = stage.site;
        const keys = [...stage.content("releases/r1/").keys()];
        const live = keys.map((key) => key.slice("releases/r1/".length));
        for (const [index, name] of live.entries()) {
          const old = bucket.current(`releases/r1/${name}`);
          if (!old) continue;
          const flipped = Uint8Array.from(old.body, (byte) => byte ^ (changed.includes(index) ? 1 : 0));
          if (name !== "version.json") bucket.put(name, { ...old, body: flipped });
        }
        await stage.put("version.json", JSON.stringify({ release: "r2", commit: "bbbbbbb" }));
        await stage.checkpoint("cp-1", "r1");
        const differs = live.filter(
          (name) => bucket.current(name)?.etag !== bucket.current(`releases/r1/${name}`)?.etag,
        );
        const missed = differs.filter((name) => {
          const source = bucket.current(`releases/r1/${name}`);
          return source && !awsCliCopies(source, bucket.current(name));
        });

        expect(await stage.run(await stage.plan())).toMatchObject({ status: "done" });

        expect(missed).toEqual(differs);
        for (const name of live) {
          expect(bucket.current(name)?.etag).toBe(bucket.current(`releases/r1/${name}`)?.etag);
        }
      }),
      { numRuns: 8 },
    );
  });
});

describe("two listings side by side", () => {
  const keys = fc.uniqueArray(fc.string({ unit: "binary", maxLength: 4 }), { maxLength: 20 });

  it("meet at every key once, in the order of its bytes", async () => {
    await fc.assert(
      fc.asyncProperty(keys, keys, async (left, right) => {
        const sorted = (list: string[]) => list.toSorted(byUtf8).map((key) => [key, key] as const);
        const pairs = [];
        for await (const pair of mergeByKey(sorted(left), sorted(right))) pairs.push(pair);

        const all = [...new Set([...left, ...right])].map((key) => Buffer.from(key)).sort(Buffer.compare);
        expect(pairs.map(({ key }) => Buffer.from(key))).toEqual(all);
        for (const pair of pairs) {
          expect(pair.left !== undefined).toBe(left.includes(pair.key));
          expect(pair.right !== undefined).toBe(right.includes(pair.key));
        }
      }),
      { numRuns: 300 },
    );
  });
});
