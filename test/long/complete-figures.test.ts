import { beforeAll, describe, expect, it } from "vitest";
import { asWritten } from "../../bench/recovery/as-written.ts";
import { recoverByHand } from "../../bench/recovery/by-hand.ts";
import { type ByStepback, recoverByStepback, secondsAlone } from "../../bench/recovery/by-stepback.ts";
import type { World } from "../../bench/recovery/in-night.ts";
import type { Recovery } from "../../bench/recovery/recovery.ts";
import { COMPLETE_SYSTEM_ROLLBACK, STOP_RESTORE_START } from "../../bench/recovery/serial-orders.ts";
import { loadScenario } from "../../lib/drill/load-scenario.ts";
import { stageAndRun } from "../../lib/drill/run-drill.ts";
import { brokenLaws } from "../../lib/drill/simulation/invariants.ts";
import { BACKUP_OF_MINUTES, FLASH_BEFORE_BACKUP } from "../../lib/region/services/rds/pace.ts";

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

  it("takes at most half of the runbook's order, and of the other's that stops everything first", async () => {
    const shorter = await recoverByHand({ seed }, STOP_RESTORE_START);

    expect(stepback.seconds / runbook.seconds).toBeLessThanOrEqual(0.5);
    expect(stepback.seconds / shorter.seconds).toBeLessThanOrEqual(0.5);
  });

  it("enters at most 120 states, polling included", () => {
    expect(stepback.stateTransitions).toBeLessThanOrEqual(120);
  });

  it("shuts users out for less than a twentieth as long as the runbook's order", () => {
    expect(stepback.felt.closed / runbook.felt.closed).toBeLessThan(0.05);
  });

  it("brings the code back in less than two thirds of the time that the runbook's order takes", () => {
    expect(stepback.felt.codeBack / runbook.felt.codeBack).toBeLessThanOrEqual(0.67);
  });

  it("leaves no acknowledged write without a snapshot, as the runbook's order does", () => {
    expect(stepback.unsaved).toBe(0);
    expect(runbook.unsaved).toBeGreaterThan(0);
  });
});

/** As RDS was before 2025, and kind to a waiter that believes the first `available`. */
const QUICK_BACKUPS = { ...BACKUP_OF_MINUTES, ...FLASH_BEFORE_BACKUP };

describe("where RDS takes minutes for a copy's first backup, and shows `available` before it, a complete rollback takes", () => {
  it.each<[string, number, Omit<World, "seed">]>([
    ["less time than the runbook's order at once, though it checks and waits for more", 1, {}],
    ["at most half of it when people have thought for ten minutes", 0.5, { deciding: 10 * 60 }],
    [
      "at most half of it when they have thought for twenty, and users wait for what RDS backs up",
      0.5,
      { deciding: 20 * 60, waitsForBackups: true },
    ],
  ])("%s", { timeout: 900_000 }, async (_, most, more) => {
    for (const seed of SEEDS) {
      const world = { ...more, seed, pace: QUICK_BACKUPS };
      const stepback = await recoverByStepback(world);
      const runbook = await recoverByHand(world, COMPLETE_SYSTEM_ROLLBACK);

      expect(stepback.seconds / runbook.seconds).toBeLessThanOrEqual(most);
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
