import type { DBInstance, PendingModifiedValues } from "@aws-sdk/client-rds";
import type { InstanceRecord } from "./instance-record.ts";
import type { RdsWorld } from "./rds-world.ts";
import { restoreWindow } from "./restore-window.ts";

/** An instance as DescribeDBInstances and every call that changes one answer it. */
export function describeInstance(world: RdsWorld, record: InstanceRecord): DBInstance {
  const { settings, cluster } = record;
  const {
    DBSubnetGroupName,
    VpcSecurityGroupIds: groups,
    DBParameterGroupName,
    OptionGroupName,
    Port,
    EnabledCloudwatchLogsExports: logs,
    ...shown
  } = settings;
  const window = restoreWindow(world, cluster ?? record);
  return {
    ...shown,
    ...record.facts,
    ...storageOf(world, record),
    DBInstanceIdentifier: record.id,
    DbiResourceId: record.resourceId,
    DBInstanceArn: world.arn("db", record.id),
    DBInstanceStatus: record.status,
    DBClusterIdentifier: cluster?.id,
    InstanceCreateTime: record.status === "creating" ? undefined : new Date(record.createdAt),
    Endpoint: record.hasEndpoint
      ? {
          Address: world.hostOf(record),
          Port: cluster?.settings.Port ?? Port,
          HostedZoneId: "Z2R2ITUGPM61AM",
        }
      : undefined,
    DBSubnetGroup: { DBSubnetGroupName, SubnetGroupStatus: "Complete" },
    // A member's are the cluster's, now and after every change of them.
    VpcSecurityGroups: (cluster?.settings.VpcSecurityGroupIds ?? groups).map((id) => ({
      VpcSecurityGroupId: id,
      Status: record.securityGroupStatus,
    })),
    DBParameterGroups: [{ DBParameterGroupName, ParameterApplyStatus: record.parameterStatus }],
    OptionGroupMemberships: [{ OptionGroupName, Status: record.optionStatus }],
    PendingModifiedValues: pendingOf(world, record),
    LatestRestorableTime: window && !cluster ? new Date(window.latest) : undefined,
    StorageEncrypted: (cluster?.settings ?? settings).KmsKeyId !== undefined,
    KmsKeyId: (cluster?.settings ?? settings).KmsKeyId,
    EnabledCloudwatchLogsExports: logs.length > 0 ? [...logs] : undefined,
    MasterUserSecret: record.masterSecret,
    ReadReplicaDBInstanceIdentifiers: record.facts.ReadReplicaDBInstanceIdentifiers ?? [],
    ActivityStreamStatus: record.facts.ActivityStreamStatus ?? "stopped",
    DomainMemberships: [],
    AssociatedRoles: record.facts.AssociatedRoles ?? [],
    TagList: [...record.tags],
  };
}

/** The volume as it loads from S3, which `available` does not tell (docs/facts/database.md §1). */
function storageOf(world: RdsWorld, { initialisation }: InstanceRecord): DBInstance {
  if (!initialisation || world.now >= initialisation.to) return {};
  const { from, to } = initialisation;
  return {
    StorageOperationStatus: "Initializing",
    StorageOperationPercentProgress: Math.floor((100 * (world.now - from)) / (to - from)),
  };
}

/** The pending settings that DescribeDBInstances tells of; `{}` when there are none (docs/facts/database.md §1). */
function pendingOf(world: RdsWorld, { pending }: InstanceRecord): PendingModifiedValues {
  return {
    DBInstanceIdentifier: world.renameShowsPending ? pending.DBInstanceIdentifier : undefined,
    DBInstanceClass: pending.DBInstanceClass,
    AllocatedStorage: pending.AllocatedStorage,
    StorageType: pending.StorageType,
    Iops: pending.Iops,
    StorageThroughput: pending.StorageThroughput,
    DedicatedLogVolume: pending.DedicatedLogVolume,
    MultiAZ: pending.MultiAZ,
    EngineVersion: pending.EngineVersion,
    LicenseModel: pending.LicenseModel,
    Port: pending.Port,
    DBSubnetGroupName: pending.DBSubnetGroupName,
    BackupRetentionPeriod: pending.BackupRetentionPeriod,
    CACertificateIdentifier: pending.CACertificateIdentifier,
    IAMDatabaseAuthenticationEnabled: pending.IAMDatabaseAuthenticationEnabled,
    MasterUserPassword: pending.masterPassword === undefined ? undefined : "****",
    PendingCloudwatchLogsExports: pending.EnabledCloudwatchLogsExports
      ? { LogTypesToEnable: [...pending.EnabledCloudwatchLogsExports] }
      : undefined,
  };
}
