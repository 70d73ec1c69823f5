import type { BacktrackDBClusterMessage, DBClusterBacktrack } from "@aws-sdk/client-rds";
import type { ClusterRecord } from "./cluster-record.ts";
import { cutOffCluster } from "./modify-cluster.ts";
import { badCombination, badValue, wrongState } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";
import { openNetwork } from "./reachability.ts";

/** From when on a cluster can be backtracked; undefined when it cannot. */
export function earliestBacktrack(world: RdsWorld, record: ClusterRecord): number | undefined {
  const { BacktrackWindow } = record.settings;
  if (BacktrackWindow === 0 || record.backtrackSince === undefined || record.backtrackLost) return undefined;
  return Math.max(record.backtrackSince, world.now - BacktrackWindow * 1000);
}

/**
 * BacktrackDBCluster: the data goes back in place, connections are dropped, and going forward to BacktrackedFrom undoes
 * it (docs/facts/database.md §3). The messages are unverified.
 */
export function backtrackCluster(
  world: RdsWorld,
  record: ClusterRecord,
  { BacktrackTo, UseEarliestTimeOnPointInTimeUnavailable: orEarliest }: BacktrackDBClusterMessage,
): DBClusterBacktrack {
  const earliest = earliestBacktrack(world, record);
  if (earliest === undefined)
    throw badCombination(`Backtrack is not enabled for the DB cluster ${record.id}.`);
  if (record.status !== "available") {
    throw wrongState("cluster", `DBCluster ${record.id} cannot be backtracked while it is ${record.status}.`);
  }
  const wanted = BacktrackTo?.getTime() ?? Number.NaN;
  if (!(wanted < world.now)) throw badValue("BacktrackTo must be in the past.");
  if (wanted < earliest && !orEarliest) {
    throw badValue(`The DB cluster cannot be backtracked to before ${new Date(earliest).toISOString()}.`);
  }
  const backtrack: DBClusterBacktrack = {
    BacktrackIdentifier: world.context.kernel.random.uuid(),
    BacktrackTo: new Date(Math.max(wanted, earliest)),
    BacktrackedFrom: world.context.kernel.date(),
    BacktrackRequestCreationTime: world.context.kernel.date(),
    Status: "applying",
  };
  record.backtracks.push(backtrack);
  run(world, record, backtrack, Math.max(wanted, earliest));
  return backtrack;
}

function run(world: RdsWorld, record: ClusterRecord, backtrack: DBClusterBacktrack, to: number): void {
  const { bench, pace } = world;
  bench.queue(record, `backtrack ${record.id}`, async () => {
    cutOffCluster(world, record);
    await bench.stay(record, "backtracking", pace.backtrack);
    record.content.backtrack(world.now, to);
    backtrack.Status = "completed";
    openNetwork(world, record, [0, 0]);
    const source = { kind: "db-cluster", name: record.id } as const;
    world.events.record(
      source,
      `The DB cluster was backtracked to ${new Date(to).toISOString()}`,
      "backtrack",
    );
  });
}
