import type { ClusterRecord } from "./cluster-record.ts";
import type { InstanceRecord } from "./instance-record.ts";
import type { RdsWorld } from "./rds-world.ts";

/** Epoch milliseconds. */
export interface Window {
  readonly earliest: number;
  readonly latest: number;
}

const DAY = 24 * 3_600_000;

/**
 * Between which moments a database can be restored; undefined when automated backups are off or the first one is not
 * complete. Logs reach S3 every five minutes, so the latest moment moves in steps (docs/facts/database.md §1); it stops
 * with the database.
 */
export function restoreWindow(world: RdsWorld, record: InstanceRecord | ClusterRecord): Window | undefined {
  const { firstBackupAt, deletedAt, settings } = record;
  if (settings.BackupRetentionPeriod === 0 || firstBackupAt === undefined) return undefined;
  const until = deletedAt ?? world.now;
  const lag = Math.max(1, world.restorableLagMs);
  const latest = until - ((until - firstBackupAt) % lag);
  const retention = settings.BackupRetentionPeriod * DAY;
  const earliest = Math.max(firstBackupAt, world.now - retention);
  return earliest <= latest ? { earliest, latest } : undefined;
}
