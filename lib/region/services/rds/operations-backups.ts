import * as sdk from "@aws-sdk/client-rds";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import type { InstanceRecord } from "./instance-record.ts";
import { filtered, page } from "./page.ts";
import type { RdsPermissions } from "./permissions.ts";
import type { RdsWorld } from "./rds-world.ts";
import { restoreWindow } from "./restore-window.ts";

/** Automated backups: where the earliest moment of a restore is told, also of databases that are gone. */
export function backupOperations(model: ServiceModel, world: RdsWorld, permissions: RdsPermissions): void {
  model
    .on(sdk.DescribeDBInstanceAutomatedBackupsCommand, {
      accepts: ["DbiResourceId", "DBInstanceIdentifier", "Filters", "MaxRecords", "Marker"],
      authorize: () => [permissions.on("DescribeDBInstanceAutomatedBackups", "auto-backup", undefined)],
      handle: (input) => {
        const { items, ...next } = page(instanceBackups(world, input), input);
        return { DBInstanceAutomatedBackups: items.map((one) => describeBackup(world, one)), ...next };
      },
    })
    .on(sdk.DescribeDBClusterAutomatedBackupsCommand, {
      accepts: ["DbClusterResourceId", "DBClusterIdentifier", "MaxRecords", "Marker"],
      authorize: () => [
        permissions.on("DescribeDBClusterAutomatedBackups", "cluster-auto-backup", undefined),
      ],
      handle: (input) => {
        const kept = world.retainedClusters
          .filter(({ resourceId }) => !input.DbClusterResourceId || resourceId === input.DbClusterResourceId)
          .filter(({ id }) => !input.DBClusterIdentifier || id === input.DBClusterIdentifier.toLowerCase());
        const { items, ...next } = page(kept, input);
        return { DBClusterAutomatedBackups: items.map((one) => describeClusterBackup(world, one)), ...next };
      },
    });
}

/** The name in the ARN of an instance's automated backups. */
export function backupName(resourceId: string): string {
  return resourceId.toLowerCase().replace(/^(db|cluster)-/, "ab-");
}

function instanceBackups(
  world: RdsWorld,
  input: sdk.DescribeDBInstanceAutomatedBackupsMessage,
): readonly InstanceRecord[] {
  const { DbiResourceId, DBInstanceIdentifier } = input;
  const all = [...world.instances, ...world.retainedInstances].filter(
    ({ cluster, settings }) => !cluster && settings.BackupRetentionPeriod > 0,
  );
  const found = filtered(all, input.Filters, {
    status: (record) => [backupStatus(record)],
    "db-instance-id": ({ id }) => [id],
    "dbi-resource-id": ({ resourceId }) => [resourceId],
  })
    .filter(({ resourceId }) => !DbiResourceId || resourceId === DbiResourceId)
    .filter(({ id }) => !DBInstanceIdentifier || id === DBInstanceIdentifier.toLowerCase());
  if (found.length === 0 && (DbiResourceId ?? DBInstanceIdentifier) !== undefined) {
    const message = `No automated backup of ${DbiResourceId ?? DBInstanceIdentifier} was found.`;
    throw new AwsError("DBInstanceAutomatedBackupNotFoundFault", message);
  }
  return found;
}

/** active · creating (no first backup yet) · retained (docs/facts/database.md §1). */
function backupStatus({ deletedAt, firstBackupAt }: InstanceRecord): string {
  if (deletedAt !== undefined) return "retained";
  return firstBackupAt === undefined ? "creating" : "active";
}

function describeBackup(world: RdsWorld, record: InstanceRecord): sdk.DBInstanceAutomatedBackup {
  const { settings } = record;
  return {
    DBInstanceArn: world.arn("db", record.id),
    DBInstanceAutomatedBackupsArn: world.arn("auto-backup", backupName(record.resourceId)),
    DbiResourceId: record.resourceId,
    DBInstanceIdentifier: record.id,
    Region: world.context.region,
    Status: backupStatus(record),
    RestoreWindow: describeWindow(world, record),
    InstanceCreateTime: new Date(record.createdAt),
    Engine: settings.Engine,
    EngineVersion: settings.EngineVersion,
    LicenseModel: settings.LicenseModel,
    MasterUsername: settings.MasterUsername,
    AllocatedStorage: settings.AllocatedStorage,
    StorageType: settings.StorageType,
    Iops: settings.Iops,
    StorageThroughput: settings.StorageThroughput,
    Port: settings.Port,
    AvailabilityZone: settings.AvailabilityZone,
    OptionGroupName: settings.OptionGroupName,
    Encrypted: settings.KmsKeyId !== undefined,
    KmsKeyId: settings.KmsKeyId,
    IAMDatabaseAuthenticationEnabled: settings.IAMDatabaseAuthenticationEnabled,
    BackupRetentionPeriod: settings.BackupRetentionPeriod,
    PreferredBackupWindow: settings.PreferredBackupWindow,
  };
}

function describeClusterBackup(world: RdsWorld, record: ClusterRecord): sdk.DBClusterAutomatedBackup {
  return {
    DBClusterArn: world.arn("cluster", record.id),
    DBClusterAutomatedBackupsArn: world.arn("cluster-auto-backup", backupName(record.resourceId)),
    DBClusterIdentifier: record.id,
    DbClusterResourceId: record.resourceId,
    Region: world.context.region,
    Status: "retained",
    RestoreWindow: describeWindow(world, record),
    ClusterCreateTime: new Date(record.createdAt),
    Engine: record.settings.Engine,
    EngineVersion: record.settings.EngineVersion,
    BackupRetentionPeriod: record.settings.BackupRetentionPeriod,
  };
}

function describeWindow(
  world: RdsWorld,
  record: InstanceRecord | ClusterRecord,
): sdk.RestoreWindow | undefined {
  const window = restoreWindow(world, record);
  return window && { EarliestTime: new Date(window.earliest), LatestTime: new Date(window.latest) };
}
