import { loadScenario } from "../lib/drill/load-scenario.ts";
import { stageAndRun } from "../lib/drill/run-drill.ts";

const RUNS = 10;

/** How much faster than life the region runs a whole rollback with the real handlers. */
export async function benchSimulation(): Promise<void> {
  const scenario = loadScenario(`${import.meta.dirname}/../drills/bad-release.yaml`);
  await stageAndRun(scenario);
  const startedAt = performance.now();
  let virtualMs = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    const { stage } = await stageAndRun(scenario, { seed });
    virtualMs += stage.region.kernel.now - Date.parse("2026-11-21T00:00:00Z");
  }
  const realMs = performance.now() - startedAt;
  console.log(
    `\nThe region: ${(RUNS / (realMs / 1_000)).toFixed(1)} whole rollbacks a second, ${Math.round(virtualMs / realMs)} times real time`,
  );
}
