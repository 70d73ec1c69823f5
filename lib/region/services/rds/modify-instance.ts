import type { ModifyDBInstanceMessage } from "@aws-sdk/client-rds";
import type { InstanceRecord, PendingChanges } from "./instance-record.ts";
import type { InstanceSettings } from "./instance-settings.ts";
import { type MasterChange, masterChange } from "./master-password.ts";
import { applyPending, configure } from "./modification-jobs.ts";
import { checkModification, MAY_WAIT, RUNS_AT_ONCE } from "./modification-rules.ts";
import { nextMaintenance } from "./random-window.ts";
import { badCombination } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";

/**
 * ModifyDBInstance. What needs no interruption takes effect now or runs in the background; the rest waits for the
 * maintenance window, unless ApplyImmediately, which flushes *everything* that waits (docs/facts/database.md §0.6).
 */
export function modifyInstance(
  world: RdsWorld,
  record: InstanceRecord,
  input: ModifyDBInstanceMessage,
): void {
  const changes = differing(record, wanted(record, input));
  checkModification(world, record, input, changes);
  const master = masterChange(world, record, input);
  const name = input.NewDBInstanceIdentifier?.toLowerCase();
  const flushes = input.ApplyImmediately === true && Object.keys(record.pending).length > 0;
  // "Already in the desired state" is an error that callers take for success (docs/facts/database.md §2).
  if (Object.keys(changes).length === 0 && !master && name === undefined && !flushes) {
    throw badCombination("No modifications were requested");
  }
  const waits = (key: string) => MAY_WAIT.has(key) && !switchesNothing(key, record, changes);
  const now = selected(changes, (key) => !waits(key) && !RUNS_AT_ONCE.has(key));
  record.settings = { ...record.settings, ...now };
  background(
    world,
    record,
    selected(changes, (key) => RUNS_AT_ONCE.has(key)),
    master,
  );
  const later: PendingChanges = {
    ...selected(changes, waits),
    ...(name !== undefined && { DBInstanceIdentifier: name }),
  };
  record.pending = { ...record.pending, ...later };
  if (input.ApplyImmediately) applyPending(world, record, name);
  else if (Object.keys(later).length > 0) waitForWindow(world, record);
}

/** A retention that stays above zero is changed without waiting (docs/facts/database.md §1: 0 to n is an outage). */
function switchesNothing(
  key: string,
  { settings }: InstanceRecord,
  changes: Partial<InstanceSettings>,
): boolean {
  if (key !== "BackupRetentionPeriod") return false;
  return settings.BackupRetentionPeriod > 0 && (changes.BackupRetentionPeriod ?? 0) > 0;
}

function background(
  world: RdsWorld,
  record: InstanceRecord,
  changes: Partial<InstanceSettings>,
  master: MasterChange | undefined,
): void {
  if (changes.VpcSecurityGroupIds) record.securityGroupStatus = "adding";
  if (changes.DBParameterGroupName !== undefined) record.parameterStatus = "applying";
  if (Object.keys(changes).length > 0 || master) configure(world, record, changes, master);
}

function waitForWindow(world: RdsWorld, record: InstanceRecord): void {
  const at = nextMaintenance(record.settings.PreferredMaintenanceWindow, world.now);
  world.context.kernel.schedule(at - world.now, () => {
    if (world.instances.includes(record) && Object.keys(record.pending).length > 0)
      applyPending(world, record);
  });
}

/** The settings that the request speaks of, under their own names. */
function wanted({ settings }: InstanceRecord, input: ModifyDBInstanceMessage): Partial<InstanceSettings> {
  const { EnableIAMDatabaseAuthentication, EnablePerformanceInsights, DBPortNumber } = input;
  const logs = input.CloudwatchLogsExportConfiguration;
  const same = selected(input, (key) => SAME_NAME.has(key));
  return {
    ...same,
    ...(EnableIAMDatabaseAuthentication !== undefined && {
      IAMDatabaseAuthenticationEnabled: EnableIAMDatabaseAuthentication,
    }),
    ...(EnablePerformanceInsights !== undefined && { PerformanceInsightsEnabled: EnablePerformanceInsights }),
    ...(DBPortNumber !== undefined && { Port: DBPortNumber }),
    ...(logs && {
      EnabledCloudwatchLogsExports: [
        ...new Set([...settings.EnabledCloudwatchLogsExports, ...(logs.EnableLogTypes ?? [])]),
      ].filter((type) => !logs.DisableLogTypes?.includes(type)),
    }),
  };
}

/** What is neither so already nor on its way. */
function differing(
  { settings, pending }: InstanceRecord,
  changes: Partial<InstanceSettings>,
): Partial<InstanceSettings> {
  const current: Readonly<Record<string, unknown>> = { ...settings, ...pending };
  return Object.fromEntries(
    Object.entries(changes).filter(([key, value]) => JSON.stringify(current[key]) !== JSON.stringify(value)),
  );
}

function selected(from: object, which: (key: string) => boolean): Partial<InstanceSettings> {
  return Object.fromEntries(Object.entries(from).filter(([key, value]) => value !== undefined && which(key)));
}

/** Members of ModifyDBInstance that are called as in DescribeDBInstances. */
export const SAME_NAME: ReadonlySet<string> = new Set([
  "AllocatedStorage",
  "AutoMinorVersionUpgrade",
  "BackupRetentionPeriod",
  "CACertificateIdentifier",
  "CopyTagsToSnapshot",
  "DBInstanceClass",
  "DBParameterGroupName",
  "DBSubnetGroupName",
  "DatabaseInsightsMode",
  "DedicatedLogVolume",
  "DeletionProtection",
  "EngineLifecycleSupport",
  "EngineVersion",
  "Iops",
  "LicenseModel",
  "MaxAllocatedStorage",
  "MonitoringInterval",
  "MonitoringRoleArn",
  "MultiAZ",
  "NetworkType",
  "OptionGroupName",
  "PerformanceInsightsKMSKeyId",
  "PerformanceInsightsRetentionPeriod",
  "PreferredBackupWindow",
  "PreferredMaintenanceWindow",
  "PromotionTier",
  "PubliclyAccessible",
  "StorageThroughput",
  "StorageType",
  "VpcSecurityGroupIds",
]);
