import type * as rds from "@aws-sdk/client-rds";
import { AwsError } from "../../service-model.ts";
import { Content } from "./content.ts";
import { checkTags, inheritedTags, snapshotIdentifier } from "./identifier.ts";
import type { InstanceRecord } from "./instance-record.ts";
import { wrongState } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";
import type { InstanceSnapshot } from "./snapshot-record.ts";

export interface SnapshotRequest {
  readonly id: string | undefined;
  readonly tags: readonly rds.Tag[] | undefined;
}

/**
 * A manual snapshot of an instance, which is `backing-up` meanwhile (docs/facts/database.md §4). It holds the data of
 * the moment it began.
 */
export function createSnapshot(
  world: RdsWorld,
  record: InstanceRecord,
  request: SnapshotRequest,
): InstanceSnapshot {
  if (record.status !== "available" && record.status !== "storage-optimization") {
    throw wrongState(
      "instance",
      `Cannot create a snapshot because the database instance ${record.id} is not currently in the available state.`,
    );
  }
  const snapshot = newSnapshot(world, record, request);
  world.bench.queue(record, `back up ${record.id}`, async () => {
    record.status = "backing-up";
    await world.context.kernel.sleep(snapshot.completeAt - world.now);
  });
  return snapshot;
}

/** The snapshot itself; its source's status is the caller's business. */
export function newSnapshot(
  world: RdsWorld,
  record: InstanceRecord,
  { id: name, tags }: SnapshotRequest,
): InstanceSnapshot {
  const id = snapshotIdentifier(name, "DBSnapshotIdentifier", 255);
  if (record.cluster)
    throw wrongState("instance", `${record.id} is a member of a cluster: snapshot the cluster.`);
  if (world.snapshots.some((one) => one.id === id)) {
    const message = `Cannot create the snapshot because a snapshot with the identifier ${id} already exists.`;
    throw new AwsError("DBSnapshotAlreadyExistsFault", message);
  }
  checkTags(tags ?? []);
  world.claim("ManualSnapshots", 1);
  const { settings, content } = record;
  const snapshot: InstanceSnapshot = {
    id,
    type: "manual",
    sourceId: record.id,
    sourceResourceId: record.resourceId,
    sourceCreatedAt: record.createdAt,
    settings,
    content: new Content(content.asOf(world.now)),
    databaseTime: world.now,
    createdAt: world.now,
    completeAt: world.now + world.bench.duration(world.pace.snapshot),
    // Explicit tags suppress CopyTagsToSnapshot (docs/facts/database.md §4).
    tags: tags ?? (settings.CopyTagsToSnapshot ? inheritedTags(record.tags) : []),
    sourceTags: inheritedTags(record.tags),
    status: "creating",
    brokenAs: undefined,
    jobs: 0,
    working: Promise.resolve(),
  };
  world.snapshots.push(snapshot);
  const source = { kind: "db-snapshot", name: id } as const;
  world.events.record(source, "Creating manual snapshot", "creation", "RDS-EVENT-0040");
  const fails = world.snapshotFailures > 0;
  if (fails) world.snapshotFailures -= 1;
  world.bench.queue(snapshot, `snapshot ${id}`, async () => {
    await world.context.kernel.sleep(snapshot.completeAt - world.now);
    if (fails) {
      snapshot.brokenAs = "failed";
      return;
    }
    world.events.record(source, "Manual snapshot created", "creation", "RDS-EVENT-0042");
  });
  return snapshot;
}

export function describeSnapshot(world: RdsWorld, snapshot: InstanceSnapshot): rds.DBSnapshot {
  const { settings, createdAt, completeAt } = snapshot;
  const done = Math.min(1, (world.now - createdAt) / Math.max(1, completeAt - createdAt));
  return {
    DBSnapshotIdentifier: snapshot.id,
    DBSnapshotArn: world.arn("snapshot", snapshot.id),
    DBInstanceIdentifier: snapshot.sourceId,
    DbiResourceId: snapshot.sourceResourceId,
    InstanceCreateTime: new Date(snapshot.sourceCreatedAt),
    SnapshotType: snapshot.type,
    Status: snapshot.status,
    PercentProgress: snapshot.status === "available" ? 100 : Math.min(99, Math.floor(done * 100)),
    SnapshotCreateTime: new Date(createdAt),
    OriginalSnapshotCreateTime: new Date(createdAt),
    SnapshotDatabaseTime: new Date(snapshot.databaseTime),
    Engine: settings.Engine,
    EngineVersion: settings.EngineVersion,
    LicenseModel: settings.LicenseModel,
    MasterUsername: settings.MasterUsername,
    AllocatedStorage: settings.AllocatedStorage,
    StorageType: settings.StorageType,
    Iops: settings.Iops,
    StorageThroughput: settings.StorageThroughput,
    DedicatedLogVolume: settings.DedicatedLogVolume,
    Port: settings.Port,
    AvailabilityZone: settings.AvailabilityZone,
    OptionGroupName: settings.OptionGroupName,
    Encrypted: settings.KmsKeyId !== undefined,
    KmsKeyId: settings.KmsKeyId,
    IAMDatabaseAuthenticationEnabled: settings.IAMDatabaseAuthenticationEnabled,
    BackupRetentionPeriod: settings.BackupRetentionPeriod,
    PreferredBackupWindow: settings.PreferredBackupWindow,
    TagList: [...snapshot.tags],
  };
}
