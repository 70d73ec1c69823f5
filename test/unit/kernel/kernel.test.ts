import { describe, expect, it } from "vitest";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import { RegionLog } from "../../../lib/region/kernel/region-log.ts";
import { TimerQueue } from "../../../lib/region/kernel/timer-queue.ts";

const start = Date.parse("2026-11-21T01:00:00Z");
const makeKernel = () => new Kernel({ seed: 1, start });

describe("the timer queue", () => {
  it("is empty at first, and again when everything was taken or cancelled", () => {
    const queue = new TimerQueue();
    expect(queue.nextAt()).toBeUndefined();
    expect(queue.take()).toBeUndefined();

    const timer = queue.add(5, () => undefined);
    expect(queue.nextAt()).toBe(5);
    timer.cancel();
    expect(queue.nextAt()).toBeUndefined();
    expect(queue.take()).toBeUndefined();
  });

  it("passes over what was cancelled, wherever it stands", () => {
    const queue = new TimerQueue();
    const timers = [3, 1, 2, 1].map((at) => queue.add(at, () => undefined));
    timers[1]?.cancel();
    timers[2]?.cancel();

    expect([queue.take()?.at, queue.take()?.at, queue.take()?.at]).toEqual([1, 3, undefined]);
  });
});

describe("the kernel", () => {
  it("moves the clock from event to event, and leaves it where it was asked to", async () => {
    const kernel = makeKernel();
    const seen: number[] = [];
    for (const delay of [500, 100, 100]) kernel.schedule(delay, () => seen.push(kernel.now - start));
    kernel.schedule(501, () => seen.push(-1));

    await kernel.runUntil(start + 500);

    expect(seen).toEqual([100, 100, 500]);
    expect(kernel.now).toBe(start + 500);
    expect(kernel.nextEventAt()).toBe(start + 501);
  });

  it("never goes back, whatever delay it is given", async () => {
    const kernel = makeKernel();
    await kernel.runUntil(start + 50);
    kernel.schedule(-1_000, () => undefined);

    expect(kernel.nextEventAt()).toBe(start + 50);
    await kernel.runUntil(start);
    expect(kernel.now).toBe(start + 50);
  });

  it("says whether a condition ended or the deadline came", async () => {
    const kernel = makeKernel();
    let open = true;
    kernel.schedule(100, () => {
      open = false;
    });

    expect(await kernel.runWhile(() => open, start + 99)).toBe("deadline");
    expect(kernel.now).toBe(start + 99);
    expect(await kernel.runWhile(() => open, start + 500)).toBe("finished");
    expect(kernel.now).toBe(start + 100);
  });

  it("passes on what a promise gives or how it fails", async () => {
    const kernel = makeKernel();
    const inAWhile = (work: () => number) => kernel.sleep(10).then(work);

    expect(await kernel.complete(inAWhile(() => 7))).toBe(7);
    await expect(
      kernel.complete(
        inAWhile(() => {
          throw new Error("broken");
        }),
      ),
    ).rejects.toThrow("broken");
    await expect(kernel.complete(new Promise(() => undefined), 1_000)).rejects.toThrow(
      "1000 virtual milliseconds",
    );
  });

  it("ends the run with the bug of an activity that nobody awaits", async () => {
    const kernel = makeKernel();
    kernel.launch("a model", () => Promise.reject(new Error("bug")));

    await expect(kernel.runUntil(start + 1)).rejects.toMatchObject({
      message: 'The region\'s activity "a model" failed',
      cause: new Error("bug"),
    });
  });

  it("names whoever waits for the outside world", async () => {
    const kernel = makeKernel();
    kernel.launch("reads the real clock", () => new Promise(() => undefined));

    await expect(kernel.runUntil(start + 1)).rejects.toThrow("reads the real clock");
  });
});

describe("the log", () => {
  it("is told to listeners at the moment of writing, until they stop", () => {
    const log = new RegionLog(() => start);
    const heard: string[] = [];
    const stop = log.follow((entry) => heard.push(entry.event));
    log.write("ecs", "task started", { task: "a" });
    stop();
    log.write("ecs", "task stopped");

    expect(heard).toEqual(["task started"]);
    expect(log.lines()).toEqual([
      '{"at":"2026-11-21T01:00:00.000Z","source":"ecs","event":"task started","task":"a"}',
      '{"at":"2026-11-21T01:00:00.000Z","source":"ecs","event":"task stopped"}',
    ]);
  });
});
