import type { RestoreDBInstanceToPointInTimeMessage } from "@aws-sdk/client-rds";
import { type EngineTraits, engineTraits } from "./engine.ts";
import { DEFAULT_SECURITY_GROUP } from "./group-register.ts";
import type { InstanceSettings } from "./instance-settings.ts";
import { randomMaintenanceWindow, randomTimeWindow } from "./random-window.ts";
import type { RdsWorld } from "./rds-world.ts";

/** What both ways to restore an instance have in common; MaxAllocatedStorage only in the point-in-time one. */
export type RestoreRequest = Pick<
  RestoreDBInstanceToPointInTimeMessage,
  Exclude<(typeof RESTORE_MEMBERS)[number], "TagSpecifications">
>;

/** The members of a restore that the model honours, beyond those that name the source and the target. */
export const RESTORE_MEMBERS = [
  "AllocatedStorage",
  "AutoMinorVersionUpgrade",
  "AvailabilityZone",
  "BackupRetentionPeriod",
  "CACertificateIdentifier",
  "CopyTagsToSnapshot",
  "DBInstanceClass",
  "DBName",
  "DBParameterGroupName",
  "DBSubnetGroupName",
  "DedicatedLogVolume",
  "DeletionProtection",
  "EnableCloudwatchLogsExports",
  "EnableIAMDatabaseAuthentication",
  "Engine",
  "EngineLifecycleSupport",
  "Iops",
  "LicenseModel",
  "MaxAllocatedStorage",
  "MultiAZ",
  "NetworkType",
  "OptionGroupName",
  "Port",
  "PreferredBackupWindow",
  "PubliclyAccessible",
  "StorageThroughput",
  "StorageType",
  "Tags",
  "VpcSecurityGroupIds",
] as const;

/**
 * The settings of a restored instance: what the request says, else the defaults of docs/facts/database.md §2, which are
 * mostly *not* the source's.
 */
export function restoredSettings(
  world: RdsWorld,
  source: InstanceSettings,
  request: RestoreRequest,
): InstanceSettings {
  const traits = engineTraits(source.Engine, source.EngineVersion);
  return {
    ...inherited(source, request),
    ...surroundings(world, traits, request),
    ...storage(source, traits, request),
    ...lostUnlessModified(world),
    PreferredBackupWindow: request.PreferredBackupWindow ?? randomTimeWindow(world.bench.random),
    CACertificateIdentifier: request.CACertificateIdentifier ?? "rds-ca-rsa2048-g1", // account default; unverified
    AutoMinorVersionUpgrade: request.AutoMinorVersionUpgrade ?? true,
    CopyTagsToSnapshot: request.CopyTagsToSnapshot ?? false,
    DeletionProtection: request.DeletionProtection ?? false,
    IAMDatabaseAuthenticationEnabled: request.EnableIAMDatabaseAuthentication ?? false,
    EnabledCloudwatchLogsExports: request.EnableCloudwatchLogsExports ?? [],
    EngineLifecycleSupport: request.EngineLifecycleSupport ?? "open-source-rds-extended-support",
  };
}

/** The source's, unless told. */
function inherited(source: InstanceSettings, request: RestoreRequest) {
  return {
    DBInstanceClass: request.DBInstanceClass ?? source.DBInstanceClass,
    Engine: source.Engine,
    EngineVersion: source.EngineVersion,
    LicenseModel: request.LicenseModel ?? source.LicenseModel,
    MasterUsername: source.MasterUsername,
    DBName: request.DBName ?? source.DBName,
    KmsKeyId: source.KmsKeyId,
    Port: request.Port ?? source.Port,
    BackupRetentionPeriod: request.BackupRetentionPeriod ?? source.BackupRetentionPeriod,
  };
}

/** Where it stands and what it is configured by: nothing of the source's. */
function surroundings(world: RdsWorld, traits: EngineTraits, request: RestoreRequest) {
  const DBSubnetGroupName = request.DBSubnetGroupName ?? "default";
  const zone = world.bench.random.integer(0, 2);
  return {
    DBSubnetGroupName,
    VpcSecurityGroupIds: request.VpcSecurityGroupIds ?? [DEFAULT_SECURITY_GROUP],
    PubliclyAccessible:
      request.PubliclyAccessible ?? world.groups.subnetGroups.get(DBSubnetGroupName)?.isPublic ?? false,
    NetworkType: request.NetworkType ?? "IPV4",
    MultiAZ: request.MultiAZ ?? false,
    AvailabilityZone: request.AvailabilityZone ?? `${world.context.region}${"abc".charAt(zone)}`,
    DBParameterGroupName: request.DBParameterGroupName ?? `default.${traits.parameterFamily}`,
    OptionGroupName: request.OptionGroupName ?? traits.defaultOptionGroup,
  };
}

/** io1 when Iops are given, else gp3, whatever the source has. Below the threshold gp3 has its base performance. */
function storage(source: InstanceSettings, traits: EngineTraits, request: RestoreRequest) {
  const AllocatedStorage = request.AllocatedStorage ?? source.AllocatedStorage;
  const fallback = request.Iops === undefined ? "gp3" : "io1";
  const StorageType = request.StorageType ?? (traits.restoresWithStorage ? fallback : source.StorageType);
  const base =
    StorageType !== "gp3"
      ? {}
      : AllocatedStorage < traits.gp3ThresholdGiB
        ? { Iops: 3000, StorageThroughput: 125 }
        : { Iops: 12_000, StorageThroughput: 500 };
  return {
    AllocatedStorage,
    StorageType,
    Iops: request.Iops ?? base.Iops,
    StorageThroughput: request.StorageThroughput ?? base.StorageThroughput,
    MaxAllocatedStorage: request.MaxAllocatedStorage,
    DedicatedLogVolume: request.DedicatedLogVolume ?? false,
  };
}

/** No restore can pass these; ModifyDBInstance sets them afterwards. */
function lostUnlessModified(world: RdsWorld) {
  return {
    PreferredMaintenanceWindow: randomMaintenanceWindow(world.bench.random),
    MonitoringInterval: 0,
    PerformanceInsightsEnabled: false,
    DatabaseInsightsMode: "standard" as const,
  };
}
