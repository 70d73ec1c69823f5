import type { DBInstance, Tag } from "@aws-sdk/client-rds";

/** Everything about an instance that people set, under the names that DescribeDBInstances uses. */
export interface InstanceSettings {
  readonly DBInstanceClass: string;
  readonly Engine: string;
  readonly EngineVersion: string;
  readonly EngineLifecycleSupport: string;
  readonly LicenseModel: string;
  readonly MasterUsername: string;
  readonly DBName?: string | undefined;
  readonly AllocatedStorage: number;
  readonly MaxAllocatedStorage?: number | undefined;
  readonly StorageType: string;
  readonly Iops?: number | undefined;
  readonly StorageThroughput?: number | undefined;
  readonly DedicatedLogVolume: boolean;
  readonly KmsKeyId?: string | undefined;
  readonly Port: number;
  readonly DBSubnetGroupName: string;
  readonly VpcSecurityGroupIds: readonly string[];
  readonly PubliclyAccessible: boolean;
  readonly NetworkType: string;
  readonly MultiAZ: boolean;
  readonly AvailabilityZone: string;
  readonly DBParameterGroupName: string;
  readonly OptionGroupName: string;
  readonly CACertificateIdentifier: string;
  readonly BackupRetentionPeriod: number;
  readonly PreferredBackupWindow: string;
  readonly PreferredMaintenanceWindow: string;
  readonly AutoMinorVersionUpgrade: boolean;
  readonly CopyTagsToSnapshot: boolean;
  readonly DeletionProtection: boolean;
  readonly IAMDatabaseAuthenticationEnabled: boolean;
  readonly EnabledCloudwatchLogsExports: readonly string[];
  readonly MonitoringInterval: number;
  readonly MonitoringRoleArn?: string | undefined;
  readonly PerformanceInsightsEnabled: boolean;
  readonly PerformanceInsightsKMSKeyId?: string | undefined;
  readonly PerformanceInsightsRetentionPeriod?: number | undefined;
  readonly DatabaseInsightsMode: "standard" | "advanced";
  readonly PromotionTier?: number | undefined;
}

/** Facts that only a preflight looks at: the model shows them and does nothing else with them; no restore inherits them. */
export type InstanceFacts = Pick<
  DBInstance,
  | "ActivityStreamStatus"
  | "AssociatedRoles"
  | "AwsBackupRecoveryPointArn"
  | "DBInstanceAutomatedBackupsReplications"
  | "ReadReplicaDBInstanceIdentifiers"
  | "ReadReplicaSourceDBInstanceIdentifier"
>;

/** An instance that exists since before the story. */
export interface InstanceSpec extends Partial<InstanceSettings> {
  readonly DBInstanceIdentifier: string;
  readonly Engine: string;
  readonly tags?: readonly Tag[];
  readonly facts?: InstanceFacts;
  /** When it was created, epoch milliseconds; thirty days before now unless told. */
  readonly since?: number;
  /** The schema revision at the beginning. */
  readonly revision?: string;
  /** The label of the password that logs in at the beginning. */
  readonly passwordLabel?: string;
  /** The master secret that RDS manages, if it does. */
  readonly masterSecretArn?: string;
  /** Rows by table at the beginning. */
  readonly rows?: Readonly<Record<string, number>>;
}
