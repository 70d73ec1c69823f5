import type { ModifyDBInstanceMessage } from "@aws-sdk/client-rds";
import { AwsError } from "../../service-model.ts";
import { engineTraits } from "./engine.ts";
import { databaseIdentifier } from "./identifier.ts";
import type { InstanceRecord } from "./instance-record.ts";
import type { InstanceSettings } from "./instance-settings.ts";
import { badCombination, wrongState } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";
import { checkStorage } from "./storage-rules.ts";

/** Settings that wait for the maintenance window unless ApplyImmediately. */
export const MAY_WAIT: ReadonlySet<string> = new Set([
  "AllocatedStorage",
  "BackupRetentionPeriod",
  "CACertificateIdentifier",
  "DBInstanceClass",
  "DBSubnetGroupName",
  "DedicatedLogVolume",
  "EngineVersion",
  "IAMDatabaseAuthenticationEnabled",
  "Iops",
  "LicenseModel",
  "MultiAZ",
  "OptionGroupName",
  "StorageThroughput",
  "StorageType",
]);

/** Settings that are worked on in the background at once, whatever ApplyImmediately says. */
export const RUNS_AT_ONCE: ReadonlySet<string> = new Set([
  "DBParameterGroupName",
  "DatabaseInsightsMode",
  "EnabledCloudwatchLogsExports",
  "MonitoringInterval",
  "MonitoringRoleArn",
  "PerformanceInsightsEnabled",
  "PerformanceInsightsKMSKeyId",
  "PerformanceInsightsRetentionPeriod",
  "Port",
  "VpcSecurityGroupIds",
]);

/** What the cluster decides for its members. */
const OF_THE_CLUSTER = [
  "AllocatedStorage",
  "BackupRetentionPeriod",
  "DeletionProtection",
  "IAMDatabaseAuthenticationEnabled",
  "Iops",
  "Port",
  "PreferredBackupWindow",
  "StorageThroughput",
  "StorageType",
  "VpcSecurityGroupIds",
] as const;

/** Refuses what RDS refuses before it does anything. */
export function checkModification(
  world: RdsWorld,
  record: InstanceRecord,
  input: ModifyDBInstanceMessage,
  changes: Partial<InstanceSettings>,
): void {
  const { settings } = record;
  checkState(record);
  checkName(world, record, input.NewDBInstanceIdentifier);
  checkInsights({ ...settings, ...changes }, input);
  const ofCluster = record.cluster && OF_THE_CLUSTER.find((key) => changes[key] !== undefined);
  if (ofCluster) {
    throw badCombination(`For Aurora DB instances, ${ofCluster} is managed by the DB cluster.`);
  }
  if (["AllocatedStorage", "Iops", "StorageThroughput", "StorageType"].some((key) => key in changes)) {
    checkStorage(settings, input, settings.StorageType === "gp3");
  }
  const { parameterFamily } = engineTraits(settings.Engine, changes.EngineVersion ?? settings.EngineVersion);
  const current = engineTraits(settings.Engine, settings.EngineVersion).parameterFamily;
  if (parameterFamily !== current && !input.AllowMajorVersionUpgrade) {
    throw badCombination(
      "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.",
    );
  }
  if (changes.DBParameterGroupName !== undefined) {
    world.groups.checkParameterGroup(changes.DBParameterGroupName, parameterFamily);
  }
  if (changes.OptionGroupName !== undefined) world.groups.checkOptionGroup(changes.OptionGroupName);
  if (changes.DBSubnetGroupName !== undefined) world.groups.subnetGroup(changes.DBSubnetGroupName);
  if (changes.VpcSecurityGroupIds) world.groups.checkSecurityGroups(changes.VpcSecurityGroupIds);
}

/** An instance that is busy takes no modification (docs/facts/database.md §2; the second text is unverified). */
export function checkState(record: InstanceRecord): void {
  if (record.status === "available" || record.status === "storage-optimization") return;
  if (record.status === "configuring-enhanced-monitoring") {
    const what = "RDS is configuring Enhanced Monitoring or Performance Insights for this DB instance.";
    throw wrongState("instance", `${what} Try your request later.`);
  }
  throw wrongState("instance", `Instance ${record.id} cannot be modified while it is ${record.status}.`);
}

function checkName(world: RdsWorld, record: InstanceRecord, name: string | undefined): void {
  if (name === undefined) return;
  const holder = world.findInstance(databaseIdentifier(name, "NewDBInstanceIdentifier"));
  if (!holder || holder === record) return;
  throw new AwsError("DBInstanceAlreadyExistsFault", `DB instance already exists: ${holder.id}`);
}

/** Enhanced Monitoring needs its role, a retention needs the Enable flag with it, `advanced` needs 465 days (§2). */
function checkInsights(next: InstanceSettings, input: ModifyDBInstanceMessage): void {
  if (next.MonitoringInterval > 0 && next.MonitoringRoleArn === undefined) {
    throw badCombination(
      "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.",
    );
  }
  if (
    input.PerformanceInsightsRetentionPeriod !== undefined &&
    input.EnablePerformanceInsights === undefined
  ) {
    throw badCombination("PerformanceInsightsRetentionPeriod needs EnablePerformanceInsights.");
  }
  const retention = next.PerformanceInsightsRetentionPeriod ?? 7;
  if (next.DatabaseInsightsMode === "advanced" && (!next.PerformanceInsightsEnabled || retention < 465)) {
    throw badCombination(
      "To enable the Advanced mode of Database Insights, enable Performance Insights with a retention of at least 465 days.",
    );
  }
}
