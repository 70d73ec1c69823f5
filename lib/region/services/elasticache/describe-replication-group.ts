import type * as elasticache from "@aws-sdk/client-elasticache";
import type { RegionContext } from "../../region-context.ts";
import { type Caches, membersOf, type ReplicationGroup } from "./caches.ts";

/** A replication group as AWS describes it; endpoints come with its being available. */
export function describedGroup(
  context: RegionContext,
  group: ReplicationGroup,
): elasticache.ReplicationGroup {
  const reachable = group.status !== "creating";
  return {
    ReplicationGroupId: group.id,
    ARN: group.arn,
    Description: group.description,
    Status: group.status,
    MemberClusters: [...membersOf(group)],
    NodeGroups: nodeGroups(context, group),
    AutomaticFailover: group.automaticFailover ? "enabled" : "disabled",
    MultiAZ: group.multiAz ? "enabled" : "disabled",
    ...(group.clusterMode && reachable
      ? { ConfigurationEndpoint: endpoint(context, group, `clustercfg.${group.id}`) }
      : {}),
    SnapshotRetentionLimit: group.snapshotRetentionLimit,
    ClusterEnabled: group.clusterMode,
    ClusterMode: group.clusterMode ? "enabled" : "disabled",
    CacheNodeType: group.nodeType,
    Engine: group.engine,
    TransitEncryptionEnabled: group.transitEncryption,
    AtRestEncryptionEnabled: group.atRestEncryption,
    ...(group.kmsKeyId === undefined ? {} : { KmsKeyId: group.kmsKeyId }),
    UserGroupIds: [...group.userGroupIds],
    ReplicationGroupCreateTime: group.createdAt,
  };
}

/** Its nodes, as DescribeCacheClusters shows them. */
export function describedClusters(
  caches: Caches,
  group: ReplicationGroup,
  withNodes: boolean,
): elasticache.CacheCluster[] {
  return membersOf(group).map((id) => ({
    CacheClusterId: id,
    ARN: caches.arn("cluster", id),
    ReplicationGroupId: group.id,
    CacheClusterStatus: group.status,
    CacheNodeType: group.nodeType,
    Engine: group.engine,
    EngineVersion: group.engineVersion,
    NumCacheNodes: 1,
    CacheClusterCreateTime: group.createdAt,
    CacheParameterGroup: { CacheParameterGroupName: group.parameterGroup, ParameterApplyStatus: "in-sync" },
    ...(group.subnetGroup === undefined ? {} : { CacheSubnetGroupName: group.subnetGroup }),
    SecurityGroups: group.securityGroupIds.map((one) => ({ SecurityGroupId: one, Status: "active" })),
    SnapshotRetentionLimit: group.snapshotRetentionLimit,
    ...(withNodes ? { CacheNodes: [{ CacheNodeId: "0001", CacheNodeStatus: group.status }] } : {}),
  }));
}

function nodeGroups(context: RegionContext, group: ReplicationGroup): elasticache.NodeGroup[] {
  return Array.from({ length: group.shards }, (_, index) => {
    const id = String(index + 1).padStart(4, "0");
    const direct = group.clusterMode || group.status === "creating";
    return {
      NodeGroupId: id,
      Status: group.status,
      ...(direct
        ? {}
        : {
            PrimaryEndpoint: endpoint(context, group, `master.${group.id}`),
            ReaderEndpoint: endpoint(context, group, `replica.${group.id}`),
          }),
    };
  });
}

function endpoint(
  { account, region }: RegionContext,
  { port }: ReplicationGroup,
  name: string,
): elasticache.Endpoint {
  return { Address: `${name}.${account.slice(-6)}.${region}.cache.amazonaws.com`, Port: port };
}
