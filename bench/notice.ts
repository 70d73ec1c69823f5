import { loadScenario } from "../lib/drill/load-scenario.ts";
import { stageAndRun } from "../lib/drill/run-drill.ts";
import { Random } from "../lib/region/kernel/random.ts";
import { percentile } from "./median.ts";

const SEEDS = 10;

/**
 * How long after its end a deployment is known to have ended: ours, measured in the region, against what the SDK's
 * `waitUntilServicesStable` would have taken for the same deployments (its formula: random between minDelay 15 s and
 * the exponential ceiling, at most 600 s; docs/facts/performance-reliability.md "SDK waiters").
 */
export async function benchNotice(): Promise<void> {
  const scenario = loadScenario(`${import.meta.dirname}/../drills/bad-release.yaml`);
  const ours: number[] = [];
  const waiter: number[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { stage, result } = await stageAndRun(scenario, { seed });
    const since = result.rollbacks[0]?.startedAt ?? 0;
    const random = new Random(seed);
    let begunAt = since;
    let endedAt: number | undefined;
    for (const { at, source, event, facts } of stage.region.kernel.log.entries.filter(
      (entry) => entry.at >= since,
    )) {
      if (source === "ecs" && facts["status"] === "IN_PROGRESS") begunAt = at;
      if (source === "ecs" && facts["status"] === "SUCCESSFUL") endedAt = at;
      if (event !== "state entered" || facts["state"] !== "Component settled?" || endedAt === undefined)
        continue;
      ours.push((at - endedAt) / 1_000);
      waiter.push(waiterOvershoot((endedAt - begunAt) / 1_000, random));
      endedAt = undefined;
    }
  }
  console.log(`\nNoticing that a deployment has ended, virtual seconds over ${ours.length} deployments`);
  for (const [name, figures] of [
    ["Stepback", ours],
    ["SDK waiter", waiter],
  ] as const) {
    console.log(
      `  ${name.padEnd(12)} median ${percentile(figures, 0.5).toFixed(1)}  p99 ${percentile(figures, 0.99).toFixed(1)}`,
    );
  }
}

function waiterOvershoot(durationSeconds: number, random: Random): number {
  let now = 0;
  for (let attempt = 1; ; attempt++) {
    if (now >= durationSeconds) return now - durationSeconds;
    const ceiling = Math.min(600, 15 * 2 ** (attempt - 1));
    now += random.between(15, Math.max(15, ceiling));
  }
}
