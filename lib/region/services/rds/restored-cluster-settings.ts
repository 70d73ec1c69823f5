import type { RestoreDBClusterToPointInTimeMessage } from "@aws-sdk/client-rds";
import type { ClusterSettings } from "./cluster-settings.ts";
import { engineTraits } from "./engine.ts";
import { DEFAULT_SECURITY_GROUP } from "./group-register.ts";
import { randomMaintenanceWindow, randomTimeWindow } from "./random-window.ts";
import { badCombination } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";

export type ClusterRestoreRequest = Pick<
  RestoreDBClusterToPointInTimeMessage,
  Exclude<(typeof CLUSTER_RESTORE_MEMBERS)[number], (typeof LIMITLESS_MEMBERS)[number]>
>;

/** In the shape, and refused for everything but Aurora Limitless (docs/facts/database.md §3, the trap). */
export const LIMITLESS_MEMBERS = [
  "EnablePerformanceInsights",
  "MonitoringInterval",
  "MonitoringRoleArn",
  "PerformanceInsightsRetentionPeriod",
] as const;

/** The members of a cluster restore that the model knows, beyond those that name the source and the target. */
export const CLUSTER_RESTORE_MEMBERS = [
  "AssociatedRoles",
  "BacktrackWindow",
  "BackupRetentionPeriod",
  "CopyTagsToSnapshot",
  "DBClusterParameterGroupName",
  "DBSubnetGroupName",
  "DeletionProtection",
  "EnableCloudwatchLogsExports",
  "EnableIAMDatabaseAuthentication",
  "EngineLifecycleSupport",
  "EngineMode",
  "KmsKeyId",
  "NetworkType",
  "Port",
  "PreferredBackupWindow",
  "ServerlessV2ScalingConfiguration",
  "StorageType",
  "Tags",
  "VpcSecurityGroupIds",
  ...LIMITLESS_MEMBERS,
] as const;

export function refuseLimitless(input: Partial<Record<(typeof LIMITLESS_MEMBERS)[number], unknown>>): void {
  if (LIMITLESS_MEMBERS.every((member) => input[member] === undefined)) return;
  throw badCombination(
    "You can enable Performance Insights or set the Enhanced Monitoring interval only when restoring from a source " +
      "Aurora Limitless DB cluster",
  );
}

/** What a restore takes from its source when the request is silent, and what kind of restore does so. */
export interface Inherited {
  readonly EngineVersion: string;
  readonly Port: number;
}

/** What the request says, else the defaults of docs/facts/database.md §3. */
export function restoredClusterSettings(
  world: RdsWorld,
  source: ClusterSettings,
  request: ClusterRestoreRequest,
  { EngineVersion, Port }: Inherited,
): ClusterSettings {
  const traits = engineTraits(source.Engine, EngineVersion);
  return {
    Engine: source.Engine,
    EngineVersion,
    EngineMode: request.EngineMode ?? "provisioned",
    EngineLifecycleSupport: request.EngineLifecycleSupport ?? "open-source-rds-extended-support",
    MasterUsername: source.MasterUsername,
    DatabaseName: source.DatabaseName,
    StorageType: request.StorageType ?? "aurora",
    KmsKeyId: request.KmsKeyId ?? source.KmsKeyId,
    Port: request.Port ?? Port,
    DBSubnetGroup: request.DBSubnetGroupName ?? "default",
    VpcSecurityGroupIds: request.VpcSecurityGroupIds ?? [DEFAULT_SECURITY_GROUP],
    NetworkType: request.NetworkType ?? "IPV4",
    DBClusterParameterGroup: request.DBClusterParameterGroupName ?? `default.${traits.parameterFamily}`,
    BackupRetentionPeriod: request.BackupRetentionPeriod ?? source.BackupRetentionPeriod,
    PreferredBackupWindow: request.PreferredBackupWindow ?? randomTimeWindow(world.bench.random),
    PreferredMaintenanceWindow: randomMaintenanceWindow(world.bench.random),
    BacktrackWindow: request.BacktrackWindow ?? 0,
    CopyTagsToSnapshot: request.CopyTagsToSnapshot ?? false,
    DeletionProtection: request.DeletionProtection ?? false,
    IAMDatabaseAuthenticationEnabled: request.EnableIAMDatabaseAuthentication ?? false,
    HttpEndpointEnabled: false,
    EnabledCloudwatchLogsExports: request.EnableCloudwatchLogsExports ?? [],
    ServerlessV2ScalingConfiguration: request.ServerlessV2ScalingConfiguration,
    PerformanceInsightsEnabled: false,
    DatabaseInsightsMode: "standard",
    LocalWriteForwardingStatus: "disabled",
    AssociatedRoles: (request.AssociatedRoles ?? []).map((role) => ({ ...role, Status: "ACTIVE" })),
  };
}
