import type { CreateReplicationGroupMessage } from "@aws-sdk/client-elasticache";
import { AwsError } from "../../service-model.ts";
import type { CacheSettings, Caches, ReplicationGroup, Snapshot } from "./caches.ts";

/**
 * "10-30+ min" until a restored cache can be used (docs/facts/frontend-secrets-config.md §D). That an empty one takes
 * as long is unverified.
 */
const CREATION_MINUTES = [10, 30] as const;

/** Starts a new group, from a snapshot or empty. A snapshot never goes back into a group that exists (the same §D). */
export function createReplicationGroup(
  caches: Caches,
  input: CreateReplicationGroupMessage,
): ReplicationGroup {
  const id = checkedId(input.ReplicationGroupId, 40);
  if (caches.replicationGroups.has(id)) {
    const message = `Replication group with specified identifier: ${id} already exists.`;
    throw new AwsError("ReplicationGroupAlreadyExistsFault", message);
  }
  const snapshot = input.SnapshotName === undefined ? undefined : restorable(caches, input.SnapshotName);
  const settings = settingsOf(input, snapshot);
  const group: ReplicationGroup = {
    ...settings,
    id,
    arn: caches.arn("replicationgroup", id),
    description: input.ReplicationGroupDescription ?? "",
    createdAt: caches.context.kernel.date(),
    replicasPerShard: input.ReplicasPerNodeGroup ?? (input.NumCacheClusters ?? 1) - 1,
    multiAz: input.MultiAZEnabled ?? false,
    transitEncryption: input.TransitEncryptionEnabled ?? false,
    atRestEncryption: input.AtRestEncryptionEnabled ?? false,
    kmsKeyId: input.KmsKeyId,
    securityGroupIds: input.SecurityGroupIds ?? [],
    userGroupIds: input.UserGroupIds ?? [],
    status: "creating",
    content: new Map(snapshot?.content),
  };
  if (group.automaticFailover && group.replicasPerShard < 1) {
    throw invalidCombination("Automatic failover needs at least one replica");
  }
  caches.replicationGroups.set(id, group);
  if (snapshot) snapshot.status = "restoring";
  caches.log("replication group creating", { id, ...(snapshot ? { snapshot: snapshot.name } : {}) });
  caches.afterMinutes(CREATION_MINUTES, () => {
    group.status = "available";
    if (snapshot) snapshot.status = "available";
    caches.log("replication group available", { id });
  });
  return group;
}

/** A snapshot that can be restored now. The code for one that cannot is unverified. */
export function restorable(caches: Caches, name: string): Snapshot {
  const snapshot = caches.snapshot(name);
  if (snapshot.status !== "creating") return snapshot;
  throw new AwsError("InvalidSnapshotStateFault", `Snapshot ${name} is in state ${snapshot.status}`);
}

/** "1 to 40 alphanumeric characters or hyphens; the first a letter; no hyphen at the end, no two in a row" [SDK]. */
export function checkedId(id: string | undefined, longest: number): string {
  const valid = id !== undefined && id.length <= longest && /^[a-z](-?[a-z0-9])*$/i.test(id);
  if (valid) return id.toLowerCase();
  throw new AwsError("InvalidParameterValueException", `The identifier '${id}' is not valid`);
}

/** What the request says, else what the snapshot remembers; an empty group needs an engine and a node type. */
function settingsOf(input: CreateReplicationGroupMessage, snapshot: Snapshot | undefined): CacheSettings {
  const engine = input.Engine ?? snapshot?.engine;
  const nodeType = input.CacheNodeType ?? snapshot?.nodeType;
  if (engine === undefined || nodeType === undefined) {
    throw invalidCombination("Engine and CacheNodeType are needed without a snapshot");
  }
  const parameterGroup = input.CacheParameterGroupName ?? snapshot?.parameterGroup ?? `default.${engine}`;
  const shards = input.NumNodeGroups ?? snapshot?.shards ?? 1;
  const inherited = parameterGroup === snapshot?.parameterGroup && snapshot.clusterMode;
  const clusterMode =
    input.ClusterMode === undefined
      ? inherited || shards > 1 || parameterGroup.endsWith(".cluster.on")
      : input.ClusterMode !== "disabled";
  // "CME→CMD restore impossible" (docs/facts/frontend-secrets-config.md §D).
  if (snapshot?.clusterMode && !clusterMode) {
    throw invalidCombination(
      "A snapshot of a cluster with cluster mode enabled cannot be restored without it",
    );
  }
  if (shards > 1 && !clusterMode) throw invalidCombination("Several shards need cluster mode");
  return {
    engine,
    engineVersion: input.EngineVersion ?? snapshot?.engineVersion ?? (engine === "valkey" ? "8.0" : "7.1"),
    nodeType,
    parameterGroup,
    subnetGroup: input.CacheSubnetGroupName ?? snapshot?.subnetGroup,
    port: input.Port ?? snapshot?.port ?? 6379,
    clusterMode,
    shards,
    automaticFailover: input.AutomaticFailoverEnabled ?? false,
    snapshotRetentionLimit: input.SnapshotRetentionLimit ?? 0,
  };
}

function invalidCombination(message: string): AwsError {
  return new AwsError("InvalidParameterCombinationException", message);
}
