import type * as rds from "@aws-sdk/client-rds";
import { AwsError } from "../../service-model.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import { Content } from "./content.ts";
import { checkTags, inheritedTags, snapshotIdentifier } from "./identifier.ts";
import { wrongState } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";
import type { ClusterSnapshot } from "./snapshot-record.ts";
import type { SnapshotRequest } from "./snapshots.ts";

/** CreateDBClusterSnapshot: of an available cluster, which goes on serving. */
export function createClusterSnapshot(
  world: RdsWorld,
  record: ClusterRecord,
  request: SnapshotRequest,
): ClusterSnapshot {
  if (record.status !== "available") {
    throw wrongState(
      "cluster",
      `DBCluster ${record.id} is not in the available state: it is ${record.status}.`,
    );
  }
  const snapshot = newClusterSnapshot(world, record, request);
  world.bench.queue(record, `back up ${record.id}`, async () => {
    record.status = "backing-up";
    await world.context.kernel.sleep(snapshot.completeAt - world.now);
  });
  return snapshot;
}

/** A manual snapshot that was taken at a moment before the story, and is complete. */
export function installClusterSnapshot(
  world: RdsWorld,
  record: ClusterRecord,
  { id, at }: { readonly id: string; readonly at: number },
): ClusterSnapshot {
  const snapshot: ClusterSnapshot = {
    ...snapshotOf(world, record, { id, tags: [] }),
    content: new Content(record.content.asOf(at)),
    databaseTime: at,
    createdAt: at,
    completeAt: at,
    status: "available",
  };
  world.clusterSnapshots.push(snapshot);
  return snapshot;
}

export function newClusterSnapshot(
  world: RdsWorld,
  record: ClusterRecord,
  request: SnapshotRequest,
): ClusterSnapshot {
  const snapshot = snapshotOf(world, record, request);
  world.clusterSnapshots.push(snapshot);
  const source = { kind: "db-cluster-snapshot", name: snapshot.id } as const;
  world.events.record(source, "Creating manual cluster snapshot", "backup", "RDS-EVENT-0074");
  world.bench.queue(snapshot, `snapshot ${snapshot.id}`, async () => {
    await world.context.kernel.sleep(snapshot.completeAt - world.now);
    world.events.record(source, "Manual cluster snapshot created", "backup", "RDS-EVENT-0075");
  });
  return snapshot;
}

/** A snapshot in its first moment. */
function snapshotOf(
  world: RdsWorld,
  record: ClusterRecord,
  { id: name, tags }: SnapshotRequest,
): ClusterSnapshot {
  // 63, where an instance's may have 255 (docs/facts/database.md §4).
  const id = snapshotIdentifier(name, "DBClusterSnapshotIdentifier", 63);
  if (world.clusterSnapshots.some((one) => one.id === id)) {
    const message = `Cannot create the snapshot because a snapshot with the identifier ${id} already exists.`;
    throw new AwsError("DBClusterSnapshotAlreadyExistsFault", message);
  }
  checkTags(tags ?? []);
  const { settings, content } = record;
  return {
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
    tags: tags ?? (settings.CopyTagsToSnapshot ? inheritedTags(record.tags) : []),
    sourceTags: inheritedTags(record.tags),
    status: "creating",
    brokenAs: undefined,
    jobs: 0,
    working: Promise.resolve(),
  };
}

export function describeClusterSnapshot(world: RdsWorld, snapshot: ClusterSnapshot): rds.DBClusterSnapshot {
  const { settings, createdAt, completeAt } = snapshot;
  const done = Math.min(1, (world.now - createdAt) / Math.max(1, completeAt - createdAt));
  return {
    DBClusterSnapshotIdentifier: snapshot.id,
    DBClusterSnapshotArn: world.arn("cluster-snapshot", snapshot.id),
    DBClusterIdentifier: snapshot.sourceId,
    DbClusterResourceId: snapshot.sourceResourceId,
    ClusterCreateTime: new Date(snapshot.sourceCreatedAt),
    SnapshotType: snapshot.type,
    Status: snapshot.status,
    PercentProgress: snapshot.status === "available" ? 100 : Math.min(99, Math.floor(done * 100)),
    SnapshotCreateTime: new Date(createdAt),
    Engine: settings.Engine,
    EngineVersion: settings.EngineVersion,
    EngineMode: settings.EngineMode,
    Port: settings.Port,
    MasterUsername: settings.MasterUsername,
    StorageEncrypted: settings.KmsKeyId !== undefined,
    KmsKeyId: settings.KmsKeyId,
    StorageType: settings.StorageType,
    BackupRetentionPeriod: settings.BackupRetentionPeriod,
    TagList: [...snapshot.tags],
  };
}
