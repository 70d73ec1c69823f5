import type {
  DBCluster,
  ModifyDBClusterMessage,
  RestoreDBClusterToPointInTimeMessage,
} from "@aws-sdk/client-rds";
import { roleText } from "./instance-table.ts";
import { isOlderPatch, isOn, listed, logExports, type Setting, shown, when } from "./setting.ts";
import { shownTags } from "./tags.ts";

export type ClusterSetting = Setting<DBCluster, RestoreDBClusterToPointInTimeMessage, ModifyDBClusterMessage>;

/**
 * Every setting of an Aurora cluster that a restore loses, and how the copy gets it: docs/facts/database.md §3.
 * Monitoring and Performance Insights stand in the restore's shape too, but sending them there is refused for every
 * cluster that is not Limitless: monitoring is the members', insights are modified.
 */
export const CLUSTER_SETTINGS: readonly ClusterSetting[] = [
  {
    name: "subnet group",
    of: ({ DBSubnetGroup }) => shown(DBSubnetGroup),
    restore: ({ DBSubnetGroup }) => ({ DBSubnetGroupName: DBSubnetGroup }),
    rightWhen: "prepared",
  },
  {
    name: "cluster parameter group",
    of: ({ DBClusterParameterGroup }) => shown(DBClusterParameterGroup),
    restore: ({ DBClusterParameterGroup: name }) => ({ DBClusterParameterGroupName: name }),
    modify: ({ DBClusterParameterGroup: name }) => ({ DBClusterParameterGroupName: name }),
    rightWhen: "prepared",
  },
  {
    name: "port",
    // The engine's default unless told, not the source's.
    of: ({ Port }) => shown(Port),
    restore: ({ Port }) => when(Port, { Port }),
    modify: ({ Port }) => when(Port, { Port }),
    rightWhen: "prepared",
  },
  {
    name: "network type",
    of: ({ NetworkType = "IPV4" }) => NetworkType,
    restore: ({ NetworkType }) => when(NetworkType, { NetworkType }),
    modify: ({ NetworkType = "IPV4" }) => ({ NetworkType }),
    rightWhen: "prepared",
  },
  {
    name: "storage type",
    of: ({ StorageType }) => StorageType || "aurora",
    restore: ({ StorageType }) => when(StorageType, { StorageType }),
    modify: ({ StorageType }) => ({ StorageType: StorageType || "aurora" }),
    rightWhen: "prepared",
  },
  {
    name: "serverless capacity",
    of: ({ ServerlessV2ScalingConfiguration: scaling }) =>
      scaling
        ? `${scaling.MinCapacity} to ${scaling.MaxCapacity}, pause ${shown(scaling.SecondsUntilAutoPause)}`
        : "none",
    // Once, at restore: a member cannot be created without it, and saying it again gives InternalErrors (§3).
    restore: ({ ServerlessV2ScalingConfiguration: scaling }) =>
      scaling ? { ServerlessV2ScalingConfiguration: scaling } : {},
    rightWhen: "prepared",
  },
  {
    name: "engine mode",
    of: ({ EngineMode = "provisioned" }) => EngineMode,
    restore: ({ EngineMode = "provisioned" }) => (EngineMode === "provisioned" ? {} : { EngineMode }),
    rightWhen: "prepared",
  },
  {
    name: "engine version",
    of: ({ EngineVersion }) => shown(EngineVersion),
    modify: ({ Engine = "", EngineVersion }, copy) =>
      isOlderPatch(Engine, copy.EngineVersion, EngineVersion) ? { EngineVersion } : {},
    rightWhen: "prepared",
  },
  {
    name: "extended support",
    of: ({ EngineLifecycleSupport }) => shown(EngineLifecycleSupport),
    restore: ({ EngineLifecycleSupport }) => when(EngineLifecycleSupport, { EngineLifecycleSupport }),
    modify: ({ EngineLifecycleSupport }) => when(EngineLifecycleSupport, { EngineLifecycleSupport }),
    rightWhen: "prepared",
  },
  {
    name: "backup retention (days)",
    of: ({ BackupRetentionPeriod }) => shown(BackupRetentionPeriod),
    restore: ({ BackupRetentionPeriod }) => ({ BackupRetentionPeriod }),
    modify: ({ BackupRetentionPeriod }) => ({ BackupRetentionPeriod }),
    rightWhen: "prepared",
  },
  {
    name: "backup window",
    of: ({ PreferredBackupWindow }) => shown(PreferredBackupWindow),
    restore: ({ PreferredBackupWindow }) => when(PreferredBackupWindow, { PreferredBackupWindow }),
    modify: ({ PreferredBackupWindow }) => when(PreferredBackupWindow, { PreferredBackupWindow }),
    rightWhen: "prepared",
  },
  {
    name: "maintenance window",
    of: ({ PreferredMaintenanceWindow }) => shown(PreferredMaintenanceWindow),
    modify: ({ PreferredMaintenanceWindow }) =>
      when(PreferredMaintenanceWindow, { PreferredMaintenanceWindow }),
    rightWhen: "prepared",
  },
  {
    name: "backtrack window (s)",
    of: ({ BacktrackWindow = 0 }) => shown(BacktrackWindow),
    // Switched off once, it never comes back: so it is said at restore (§3).
    restore: ({ BacktrackWindow = 0 }) => (BacktrackWindow > 0 ? { BacktrackWindow } : {}),
    modify: ({ BacktrackWindow = 0 }) => (BacktrackWindow > 0 ? { BacktrackWindow } : {}),
    rightWhen: "prepared",
  },
  {
    name: "IAM authentication",
    of: ({ IAMDatabaseAuthenticationEnabled }) => isOn(IAMDatabaseAuthenticationEnabled),
    restore: ({ IAMDatabaseAuthenticationEnabled: on }) =>
      on ? { EnableIAMDatabaseAuthentication: true } : {},
    modify: ({ IAMDatabaseAuthenticationEnabled: on = false }) => ({ EnableIAMDatabaseAuthentication: on }),
    rightWhen: "prepared",
  },
  {
    name: "copying of tags to snapshots",
    of: ({ CopyTagsToSnapshot }) => isOn(CopyTagsToSnapshot),
    restore: ({ CopyTagsToSnapshot = false }) => ({ CopyTagsToSnapshot }),
    modify: ({ CopyTagsToSnapshot = false }) => ({ CopyTagsToSnapshot }),
    rightWhen: "prepared",
  },
  {
    name: "log exports",
    of: ({ EnabledCloudwatchLogsExports }) => listed(EnabledCloudwatchLogsExports),
    restore: ({ EnabledCloudwatchLogsExports: logs = [] }) =>
      logs.length > 0 ? { EnableCloudwatchLogsExports: logs } : {},
    modify: (source, copy) =>
      logExports(source.EnabledCloudwatchLogsExports, copy.EnabledCloudwatchLogsExports),
    rightWhen: "prepared",
  },
  {
    name: "performance insights",
    of: ({ PerformanceInsightsEnabled: on, ...cluster }) =>
      on ? `kept ${cluster.PerformanceInsightsRetentionPeriod ?? 7} days` : "off",
    modify: clusterInsights,
    rightWhen: "prepared",
  },
  {
    name: "database insights mode",
    of: ({ DatabaseInsightsMode = "standard" }) => DatabaseInsightsMode,
    modify: (source) => ({
      ...(source.DatabaseInsightsMode === "advanced" ? clusterInsights(source) : {}),
      DatabaseInsightsMode: source.DatabaseInsightsMode ?? "standard",
    }),
    rightWhen: "prepared",
  },
  {
    name: "HTTP endpoint",
    // EnableHttpEndpoint, on the copy's ARN: `needsHttpEndpoint`.
    of: ({ HttpEndpointEnabled }) => isOn(HttpEndpointEnabled),
    rightWhen: "prepared",
  },
  {
    name: "roles",
    of: ({ AssociatedRoles = [] }) => listed(AssociatedRoles.map(roleText)),
    restore: ({ AssociatedRoles = [] }) =>
      AssociatedRoles.length > 0
        ? { AssociatedRoles: AssociatedRoles.map(({ RoleArn, FeatureName }) => ({ RoleArn, FeatureName })) }
        : {},
    rightWhen: "prepared",
  },
  {
    name: "local write forwarding",
    of: ({ LocalWriteForwardingStatus: status }) => isOn(/^(enabled|enabling|requested)$/.test(status ?? "")),
    // No restore can say it; readers would refuse writes that the source's pass on.
    modify: ({ LocalWriteForwardingStatus: status }) => ({
      EnableLocalWriteForwarding: /^(enabled|enabling|requested)$/.test(status ?? ""),
    }),
    rightWhen: "prepared",
  },
  {
    name: "directory",
    of: ({ DomainMemberships = [] }) => listed(DomainMemberships.map(({ Domain }) => shown(Domain))),
    restore: directoryOf,
    modify: directoryOf,
    rightWhen: "prepared",
  },
  {
    name: "encryption key",
    of: ({ KmsKeyId }) => shown(KmsKeyId),
    restore: ({ KmsKeyId }) => when(KmsKeyId, { KmsKeyId }),
    rightWhen: "prepared",
  },
  {
    name: "tags",
    of: ({ TagList }) => shownTags(TagList),
    rightWhen: "prepared",
  },
  {
    name: "security groups",
    of: (cluster) => listed(groupsOf(cluster)),
    restore: (source) => ({ VpcSecurityGroupIds: groupsOf(source) }),
    modify: (source) => ({ VpcSecurityGroupIds: groupsOf(source) }),
    rightWhen: "live",
  },
  {
    name: "deletion protection",
    of: ({ DeletionProtection }) => isOn(DeletionProtection),
    restore: () => ({ DeletionProtection: false }),
    modify: ({ DeletionProtection = false }) => ({ DeletionProtection }),
    rightWhen: "live",
  },
];

function groupsOf({ VpcSecurityGroups = [] }: DBCluster): string[] {
  return VpcSecurityGroups.flatMap(({ VpcSecurityGroupId: id }) => id ?? []);
}

/** Aurora joins AWS Managed directories only: by their id and the role that joins. */
function directoryOf({ DomainMemberships: [membership] = [] }: DBCluster) {
  return membership ? { Domain: membership.Domain, DomainIAMRoleName: membership.IAMRoleName } : {};
}

function clusterInsights(source: DBCluster) {
  if (!source.PerformanceInsightsEnabled) return { EnablePerformanceInsights: false };
  const { PerformanceInsightsKMSKeyId: key, PerformanceInsightsRetentionPeriod: retention } = source;
  return {
    EnablePerformanceInsights: true,
    ...when(key, { PerformanceInsightsKMSKeyId: key }),
    ...when(retention, { PerformanceInsightsRetentionPeriod: retention }),
  };
}
