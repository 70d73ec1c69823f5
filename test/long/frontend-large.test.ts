import { afterEach, expect, it } from "vitest";
import { NOW } from "../unit/cloudfront/make-frontend.ts";
import { Invocations } from "./invocations.ts";
import { type ServedSite, serveSite } from "./serve-site.ts";

const FIRST = new Date(NOW - 2 * 3_600_000).toISOString();
/** A release of 100,000 objects is 60 MB of plan alone: it would not fit. */
const HEAP_MB = 64;
/** A function has 1,769 MB. */
const RESIDENT_MB = 320;
/** What a state of the workflow may carry (docs/architecture.md). */
const STATE_BYTES = 8_192;

const open: ServedSite[] = [];
afterEach(() => {
  for (const site of open.splice(0)) site.close();
});

async function served(objects: number): Promise<ServedSite> {
  const site = await serveSite(objects);
  open.push(site);
  return site;
}

const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0);

it("puts 100,000 objects back over several invocations, in little memory and with few calls", async () => {
  const objects = 100_000;
  const site = await served(objects);
  const rollback = await Invocations.plan(site, FIRST, { pace: 150, heapMb: HEAP_MB });
  const calls = site.countCalls();

  const preparing = await rollback.run("prepare", "prepared");
  const copying = await rollback.run("cutOver", "forth-placed");

  expect(site.judge("r1", 3)).toEqual({ objects, wrong: 0, writtenTwice: 0 });
  const [frontend, plan] = [calls("site"), calls("reports")];
  expect(Math.min(preparing, copying)).toBeGreaterThan(1);
  // Each invocation that goes on with the list reads one page of it again, and looks at the bucket's versioning.
  const goingOn = 2 * (preparing - 1);
  expect(sum(frontend)).toBeLessThanOrEqual(2 * (objects / 1_000) + objects + 2 + goingOn);
  expect(frontend.get("CopyObject")).toBe(objects);
  // The frozen plan lies in the report bucket: parts of 5,000 rows are written, read and marked as done.
  expect(sum(plan)).toBeLessThanOrEqual(8 * (objects / 5_000) + 6 * (preparing + copying));
  expect(rollback.residentMb).toBeLessThanOrEqual(RESIDENT_MB);
  for (const state of [rollback.move, ...rollback.ticks]) {
    expect(Buffer.byteLength(JSON.stringify(state))).toBeLessThanOrEqual(STATE_BYTES);
  }
}, 7_200_000);

it("goes on after functions that were killed among thousands of copies, there and back", async () => {
  const objects = 12_000;
  const site = await served(objects);
  const rollback = await Invocations.plan(site, FIRST, { pace: 100_000, heapMb: HEAP_MB });
  await rollback.run("prepare", "prepared");

  const deaths = new Set([700, 6_000, 11_000, 17_000, 22_000]);
  site.hooks.onCopy = (copies) => {
    if (deaths.delete(copies)) rollback.kill();
  };
  const forth = await rollback.run("cutOver", "forth-placed");

  expect(site.judge("r1", 3)).toEqual({ objects, wrong: 0, writtenTwice: 0 });
  expect(forth).toBeGreaterThan(2);

  const back = await rollback.run("revert", "back-placed");

  expect(site.judge("r2", 4)).toEqual({ objects, wrong: 0, writtenTwice: 0 });
  expect(back).toBeGreaterThan(1);
}, 3_600_000);
