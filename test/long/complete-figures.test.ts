import { beforeAll, describe, expect, it } from "vitest";
import { asWritten } from "../../bench/recovery/as-written.ts";
import { recoverByHand } from "../../bench/recovery/by-hand.ts";
import { type ByStepback, recoverByStepback, secondsAlone } from "../../bench/recovery/by-stepback.ts";
import type { World } from "../../bench/recovery/in-night.ts";
import type { Recovery } from "../../bench/recovery/recovery.ts";
import { COMPLETE_SYSTEM_ROLLBACK } from "../../bench/recovery/serial-orders.ts";
import { loadScenario } from "../../lib/drill/load-scenario.ts";
import { stageAndRun } from "../../lib/drill/run-drill.ts";
import { brokenLaws } from "../../lib/drill/simulation/invariants.ts";

const SEEDS = [1, 2, 3];

const drill = (name: string) => loadScenario(`${import.meta.dirname}/../../drills/${name}.yaml`);

/** Figures and what each of them means: docs/serial-order.md. */
describe.each(SEEDS)("a complete rollback in the night of seed %i", (seed) => {
  let stepback: ByStepback;
  let databaseAlone: number;
  let runbook: Recovery;

  beforeAll(async () => {
    stepback = await recoverByStepback({ seed });
    databaseAlone = await secondsAlone({ seed }, "database");
    runbook = await recoverByHand({ seed }, COMPLETE_SYSTEM_ROLLBACK);
  }, 600_000);

  it("takes at most a tenth longer than its database alone, the longest of them", () => {
    expect(stepback.seconds / databaseAlone).toBeLessThanOrEqual(1.1);
  });

  it("takes less time than the runbook's order, which checks nothing and waits for less", () => {
    expect(stepback.seconds / runbook.seconds).toBeLessThan(1);
  });

  it("enters at most 120 states, polling included", () => {
    expect(stepback.stateTransitions).toBeLessThanOrEqual(120);
  });

  it("shuts users out for less than a quarter as long as the runbook's order", () => {
    expect(stepback.felt.closed / runbook.felt.closed).toBeLessThan(0.25);
  });

  it("brings the code back in less than two thirds of the time that the runbook's order takes", () => {
    expect(stepback.felt.codeBack / runbook.felt.codeBack).toBeLessThanOrEqual(0.67);
  });

  it("leaves no acknowledged write without a snapshot, as the runbook's order does", () => {
    expect(stepback.unsaved).toBe(0);
    expect(runbook.unsaved).toBeGreaterThan(0);
  });
});

const HOUR_MS = 3_600_000;

describe("a complete rollback takes at most half of the runbook's order", () => {
  it.each<[string, Omit<World, "seed">]>([
    [
      "at once, where RDS backs the copy up for hours, and does not show `available` before",
      { flashes: false, pace: { firstBackup: [2 * HOUR_MS, 3 * HOUR_MS] } },
    ],
    ["where it takes minutes, when people have thought for ten", { deciding: 10 * 60 }],
    [
      "when they have thought for twenty, and users wait for what RDS backs up",
      { deciding: 20 * 60, waitsForBackups: true },
    ],
  ])("%s", { timeout: 900_000 }, async (_, world) => {
    for (const seed of SEEDS) {
      const stepback = await recoverByStepback({ ...world, seed });
      const runbook = await recoverByHand({ ...world, seed }, COMPLETE_SYSTEM_ROLLBACK);

      expect(stepback.seconds / runbook.seconds).toBeLessThanOrEqual(0.5);
      expect(stepback.stateTransitions).toBeLessThanOrEqual(120);
    }
  });
});

it("the runbook's order as it is written recovers too, and grows by two dumps and a load", async () => {
  const written = (dump: number, load: number) =>
    recoverByHand({ seed: 1 }, COMPLETE_SYSTEM_ROLLBACK, { commands: asWritten({ dump, load }) });

  const [small, large] = [await written(60, 30), await written(3_600, 900)];

  expect(large.seconds - small.seconds).toBeCloseTo(2 * (3_600 - 60) + (900 - 30), -1);
  // What is written while the second dump runs is in none: it holds the data of the moment at which it began.
  expect(large.unsaved).toBeGreaterThan(10 * small.unsaved);
});

it("no law is broken in a complete night", async () => {
  expect(await brokenLaws(await stageAndRun(drill("complete-everything-goes-back")))).toEqual([]);
});
