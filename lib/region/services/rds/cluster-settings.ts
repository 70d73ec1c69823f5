import type {
  DBCluster,
  DBClusterRole,
  ServerlessV2ScalingConfigurationInfo,
  Tag,
} from "@aws-sdk/client-rds";
import type { InstanceSettings } from "./instance-settings.ts";

/** Everything about an Aurora cluster that people set, under the names that DescribeDBClusters uses. */
export interface ClusterSettings {
  readonly Engine: string;
  readonly EngineVersion: string;
  readonly EngineMode: string;
  readonly EngineLifecycleSupport: string;
  readonly MasterUsername: string;
  readonly DatabaseName?: string | undefined;
  readonly StorageType: string;
  readonly KmsKeyId?: string | undefined;
  readonly Port: number;
  readonly DBSubnetGroup: string;
  readonly VpcSecurityGroupIds: readonly string[];
  readonly NetworkType: string;
  readonly DBClusterParameterGroup: string;
  readonly BackupRetentionPeriod: number;
  readonly PreferredBackupWindow: string;
  readonly PreferredMaintenanceWindow: string;
  /** Seconds; 0 is off. */
  readonly BacktrackWindow: number;
  readonly CopyTagsToSnapshot: boolean;
  readonly DeletionProtection: boolean;
  readonly IAMDatabaseAuthenticationEnabled: boolean;
  readonly HttpEndpointEnabled: boolean;
  readonly EnabledCloudwatchLogsExports: readonly string[];
  readonly ServerlessV2ScalingConfiguration?: ServerlessV2ScalingConfigurationInfo | undefined;
  readonly PerformanceInsightsEnabled: boolean;
  readonly PerformanceInsightsKMSKeyId?: string | undefined;
  readonly PerformanceInsightsRetentionPeriod?: number | undefined;
  readonly DatabaseInsightsMode: "standard" | "advanced";
  readonly LocalWriteForwardingStatus: "enabled" | "disabled";
  readonly AssociatedRoles: readonly DBClusterRole[];
}

/** Facts for a preflight, shown and not inherited. */
export type ClusterFacts = Pick<
  DBCluster,
  "ActivityStreamStatus" | "AwsBackupRecoveryPointArn" | "GlobalClusterIdentifier" | "ReadReplicaIdentifiers"
>;

/** A cluster that exists since before the story. */
export interface ClusterSpec extends Partial<ClusterSettings> {
  readonly DBClusterIdentifier: string;
  readonly Engine: string;
  /** The first is the writer. */
  readonly members: readonly (Partial<InstanceSettings> & { readonly DBInstanceIdentifier: string })[];
  readonly tags?: readonly Tag[];
  readonly facts?: ClusterFacts;
  /** When it was created, epoch milliseconds; thirty days before now unless told. */
  readonly since?: number;
  readonly revision?: string;
  readonly passwordLabel?: string;
  readonly masterSecretArn?: string;
  readonly rows?: Readonly<Record<string, number>>;
}
