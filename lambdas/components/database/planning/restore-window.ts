import type { RDSClient } from "@aws-sdk/client-rds";
import { automatedBackupOf, clusterSnapshotsOf, snapshotsOf } from "../reads.ts";
import type { Sight } from "../sight.ts";

/** Between which moments automated backups can restore. */
export interface RestoreWindow {
  readonly earliest: Date;
  readonly latest: Date;
}

/** A snapshot that can be restored; `at` is the last moment that is in it. */
export interface Snapshot {
  readonly identifier: string;
  readonly at: Date;
  readonly automated: boolean;
  readonly engineVersion?: string | undefined;
}

/**
 * Undefined when automated backups are off or the first one is not complete. An instance does not tell the earliest moment
 * itself, its automated backup does (docs/facts/database.md §1).
 */
export async function restoreWindowOf(rds: RDSClient, sight: Sight): Promise<RestoreWindow | undefined> {
  if (sight.shape === "cluster") {
    return between(sight.cluster.EarliestRestorableTime, sight.cluster.LatestRestorableTime);
  }
  if (!sight.instance.BackupRetentionPeriod) return undefined;
  const backup = await automatedBackupOf(rds, sight.resourceId);
  const { EarliestTime, LatestTime } = backup?.RestoreWindow ?? {};
  return between(EarliestTime, sight.instance.LatestRestorableTime ?? LatestTime);
}

/** Snapshots that are complete, newest first. */
export async function restorableSnapshots(rds: RDSClient, sight: Sight): Promise<readonly Snapshot[]> {
  const all =
    sight.shape === "cluster"
      ? (await clusterSnapshotsOf(rds, sight.resourceId)).map((one) => ({
          ...one,
          name: one.DBClusterSnapshotIdentifier,
          at: one.SnapshotCreateTime,
        }))
      : (await snapshotsOf(rds, sight.resourceId)).map((one) => ({
          ...one,
          name: one.DBSnapshotIdentifier,
          // The last transaction in it; older snapshots tell only when they were begun (§1).
          at: one.SnapshotDatabaseTime ?? one.SnapshotCreateTime,
        }));
  return all
    .flatMap(({ name, at, Status, SnapshotType, EngineVersion: engineVersion }) =>
      name !== undefined && at && Status === "available"
        ? [{ identifier: name, at, automated: SnapshotType === "automated", engineVersion }]
        : [],
    )
    .sort((a, b) => b.at.getTime() - a.at.getTime());
}

function between(earliest: Date | undefined, latest: Date | undefined): RestoreWindow | undefined {
  return earliest && latest ? { earliest, latest } : undefined;
}
