import type { CreateDBInstanceMessage } from "@aws-sdk/client-rds";
import { fail } from "./bring-up.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import { engineTraits } from "./engine.ts";
import { checkTags } from "./identifier.ts";
import type { InstanceRecord } from "./instance-record.ts";
import type { InstanceSettings } from "./instance-settings.ts";
import { newInstance } from "./new-instance.ts";
import { randomMaintenanceWindow } from "./random-window.ts";
import { badCombination, notModelled, wrongState } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";
import { openNetwork } from "./reachability.ts";
import { freeIdentifier } from "./restore-instance.ts";

/** CreateDBInstance within a cluster: a cluster restored or created has no instance until somebody makes one (§3). */
export function createMember(world: RdsWorld, input: CreateDBInstanceMessage): InstanceRecord {
  if (input.DBClusterIdentifier === undefined) throw notModelled("CreateDBInstance outside a cluster");
  const cluster = world.cluster(input.DBClusterIdentifier);
  if (cluster.status !== "available") {
    throw wrongState("cluster", `The DB cluster ${cluster.id} is not available: it is ${cluster.status}.`);
  }
  const { ServerlessV2ScalingConfiguration: scaling, Engine } = cluster.settings;
  if (input.DBInstanceClass === "db.serverless" && !scaling) {
    throw wrongState(
      "cluster",
      "Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 DB instance",
    );
  }
  if (input.Engine !== Engine) {
    throw badCombination(`The engine name ${input.Engine} doesn't match the cluster's, ${Engine}.`);
  }
  if ((input.MonitoringInterval ?? 0) > 0 && input.MonitoringRoleArn === undefined) {
    throw badCombination(
      "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.",
    );
  }
  checkTags(input.Tags ?? []);
  world.claim("DBInstances", 1);
  const id = freeIdentifier(world, input.DBInstanceIdentifier, "DBInstanceIdentifier");
  const settings = memberSettings(world, cluster, input);
  world.groups.checkParameterGroup(
    settings.DBParameterGroupName,
    engineTraits(settings.Engine, settings.EngineVersion).parameterFamily,
  );
  const record = newInstance(world, {
    id,
    settings,
    content: cluster.content,
    tags: input.Tags ?? [],
    cluster,
  });
  const failure = world.memberFailures.shift();
  world.bench.queue(record, `create ${id}`, async () => {
    await world.bench.stay(record, "creating", world.pace.memberCreation);
    if (failure) {
      fail(world, record, failure);
      return;
    }
    record.hasEndpoint = true;
    openNetwork(world, record, [0, 0]);
    const source = { kind: "db-instance", name: id } as const;
    world.events.record(source, "DB instance created", "creation", "RDS-EVENT-0005");
    await world.bench.stay(record, "available", world.pace.flash);
    await world.bench.stay(record, "configuring-enhanced-monitoring", world.pace.settling);
  });
  return record;
}

/** A member's settings; what the cluster decides is taken from there. */
export function memberSettings(
  world: RdsWorld,
  { settings: cluster }: ClusterRecord,
  input: Partial<CreateDBInstanceMessage>,
): InstanceSettings {
  const traits = engineTraits(cluster.Engine, cluster.EngineVersion);
  return {
    DBInstanceClass: input.DBInstanceClass ?? "db.r6g.large",
    Engine: cluster.Engine,
    EngineVersion: cluster.EngineVersion,
    EngineLifecycleSupport: cluster.EngineLifecycleSupport,
    LicenseModel: traits.licenseModel,
    MasterUsername: cluster.MasterUsername,
    DBName: cluster.DatabaseName,
    AllocatedStorage: 1,
    StorageType: cluster.StorageType,
    DedicatedLogVolume: false,
    KmsKeyId: cluster.KmsKeyId,
    Port: cluster.Port,
    DBSubnetGroupName: cluster.DBSubnetGroup,
    VpcSecurityGroupIds: cluster.VpcSecurityGroupIds,
    PubliclyAccessible: input.PubliclyAccessible ?? false,
    NetworkType: cluster.NetworkType,
    MultiAZ: false,
    AvailabilityZone: input.AvailabilityZone ?? `${world.context.region}a`,
    DBParameterGroupName: input.DBParameterGroupName ?? `default.${traits.parameterFamily}`,
    OptionGroupName: traits.defaultOptionGroup,
    CACertificateIdentifier: input.CACertificateIdentifier ?? "rds-ca-rsa2048-g1",
    BackupRetentionPeriod: cluster.BackupRetentionPeriod,
    PreferredBackupWindow: cluster.PreferredBackupWindow,
    PreferredMaintenanceWindow:
      input.PreferredMaintenanceWindow ?? randomMaintenanceWindow(world.bench.random),
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
    CopyTagsToSnapshot: input.CopyTagsToSnapshot ?? false,
    DeletionProtection: false,
    IAMDatabaseAuthenticationEnabled: cluster.IAMDatabaseAuthenticationEnabled,
    EnabledCloudwatchLogsExports: cluster.EnabledCloudwatchLogsExports,
    MonitoringInterval: input.MonitoringInterval ?? 0,
    MonitoringRoleArn: input.MonitoringRoleArn,
    PerformanceInsightsEnabled: input.EnablePerformanceInsights ?? false,
    PerformanceInsightsKMSKeyId: input.PerformanceInsightsKMSKeyId,
    PerformanceInsightsRetentionPeriod: input.PerformanceInsightsRetentionPeriod,
    DatabaseInsightsMode: cluster.DatabaseInsightsMode,
    PromotionTier: input.PromotionTier ?? 1,
  };
}
