import type { DBInstance } from "@aws-sdk/client-rds";
import type { InstanceSetting } from "./instance-setting.ts";
import { isOlderPatch, isOn, listed, logExports, shown, when } from "./setting.ts";

/** How an instance is kept, upgraded and watched: most of it cannot be said at restore. */
export const OPERATION_SETTINGS: readonly InstanceSetting[] = [
  {
    name: "backup retention (days)",
    of: ({ BackupRetentionPeriod }) => shown(BackupRetentionPeriod),
    // Never left out: from 0 to n afterwards is an outage.
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
    mayComeLater: true,
  },
  {
    name: "automatic minor upgrades",
    of: ({ AutoMinorVersionUpgrade }) => isOn(AutoMinorVersionUpgrade),
    restore: ({ AutoMinorVersionUpgrade }) => ({ AutoMinorVersionUpgrade }),
    modify: ({ AutoMinorVersionUpgrade = false }) => ({ AutoMinorVersionUpgrade }),
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
    of: (instance) => (hasLifecycle(instance) ? shown(instance.EngineLifecycleSupport) : "none"),
    restore: (source) =>
      hasLifecycle(source) ? { EngineLifecycleSupport: source.EngineLifecycleSupport } : {},
    modify: (source) =>
      hasLifecycle(source) ? { EngineLifecycleSupport: source.EngineLifecycleSupport } : {},
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
    // An empty list would be sent as an empty string.
    restore: ({ EnabledCloudwatchLogsExports: logs = [] }) =>
      logs.length > 0 ? { EnableCloudwatchLogsExports: logs } : {},
    modify: (source, copy) =>
      logExports(source.EnabledCloudwatchLogsExports, copy.EnabledCloudwatchLogsExports),
    rightWhen: "prepared",
  },
  {
    name: "enhanced monitoring",
    of: ({ MonitoringInterval = 0, MonitoringRoleArn }) =>
      MonitoringInterval === 0 ? "off" : `every ${MonitoringInterval} s by ${MonitoringRoleArn}`,
    modify: ({ MonitoringInterval = 0, MonitoringRoleArn }) =>
      MonitoringInterval === 0 ? { MonitoringInterval } : { MonitoringInterval, MonitoringRoleArn },
    rightWhen: "prepared",
    mayComeLater: true,
  },
  {
    name: "performance insights",
    of: (instance) =>
      instance.PerformanceInsightsEnabled
        ? `kept ${instance.PerformanceInsightsRetentionPeriod ?? 7} days, key ${shown(instance.PerformanceInsightsKMSKeyId)}`
        : "off",
    modify: performanceInsights,
    rightWhen: "prepared",
    mayComeLater: true,
  },
  {
    name: "database insights mode",
    of: ({ DatabaseInsightsMode = "standard" }) => DatabaseInsightsMode,
    // `advanced` is refused without Performance Insights and its retention in reach (§2).
    modify: (source) => ({
      ...(source.DatabaseInsightsMode === "advanced" ? performanceInsights(source) : {}),
      DatabaseInsightsMode: source.DatabaseInsightsMode ?? "standard",
    }),
    rightWhen: "prepared",
    mayComeLater: true,
  },
];

/** The Enable flag always goes with the rest (§11). */
export function performanceInsights(source: DBInstance) {
  if (!source.PerformanceInsightsEnabled) return { EnablePerformanceInsights: false };
  const { PerformanceInsightsKMSKeyId: key, PerformanceInsightsRetentionPeriod: retention } = source;
  return {
    EnablePerformanceInsights: true,
    ...when(key, { PerformanceInsightsKMSKeyId: key }),
    ...when(retention, { PerformanceInsightsRetentionPeriod: retention }),
  };
}

/** "Applies only to RDS for MySQL and RDS for PostgreSQL" (the SDK's documentation of the restore). */
function hasLifecycle({ Engine, EngineLifecycleSupport }: DBInstance): boolean {
  return (Engine === "mysql" || Engine === "postgres") && EngineLifecycleSupport !== undefined;
}
