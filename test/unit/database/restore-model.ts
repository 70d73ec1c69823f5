import type {
  DBInstance,
  ModifyDBInstanceMessage,
  RestoreDBInstanceToPointInTimeMessage,
} from "@aws-sdk/client-rds";

/** What AWS decides by itself where a request is silent and the documentation says only that it is random or default. */
export interface Chance {
  readonly zone: string;
  readonly window: string;
  /** What SQL Server's storage becomes: docs/facts/database.md §2 leaves open whether gp3 or the source's. */
  readonly sqlServerKeepsStorage: boolean;
}

/**
 * RDS's restore as docs/facts/database.md §2 tells it: what is said is set, what is not becomes the default of the column
 * "default if omitted", and what RDS refuses is thrown.
 */
export function restored(
  source: DBInstance,
  input: Partial<RestoreDBInstanceToPointInTimeMessage>,
  chance: Chance,
): DBInstance {
  refuseRestore(source, input);
  return {
    EngineVersion: source.EngineVersion,
    LicenseModel: input.LicenseModel ?? source.LicenseModel,
    KmsKeyId: source.KmsKeyId,
    DBInstanceIdentifier: input.TargetDBInstanceIdentifier,
    DBInstanceClass: input.DBInstanceClass ?? source.DBInstanceClass,
    Endpoint: { Port: input.Port ?? source.Endpoint?.Port },
    DBSubnetGroup: { DBSubnetGroupName: input.DBSubnetGroupName ?? "default" },
    VpcSecurityGroups: (input.VpcSecurityGroupIds ?? ["sg-default"]).map((id) => ({
      VpcSecurityGroupId: id,
    })),
    DBParameterGroups: [{ DBParameterGroupName: input.DBParameterGroupName ?? "default.engine" }],
    OptionGroupMemberships: [{ OptionGroupName: input.OptionGroupName ?? "default:engine" }],
    PubliclyAccessible: input.PubliclyAccessible ?? true,
    NetworkType: input.NetworkType ?? "IPV4",
    MultiAZ: input.MultiAZ ?? false,
    AvailabilityZone: input.AvailabilityZone ?? chance.zone,
    DeletionProtection: input.DeletionProtection ?? false,
    BackupRetentionPeriod: input.BackupRetentionPeriod ?? source.BackupRetentionPeriod,
    PreferredBackupWindow: input.PreferredBackupWindow ?? chance.window,
    PreferredMaintenanceWindow: `sat:${chance.window}`,
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
    CopyTagsToSnapshot: input.CopyTagsToSnapshot ?? false,
    IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication ?? false,
    EnabledCloudwatchLogsExports: input.EnableCloudwatchLogsExports,
    CACertificateIdentifier: input.CACertificateIdentifier ?? "rds-ca-default",
    EngineLifecycleSupport: input.EngineLifecycleSupport ?? "open-source-rds-extended-support",
    MonitoringInterval: 0,
    PerformanceInsightsEnabled: false,
    DatabaseInsightsMode: "standard",
    DedicatedLogVolume: input.DedicatedLogVolume ?? false,
    ProcessorFeatures: input.ProcessorFeatures,
    CustomerOwnedIpEnabled: input.EnableCustomerOwnedIp ?? false,
    DomainMemberships: input.Domain ? [{ Domain: input.Domain, IAMRoleName: input.DomainIAMRoleName }] : [],
    TagList: input.Tags ?? source.TagList,
    ...storage(source, input, chance),
  };
}

/** ModifyDBInstance with ApplyImmediately, to its end. */
export function modified(copy: DBInstance, input: ModifyDBInstanceMessage): DBInstance {
  const next: DBInstance = { ...copy };
  for (const [key, value] of Object.entries(input)) Object.assign(next, renamed(copy, key, value));
  refusePerformance(next, input);
  if (next.MonitoringInterval && !next.MonitoringRoleArn) throw new Error("MonitoringRoleArn is required");
  if (
    input.PerformanceInsightsRetentionPeriod !== undefined &&
    input.EnablePerformanceInsights === undefined
  ) {
    throw new Error("PerformanceInsightsRetentionPeriod needs EnablePerformanceInsights");
  }
  const advanced = next.DatabaseInsightsMode === "advanced";
  if (advanced && (next.PerformanceInsightsRetentionPeriod ?? 7) < 465)
    throw new Error("advanced needs 465 days");
  return { ...next, ...reported(next) };
}

function renamed(copy: DBInstance, key: string, value: unknown): object {
  switch (key) {
    case "ApplyImmediately":
    case "DBInstanceIdentifier":
      return {};
    case "VpcSecurityGroupIds":
      return { VpcSecurityGroups: list(value).map((id) => ({ VpcSecurityGroupId: id })) };
    case "DBPortNumber":
      return { Endpoint: { Port: value } };
    case "EnablePerformanceInsights":
      return { PerformanceInsightsEnabled: value };
    case "EnableIAMDatabaseAuthentication":
      return { IAMDatabaseAuthenticationEnabled: value };
    case "CloudwatchLogsExportConfiguration": {
      const { EnableLogTypes = [] } = Object(value) as { readonly EnableLogTypes?: readonly string[] };
      return {
        EnabledCloudwatchLogsExports: [...(copy.EnabledCloudwatchLogsExports ?? []), ...EnableLogTypes],
      };
    }
    default:
      if (!SAME_NAME.has(key)) throw new Error(`ModifyDBInstance of this model does not know ${key}`);
      return { [key]: value };
  }
}

const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

const SAME_NAME = new Set([
  "AllocatedStorage",
  "DatabaseInsightsMode",
  "DeletionProtection",
  "Iops",
  "MaxAllocatedStorage",
  "MonitoringInterval",
  "MonitoringRoleArn",
  "MultiAZ",
  "PerformanceInsightsKMSKeyId",
  "PerformanceInsightsRetentionPeriod",
  "PreferredMaintenanceWindow",
  "StorageThroughput",
  "StorageType",
]);

function storage(source: DBInstance, input: Partial<RestoreDBInstanceToPointInTimeMessage>, chance: Chance) {
  const { AllocatedStorage = source.AllocatedStorage, MaxAllocatedStorage } = input;
  const fallback = input.Iops === undefined ? "gp3" : "io1";
  const kept = isSqlServer(source) && chance.sqlServerKeepsStorage ? source.StorageType : fallback;
  const { StorageType = kept, Iops, StorageThroughput } = input;
  const made = {
    Engine: source.Engine,
    StorageType,
    AllocatedStorage,
    MaxAllocatedStorage,
    Iops,
    StorageThroughput,
  };
  return { ...made, ...reported(made) };
}

/** What Describe reports of gp3: a small volume always 3,000 and 125, whatever is thought of it (§0.8). */
function reported(instance: DBInstance): Partial<DBInstance> {
  if (instance.StorageType !== "gp3") return {};
  const small = (instance.AllocatedStorage ?? 0) < thresholdOf(instance);
  if (small || isSqlServer(instance)) {
    return { Iops: instance.Iops ?? 3_000, StorageThroughput: instance.StorageThroughput ?? 125 };
  }
  return { Iops: instance.Iops ?? 12_000, StorageThroughput: instance.StorageThroughput ?? 500 };
}

function refuseRestore(source: DBInstance, input: Partial<RestoreDBInstanceToPointInTimeMessage>): void {
  const { Engine = "" } = source;
  const says = (...keys: (keyof RestoreDBInstanceToPointInTimeMessage)[]) =>
    keys.some((key) => input[key] !== undefined);
  const refused: readonly (readonly [string, boolean])[] = [
    ["storage of SQL Server", isSqlServer(source) && says("StorageType", "AllocatedStorage", "Iops")],
    ["DBName", says("DBName") && /^(mysql|mariadb|db2)/.test(Engine)],
    ["a zone for Multi-AZ", input.MultiAZ === true && says("AvailabilityZone")],
    ["an aws: tag", (input.Tags ?? []).some(({ Key = "" }) => Key.startsWith("aws:"))],
    ["an empty list of logs", input.EnableCloudwatchLogsExports?.length === 0],
    [
      "IAM authentication",
      says("EnableIAMDatabaseAuthentication") && !/^(postgres|mysql|mariadb)$/.test(Engine),
    ],
    ["lifecycle support", says("EngineLifecycleSupport") && Engine !== "mysql" && Engine !== "postgres"],
    ["managed password", says("ManageMasterUserPassword") && !Engine.startsWith("oracle")],
    ["both times", says("RestoreTime") === says("UseLatestRestorableTime") && says("SourceDbiResourceId")],
    ["an autoscaling limit", (input.MaxAllocatedStorage ?? Infinity) <= (source.AllocatedStorage ?? 0)],
  ];
  const reason = refused.find(([, isSo]) => isSo)?.[0];
  if (reason) throw new Error(`RDS refuses ${reason}`);
  refusePerformance({ ...source, StorageType: input.StorageType }, input);
}

function refusePerformance(
  instance: DBInstance,
  input: { readonly Iops?: number | undefined; readonly StorageThroughput?: number | undefined },
): void {
  const { Iops, StorageThroughput } = input;
  if (instance.StorageType !== "gp3" || (Iops === undefined && StorageThroughput === undefined)) return;
  const threshold = thresholdOf(instance);
  if ((instance.AllocatedStorage ?? 0) < threshold)
    throw new Error("You can't specify IOPS or storage throughput");
  if (threshold > 0 && (Iops ?? 12_000) < 12_000) throw new Error("The IOPS must be at least 12000");
}

const isSqlServer = ({ Engine = "" }: DBInstance) => Engine.startsWith("sqlserver");

function thresholdOf({ Engine = "" }: DBInstance): number {
  if (Engine.startsWith("sqlserver")) return 0;
  return Engine.startsWith("oracle") ? 200 : 400;
}
