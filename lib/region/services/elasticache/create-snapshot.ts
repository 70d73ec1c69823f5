import { AwsError } from "../../service-model.ts";
import type { CacheSettings, Caches, ReplicationGroup, Snapshot } from "./caches.ts";

/** How long a snapshot takes: minutes; the figure is unverified. */
const SNAPSHOT_MINUTES = [2, 8] as const;
const DAY_MS = 24 * 3_600_000;

/** Starts a snapshot of what the cache holds now; until it is done, the group takes no other operation. */
export function startSnapshot(
  caches: Caches,
  group: ReplicationGroup,
  name: string,
  kmsKeyId: string | undefined,
): Snapshot {
  if (caches.snapshots.has(name)) {
    throw new AwsError("SnapshotAlreadyExistsFault", `Snapshot ${name} already exists.`);
  }
  checkQuota(caches, group);
  const snapshot = addSnapshot(caches, group, { name, kmsKeyId, source: "manual", status: "creating" });
  group.status = "snapshotting";
  caches.log("snapshot creating", { name, replicationGroup: group.id });
  caches.afterMinutes(SNAPSHOT_MINUTES, () => {
    snapshot.status = "available";
    if (group.status === "snapshotting") group.status = "available";
    caches.log("snapshot available", { name });
  });
  return snapshot;
}

/** Remembers what the group is and holds. */
export function addSnapshot(
  caches: Caches,
  group: ReplicationGroup,
  { name, ...rest }: Pick<Snapshot, "name" | "kmsKeyId" | "source" | "status">,
): Snapshot {
  const snapshot: Snapshot = {
    ...settingsOf(group),
    ...rest,
    name,
    arn: caches.arn("snapshot", name),
    replicationGroupId: group.id,
    replicationGroupDescription: group.description,
    createdAt: caches.context.kernel.date(),
    content: new Map(group.content),
  };
  caches.snapshots.set(name, snapshot);
  return snapshot;
}

function settingsOf(group: ReplicationGroup): CacheSettings {
  const { engine, engineVersion, nodeType, parameterGroup, subnetGroup, port } = group;
  const { clusterMode, shards, automaticFailover, snapshotRetentionLimit } = group;
  return {
    ...{ engine, engineVersion, nodeType, parameterGroup, subnetGroup, port },
    ...{ clusterMode, shards, automaticFailover, snapshotRetentionLimit },
  };
}

/** "≤20 manual backups/24h/node" (docs/facts/frontend-secrets-config.md §D). */
function checkQuota(caches: Caches, { id }: ReplicationGroup): void {
  const since = caches.context.kernel.now - DAY_MS;
  const recent = [...caches.snapshots.values()].filter(
    ({ replicationGroupId, source, createdAt }) =>
      replicationGroupId === id && source === "manual" && createdAt.getTime() > since,
  );
  if (recent.length < 20) return;
  throw new AwsError("SnapshotQuotaExceededFault", `The snapshot quota of ${id} for a day has been exceeded`);
}
