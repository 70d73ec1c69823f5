import { expect, it } from "vitest";
import { loadScenario } from "../../lib/drill/load-scenario.ts";
import { stageAndRun } from "../../lib/drill/run-drill.ts";
import type { LogEntry } from "../../lib/region/kernel/region-log.ts";

const SEEDS = 8;
const NOTICE_SECONDS = 5;

/** Seconds from the end of each deployment of a rollback to the moment the workflow knows it. */
function noticesOf(entries: readonly LogEntry[]): number[] {
  const notices: number[] = [];
  let finishedAt: number | undefined;
  for (const { at, source, event, facts } of entries) {
    if (source === "ecs" && event === "service deployment changed" && facts["status"] === "SUCCESSFUL")
      finishedAt = at;
    if (event !== "state entered" || facts["state"] !== "Component settled?" || finishedAt === undefined)
      continue;
    notices.push((at - finishedAt) / 1_000);
    finishedAt = undefined;
  }
  return notices;
}

it(`a finished deployment is noticed within ${NOTICE_SECONDS} virtual seconds, over ${SEEDS} seeds`, async () => {
  const scenario = loadScenario(`${import.meta.dirname}/../../drills/bad-release.yaml`);
  const notices: number[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { stage, result } = await stageAndRun(scenario, { seed });
    const since = result.rollbacks[0]?.startedAt ?? 0;
    notices.push(...noticesOf(stage.region.kernel.log.entries.filter((entry) => entry.at >= since)));
  }

  expect(notices.length).toBe(2 * SEEDS);
  const sorted = notices.toSorted((a, b) => a - b);
  expect(sorted[Math.ceil(0.99 * sorted.length) - 1]).toBeLessThanOrEqual(NOTICE_SECONDS);
});
