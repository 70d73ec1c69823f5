import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Kernel } from "../../lib/region/kernel/kernel.ts";
import { Random } from "../../lib/region/kernel/random.ts";
import { TimerQueue } from "../../lib/region/kernel/timer-queue.ts";

const seed = fc.integer({ min: 0, max: 0xffff_ffff });

describe("the timer queue", () => {
  const asked = fc.array(fc.record({ at: fc.integer({ min: 0, max: 20 }), cancelled: fc.boolean() }));

  it("gives everything that was not cancelled, by time and then by the order of asking", () => {
    fc.assert(
      fc.property(asked, (timers) => {
        const queue = new TimerQueue();
        const rung: number[] = [];
        timers.forEach(({ at, cancelled }, order) => {
          const timer = queue.add(at, () => rung.push(order));
          if (cancelled) timer.cancel();
        });
        for (let next = queue.take(); next; next = queue.take()) next.action();

        const kept = timers.map((timer, order) => ({ ...timer, order })).filter((timer) => !timer.cancelled);
        expect(rung).toEqual(kept.sort((a, b) => a.at - b.at || a.order - b.order).map(({ order }) => order));
      }),
    );
  });

  it("keeps that order while more is asked for between taking", () => {
    const steps = fc.array(fc.option(fc.integer({ min: 0, max: 20 })), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (all) => {
        const queue = new TimerQueue();
        const waiting: { at: number; order: number }[] = [];
        all.forEach((at, order) => {
          if (at !== null) {
            queue.add(at, () => undefined);
            waiting.push({ at, order });
            return;
          }
          waiting.sort((a, b) => a.at - b.at || a.order - b.order);
          expect(queue.take()?.at).toBe(waiting.shift()?.at);
        });
        expect(queue.nextAt()).toBe(waiting.toSorted((a, b) => a.at - b.at)[0]?.at);
      }),
    );
  });
});

describe("the kernel", () => {
  /** Workers that sleep and ask for chance in turn: what every service of the region does. */
  const workers = fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 6 }), { maxLength: 6 });

  async function logOf(value: number, plans: readonly (readonly number[])[]): Promise<string[]> {
    const kernel = new Kernel({ seed: value, start: 0 });
    plans.forEach((naps, worker) => {
      kernel.launch(`worker ${worker}`, async () => {
        for (const nap of naps) {
          await kernel.sleep(nap + kernel.random.integer(0, 5));
          kernel.log.write(`worker ${worker}`, "woke", { id: kernel.random.uuid() });
        }
      });
    });
    await kernel.runUntil(10_000);
    return kernel.log.lines();
  }

  it("writes the same log for the same seed, with time never going back", async () => {
    await fc.assert(
      fc.asyncProperty(seed, workers, async (value, plans) => {
        const lines = await logOf(value, plans);
        const times = lines.map((line) => line.slice(0, 32));

        expect(await logOf(value, plans)).toEqual(lines);
        expect(lines).toHaveLength(plans.flat().length);
        expect(times.toSorted()).toEqual(times);
      }),
      { numRuns: 40 },
    );
  });
});

describe("chance", () => {
  const bounds = fc
    .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 100_000 }))
    .map(([from, span]) => ({ from, to: from + span }));

  it("stays within its ranges, both ends of whole numbers included", () => {
    fc.assert(
      fc.property(seed, bounds, (value, { from, to }) => {
        const random = new Random(value);
        for (let count = 0; count < 20; count++) {
          const [share, number, whole] = [
            random.next(),
            random.between(from, to + 1),
            random.integer(from, to),
          ];
          expect(share >= 0 && share < 1).toBe(true);
          expect(number >= from && number < to + 1).toBe(true);
          expect(Number.isInteger(whole) && whole >= from && whole <= to).toBe(true);
        }
      }),
    );
  });

  it("reaches both ends of a small range, never with chance 0, always with chance 1", () => {
    fc.assert(
      fc.property(seed, (value) => {
        const random = new Random(value);
        const rolls = Array.from({ length: 400 }, () => random.integer(1, 3));
        expect(new Set(rolls)).toEqual(new Set([1, 2, 3]));
        expect(random.chance(0)).toBe(false);
        expect(random.chance(1)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("is the same for the same seed, and shaped as asked", () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 64 }), (value, length) => {
        const [a, b] = [new Random(value), new Random(value)];
        expect(a.hex(length)).toMatch(new RegExp(`^[0-9a-f]{${length}}$`));
        expect(a.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        b.hex(length);
        b.uuid();
        expect(a.next()).toBe(b.next());
      }),
    );
  });

  it("forks into streams that do not disturb the one they come from", () => {
    fc.assert(
      fc.property(seed, fc.string(), (value, label) => {
        const [a, b] = [new Random(value), new Random(value)];
        const fork = a.fork(label);
        expect(fork.next()).toBe(b.fork(label).next());
        fork.hex(10);
        expect(a.next()).toBe(b.next());
      }),
    );
  });
});
