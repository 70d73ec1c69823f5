import type {
  CacheCluster,
  CreateReplicationGroupCommandInput,
  ReplicationGroup,
} from "@aws-sdk/client-elasticache";

/**
 * What the copy takes over from the cache in use: a snapshot remembers only a part of it, and not the network, the
 * encryption or who may connect (docs/facts/frontend-secrets-config.md §D; the members are those of the SDK's types).
 */
export function settingsFrom(
  group: ReplicationGroup,
  member: CacheCluster,
): Omit<CreateReplicationGroupCommandInput, "ReplicationGroupId" | "ReplicationGroupDescription"> {
  const securityGroups = (member.SecurityGroups ?? []).flatMap(
    ({ SecurityGroupId }) => SecurityGroupId ?? [],
  );
  const userGroups = group.UserGroupIds ?? [];
  const port = group.ConfigurationEndpoint?.Port ?? group.NodeGroups?.[0]?.PrimaryEndpoint?.Port;
  return present({
    CacheNodeType: group.CacheNodeType,
    Engine: group.Engine ?? member.Engine,
    EngineVersion: member.EngineVersion,
    CacheParameterGroupName: member.CacheParameterGroup?.CacheParameterGroupName,
    CacheSubnetGroupName: member.CacheSubnetGroupName,
    SecurityGroupIds: securityGroups.length > 0 ? securityGroups : undefined,
    UserGroupIds: userGroups.length > 0 ? userGroups : undefined,
    Port: port,
    ...shape(group),
    AutomaticFailoverEnabled: group.AutomaticFailover === "enabled",
    MultiAZEnabled: group.MultiAZ === "enabled",
    TransitEncryptionEnabled: group.TransitEncryptionEnabled,
    TransitEncryptionMode: group.TransitEncryptionMode,
    AtRestEncryptionEnabled: group.AtRestEncryptionEnabled,
    KmsKeyId: group.KmsKeyId,
    SnapshotRetentionLimit: group.SnapshotRetentionLimit,
    SnapshotWindow: group.SnapshotWindow,
    PreferredMaintenanceWindow: member.PreferredMaintenanceWindow,
    AutoMinorVersionUpgrade: group.AutoMinorVersionUpgrade,
    DataTieringEnabled: group.DataTiering === "enabled" ? true : undefined,
    NetworkType: group.NetworkType,
    IpDiscovery: group.IpDiscovery,
  });
}

/** Why no faithful copy of this cache can be made: a sentence; undefined when nothing speaks against it. */
export function obstacleToCopy(group: ReplicationGroup): string | undefined {
  const id = group.ReplicationGroupId;
  if (group.Status !== "available") return `the cache ${id} is ${group.Status}; wait until it is available.`;
  if (group.AuthTokenEnabled && !group.UserGroupIds?.length) {
    return `the cache ${id} has an AUTH token, which AWS shows to nobody, so a copy would have none; use user groups or the way epoch.`;
  }
  if (group.GlobalReplicationGroupInfo?.GlobalReplicationGroupId) {
    return `the cache ${id} belongs to a global datastore, which a copy cannot join; use the way epoch.`;
  }
  return undefined;
}

/** What a person should know before: it is not carried over, or nobody tried. */
export function notesOnCopy(group: ReplicationGroup, member: CacheCluster): string[] {
  const notes: string[] = [];
  if (group.LogDeliveryConfigurations?.length)
    notes.push("The copy delivers no logs; set that up afterwards.");
  if (member.NotificationConfiguration?.TopicArn)
    notes.push("The copy notifies no topic; set that up afterwards.");
  if (group.KmsKeyId) {
    notes.push(
      "It is encrypted with a key of your own: the key's policy must let ElastiCache use it for the copy.",
    );
  }
  return notes;
}

function shape({ ClusterEnabled, NodeGroups = [], MemberClusters = [] }: ReplicationGroup) {
  if (!ClusterEnabled) return { NumCacheClusters: MemberClusters.length };
  const shards = Math.max(1, NodeGroups.length);
  return { NumNodeGroups: shards, ReplicasPerNodeGroup: Math.max(0, MemberClusters.length / shards - 1) };
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without what the cache does not have: an absent member keeps AWS's default. */
function present<T extends object>(settings: T): Partial<Present<T>> {
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(entries) as Partial<Present<T>>;
}
