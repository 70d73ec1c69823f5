import { Content } from "./content.ts";
import type { InstanceRecord } from "./instance-record.ts";
import type { RdsWorld } from "./rds-world.ts";
import { restoreWindow } from "./restore-window.ts";
import type { InstanceSnapshot } from "./snapshot-record.ts";

const DAY = 24 * 3_600_000;

/**
 * The daily snapshots that a point-in-time restore starts from: one in every backup window since the first backup,
 * within the retention. They are computed when asked for; the daily `backing-up` of the instance is not modelled.
 */
export function automatedSnapshots(world: RdsWorld, record: InstanceRecord): readonly InstanceSnapshot[] {
  const window = restoreWindow(world, record);
  if (!window || record.cluster) return [];
  const [hours = 0, minutes = 0] = record.settings.PreferredBackupWindow.split(/[:-]/).map(Number);
  const first = Math.floor(window.earliest / DAY) * DAY + (hours * 60 + minutes) * 60_000;
  const daily = Array.from(
    { length: record.settings.BackupRetentionPeriod + 2 },
    (_, day) => first + day * DAY,
  );
  return [window.earliest, ...daily.filter((at) => at > window.earliest && at <= window.latest)].map((at) =>
    snapshotAt(record, at),
  );
}

/** A snapshot of either kind by its name. */
export function findSnapshot(world: RdsWorld, name: string | undefined): InstanceSnapshot | undefined {
  const automated = [...world.instances, ...world.retainedInstances].flatMap((one) =>
    automatedSnapshots(world, one),
  );
  return [...world.snapshots, ...automated].find(({ id }) => id === name?.toLowerCase());
}

function snapshotAt(record: InstanceRecord, at: number): InstanceSnapshot {
  const stamp = new Date(at).toISOString().slice(0, 16).replace(/[T:]/g, "-");
  return {
    id: `rds:${record.id}-${stamp}`,
    type: "automated",
    sourceId: record.id,
    sourceResourceId: record.resourceId,
    sourceCreatedAt: record.createdAt,
    settings: record.settings,
    content: new Content(record.content.asOf(at)),
    databaseTime: at,
    createdAt: at,
    completeAt: at,
    tags: [],
    sourceTags: record.tags,
    status: "available",
    brokenAs: undefined,
    jobs: 0,
    working: Promise.resolve(),
  };
}
