import type { DBCluster } from "@aws-sdk/client-rds";
import { earliestBacktrack } from "./backtrack-cluster.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import type { RdsWorld } from "./rds-world.ts";
import { restoreWindow } from "./restore-window.ts";

/** A cluster as DescribeDBClusters and every call that changes one answer it. */
export function describeCluster(world: RdsWorld, record: ClusterRecord): DBCluster {
  const {
    VpcSecurityGroupIds: groups,
    EnabledCloudwatchLogsExports: logs,
    AssociatedRoles,
    ...shown
  } = record.settings;
  const window = restoreWindow(world, record);
  const earliest = earliestBacktrack(world, record);
  return {
    ...shown,
    ...record.facts,
    DBClusterIdentifier: record.id,
    DbClusterResourceId: record.resourceId,
    DBClusterArn: world.arn("cluster", record.id),
    Status: record.status,
    ClusterCreateTime: new Date(record.createdAt),
    Endpoint: world.clusterHost(record),
    ReaderEndpoint: world.clusterHost(record, "cluster-ro"),
    // In which order AWS lists them is not said: here as they were made, and the writer is marked.
    DBClusterMembers: world.instances
      .filter(({ cluster }) => cluster === record)
      .map(({ id, resourceId, settings, clusterParameterStatus }) => ({
        DBInstanceIdentifier: id,
        IsClusterWriter: resourceId === record.writerId,
        DBClusterParameterGroupStatus: clusterParameterStatus,
        PromotionTier: settings.PromotionTier,
      })),
    VpcSecurityGroups: groups.map((id) => ({ VpcSecurityGroupId: id, Status: "active" })),
    EnabledCloudwatchLogsExports: logs.length > 0 ? [...logs] : undefined,
    AssociatedRoles: [...AssociatedRoles],
    StorageEncrypted: record.settings.KmsKeyId !== undefined,
    EarliestRestorableTime: window && new Date(window.earliest),
    LatestRestorableTime: window && new Date(window.latest),
    EarliestBacktrackTime: earliest === undefined ? undefined : new Date(earliest),
    PendingModifiedValues: world.renameShowsPending
      ? { DBClusterIdentifier: record.pending.DBClusterIdentifier }
      : {},
    MasterUserSecret: record.masterSecret,
    ActivityStreamStatus: record.facts.ActivityStreamStatus ?? "stopped",
    MultiAZ: world.membersOf(record).length > 1,
    TagList: [...record.tags],
  };
}
