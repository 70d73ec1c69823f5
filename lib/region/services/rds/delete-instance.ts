import type { DeleteDBInstanceMessage } from "@aws-sdk/client-rds";
import { promote } from "./failover-cluster.ts";
import type { InstanceRecord } from "./instance-record.ts";
import { badCombination, wrongState } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";
import { closeNetwork } from "./reachability.ts";
import { newSnapshot } from "./snapshots.ts";

/**
 * DeleteDBInstance. Automated backups go with the instance unless told (docs/facts/database.md §0.10). Unverified: AWS
 * may accept a deletion in more statuses than these.
 */
export function deleteInstance(
  world: RdsWorld,
  record: InstanceRecord,
  input: DeleteDBInstanceMessage,
): void {
  const { SkipFinalSnapshot: skip = false, FinalDBSnapshotIdentifier: final } = input;
  if (record.settings.DeletionProtection) {
    throw badCombination(
      "Cannot delete protected DB Instance, please disable deletion protection and try again.",
    );
  }
  if (record.deleting || (record.status !== "available" && record.brokenAs === undefined)) {
    throw wrongState("instance", `Instance ${record.id} cannot be deleted while it is ${record.status}.`);
  }
  checkFinalSnapshot(record, skip, final);
  if (final !== undefined) newSnapshot(world, record, { id: final, tags: undefined });
  remove(world, record, { retain: input.DeleteAutomatedBackups === false, snapshots: final !== undefined });
}

/** A member of a cluster leaves no snapshot of its own. */
function checkFinalSnapshot(record: InstanceRecord, skip: boolean, final: string | undefined): void {
  if (record.cluster) {
    if (final !== undefined)
      throw badCombination("FinalDBSnapshotIdentifier is not valid for a member of a DB cluster.");
    return;
  }
  if (skip && final !== undefined) {
    throw badCombination(
      "FinalDBSnapshotIdentifier can't be specified when SkipFinalSnapshot is specified as true.",
    );
  }
  if (!skip && final === undefined) {
    throw badCombination("FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
  }
  // Required for failed and incompatible instances (docs/facts/database.md §5, undo).
  if (!skip && record.brokenAs !== undefined) {
    throw wrongState(
      "instance",
      `A DB instance that is ${record.status} can only be deleted without a final snapshot.`,
    );
  }
}

function remove(
  world: RdsWorld,
  record: InstanceRecord,
  { retain, snapshots }: { readonly retain: boolean; readonly snapshots: boolean },
): void {
  const { bench, pace } = world;
  record.brokenAs = undefined;
  // Asked twice while the status has not turned yet, the second is too late: whether AWS accepts it is unverified.
  record.deleting = true;
  closeNetwork(record);
  bench.queue(record, `delete ${record.id}`, async () => {
    closeNetwork(record);
    await bench.stay(record, "deleting", snapshots ? pace.snapshot : pace.deletion);
    record.status = "deleted";
    record.deletedAt = world.now;
    world.instances.splice(world.instances.indexOf(record), 1);
    if (record.cluster?.writerId === record.resourceId) promote(world, record.cluster, undefined);
    if (retain && record.firstBackupAt !== undefined) world.retainedInstances.push(record);
    world.events.record(
      { kind: "db-instance", name: record.id },
      "DB instance deleted",
      "deletion",
      "RDS-EVENT-0003",
    );
  });
}
