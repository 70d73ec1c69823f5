import {
  type CacheCluster,
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  DescribeSnapshotsCommand,
  type ElastiCacheClient,
  ListTagsForResourceCommand,
  type ReplicationGroup,
  type Snapshot,
} from "@aws-sdk/client-elasticache";
import { asked, isNamed } from "../aws-call.ts";

/** A replication group by its id; undefined when there is none. */
export async function describeGroup(
  elasticache: ElastiCacheClient,
  id: string,
): Promise<ReplicationGroup | undefined> {
  const command = new DescribeReplicationGroupsCommand({ ReplicationGroupId: id });
  try {
    const { ReplicationGroups } = await asked(`Reading the cache ${id}`, elasticache.send(command));
    return ReplicationGroups?.[0];
  } catch (error) {
    if (isNamed(error, "ReplicationGroupNotFoundFault")) return undefined;
    throw error;
  }
}

/** Every replication group of the account and region. */
export async function allGroups(elasticache: ElastiCacheClient): Promise<ReplicationGroup[]> {
  const found: ReplicationGroup[] = [];
  let Marker: string | undefined;
  do {
    const command = new DescribeReplicationGroupsCommand(Marker ? { Marker } : {});
    const page = await asked("Reading all caches", elasticache.send(command));
    found.push(...(page.ReplicationGroups ?? []));
    Marker = page.Marker;
  } while (Marker);
  return found;
}

/** The host that clients connect to: the configuration endpoint with cluster mode, else the primary's. */
export function hostOf(group: ReplicationGroup): string | undefined {
  return group.ConfigurationEndpoint?.Address ?? group.NodeGroups?.[0]?.PrimaryEndpoint?.Address;
}

/** One node of the group: it knows the network, the parameter group and the version, which the group does not. */
export async function describeMember(
  elasticache: ElastiCacheClient,
  group: ReplicationGroup,
): Promise<CacheCluster | undefined> {
  const [id] = group.MemberClusters ?? [];
  if (id === undefined) return undefined;
  const command = new DescribeCacheClustersCommand({ CacheClusterId: id });
  try {
    const { CacheClusters } = await asked(`Reading the cache node ${id}`, elasticache.send(command));
    return CacheClusters?.[0];
  } catch (error) {
    if (isNamed(error, "CacheClusterNotFoundFault")) return undefined;
    throw error;
  }
}

/** Every snapshot of a group, automatic and manual. */
export async function snapshotsOf(elasticache: ElastiCacheClient, groupId: string): Promise<Snapshot[]> {
  const found: Snapshot[] = [];
  let Marker: string | undefined;
  do {
    const command = new DescribeSnapshotsCommand({
      ReplicationGroupId: groupId,
      ...(Marker ? { Marker } : {}),
    });
    const page = await asked(`Reading the snapshots of ${groupId}`, elasticache.send(command));
    found.push(...(page.Snapshots ?? []));
    Marker = page.Marker;
  } while (Marker);
  return found;
}

/** When the data of a snapshot is from: of several shards the latest. */
export function takenAt({ NodeSnapshots = [] }: Snapshot): Date | undefined {
  const times = NodeSnapshots.flatMap(({ SnapshotCreateTime }) => SnapshotCreateTime?.getTime() ?? []);
  return times.length > 0 ? new Date(Math.max(...times)) : undefined;
}

/** The newest snapshot that can be restored and holds nothing younger than the moment. */
export function newestUntil(snapshots: readonly Snapshot[], moment: Date): Snapshot | undefined {
  return snapshots
    .filter(
      (one) =>
        one.SnapshotStatus === "available" && (takenAt(one)?.getTime() ?? Infinity) <= moment.getTime(),
    )
    .sort((a, b) => (takenAt(b)?.getTime() ?? 0) - (takenAt(a)?.getTime() ?? 0))[0];
}

export async function tagsOf(
  elasticache: ElastiCacheClient,
  arn: string,
): Promise<ReadonlyMap<string, string>> {
  const command = new ListTagsForResourceCommand({ ResourceName: arn });
  const { TagList } = await asked(`Reading the tags of ${arn}`, elasticache.send(command));
  return new Map((TagList ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}
