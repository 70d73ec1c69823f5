import type { DeleteDBClusterMessage } from "@aws-sdk/client-rds";
import type { ClusterRecord } from "./cluster-record.ts";
import { newClusterSnapshot } from "./cluster-snapshots.ts";
import { badCombination, wrongState } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";

/** DeleteDBCluster: members first, then the cluster; its automated backups go with it unless told. */
export function deleteCluster(world: RdsWorld, record: ClusterRecord, input: DeleteDBClusterMessage): void {
  const { SkipFinalSnapshot: skip = false, FinalDBSnapshotIdentifier: final } = input;
  if (record.settings.DeletionProtection) {
    throw badCombination(
      "Cannot delete protected Cluster, please disable deletion protection and try again.",
    );
  }
  if (record.deleting || (record.status !== "available" && record.brokenAs === undefined)) {
    throw wrongState("cluster", `DBCluster ${record.id} cannot be deleted while it is ${record.status}.`);
  }
  if (world.membersOf(record).some(({ status }) => status !== "deleting")) {
    throw wrongState(
      "cluster",
      "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
    );
  }
  if (skip === (final !== undefined)) {
    throw badCombination("Exactly one of SkipFinalSnapshot and FinalDBSnapshotIdentifier must be specified.");
  }
  if (final !== undefined) newClusterSnapshot(world, record, { id: final, tags: undefined });
  const { bench, pace } = world;
  record.brokenAs = undefined;
  record.down = true;
  record.deleting = true;
  bench.queue(record, `delete ${record.id}`, async () => {
    await bench.stay(record, "deleting", pace.deletion);
    // The cluster goes when its last member has gone.
    await Promise.all(world.membersOf(record).map(({ working }) => working));
    record.status = "deleted";
    record.deletedAt = world.now;
    world.clusters.splice(world.clusters.indexOf(record), 1);
    if (input.DeleteAutomatedBackups === false) world.retainedClusters.push(record);
    world.events.record({ kind: "db-cluster", name: record.id }, "DB cluster deleted", "deletion");
  });
}
