import { expect, it } from "vitest";
import { measureCompleteRecovery } from "../../bench/complete-recovery.ts";
import { loadScenario } from "../../lib/drill/load-scenario.ts";
import { stageAndRun } from "../../lib/drill/run-drill.ts";
import { brokenLaws } from "../../lib/drill/simulation/invariants.ts";

const drill = (name: string) => loadScenario(`${import.meta.dirname}/../../drills/${name}.yaml`);

it("a complete rollback takes at most a tenth longer than its database alone, the longest of them", async () => {
  const { together, alone } = await measureCompleteRecovery(["database"]);

  expect(together / (alone["database"] ?? 0)).toBeLessThanOrEqual(1.1);
});

it("no law is broken in a complete night", async () => {
  expect(await brokenLaws(await stageAndRun(drill("complete-everything-goes-back")))).toEqual([]);
});
