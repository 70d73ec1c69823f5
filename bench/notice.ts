import { loadScenario } from "../lib/drill/load-scenario.ts";
import { stageAndRun } from "../lib/drill/run-drill.ts";
import { Random } from "../lib/region/kernel/random.ts";
import { measureDatabaseNotices, NOTICE_DRILLS } from "./database-notice.ts";
import { percentile } from "./median.ts";

const SEEDS = 10;
const DATABASE_SEEDS = Object.fromEntries(NOTICE_DRILLS.map((drill) => [drill, [1, 2]]));

/** Of the SDK's waiters, seconds (docs/facts/performance-reliability.md "SDK waiters"). */
const SERVICES_STABLE = { minDelay: 15, maxDelay: 600 };
const DATABASE_AVAILABLE = { minDelay: 30, maxDelay: 1_800 };

/**
 * How long after its end a job of AWS is known to have ended: ours, measured in the region, against what the SDK's waiter
 * would have taken for the same jobs (its formula: random between the least delay and an exponential ceiling).
 */
export async function benchNotice(): Promise<void> {
  await benchDeployments();
  await benchDatabases();
}

async function benchDeployments(): Promise<void> {
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
      waiter.push(waiterOvershoot((endedAt - begunAt) / 1_000, random, SERVICES_STABLE));
      endedAt = undefined;
    }
  }
  print(`Noticing that a deployment has ended, virtual seconds over ${ours.length} deployments`, {
    Stepback: ours,
    "SDK waiter": waiter,
  });
}

/** Restores, modifications, renames, snapshots, proxy targets and deletions, as `measureDatabaseNotices` defines it. */
async function benchDatabases(): Promise<void> {
  const random = new Random(1);
  const notices = await measureDatabaseNotices(DATABASE_SEEDS);
  print(`Noticing that RDS is done, virtual seconds over ${notices.length} jobs`, {
    Stepback: notices.map(({ noticed }) => noticed),
    "SDK waiter": notices.map(({ took }) => waiterOvershoot(took, random, DATABASE_AVAILABLE)),
    "then acting": notices.map(({ acted }) => acted),
  });
}

function print(title: string, rows: Readonly<Record<string, readonly number[]>>): void {
  console.log(`\n${title}`);
  for (const [name, figures] of Object.entries(rows)) {
    console.log(
      `  ${name.padEnd(12)} median ${percentile(figures, 0.5).toFixed(1)}  p99 ${percentile(figures, 0.99).toFixed(1)}`,
    );
  }
}

function waiterOvershoot(
  durationSeconds: number,
  random: Random,
  { minDelay, maxDelay }: typeof DATABASE_AVAILABLE,
): number {
  let now = 0;
  for (let attempt = 1; ; attempt++) {
    if (now >= durationSeconds) return now - durationSeconds;
    const ceiling = Math.min(maxDelay, minDelay * 2 ** (attempt - 1));
    now += random.between(minDelay, Math.max(minDelay, ceiling));
  }
}

if (import.meta.main) await benchNotice();
