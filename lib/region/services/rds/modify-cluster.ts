import type { ModifyDBClusterMessage } from "@aws-sdk/client-rds";
import type { ClusterRecord } from "./cluster-record.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import { engineTraits } from "./engine.ts";
import { masterChange } from "./master-password.ts";
import { badCombination, notModelled, wrongState } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";
import { openNetwork } from "./reachability.ts";
import { checkBacktrackWindow, freeClusterIdentifier } from "./restore-cluster.ts";

/**
 * ModifyDBCluster. A new name needs ApplyImmediately: without, it would wait for the maintenance window, which the
 * model of clusters does not have.
 */
export function modifyCluster(world: RdsWorld, record: ClusterRecord, input: ModifyDBClusterMessage): void {
  if (record.status !== "available") {
    throw wrongState("cluster", `DBCluster ${record.id} cannot be modified while it is ${record.status}.`);
  }
  const changes = differing(record.settings, wanted(record, input));
  const name = newName(world, record, input);
  checkChanges(world, record, changes);
  const master = masterChange(world, record, input);
  if (Object.keys(changes).length === 0 && !master && name === undefined) {
    throw badCombination("No modifications were requested");
  }
  if (changes.BacktrackWindow === 0) record.backtrackLost = true;
  if (changes.DBClusterParameterGroup !== undefined) {
    // Associated anew, its static parameters wait for a reboot of each member (docs/facts/database.md §2, for instances).
    for (const member of world.membersOf(record)) member.clusterParameterStatus = "pending-reboot";
  }
  // Unverified when each takes effect: here the settings show at once and the status turns later.
  record.settings = { ...record.settings, ...changes };
  record.pending = { ...record.pending, ...(name !== undefined && { DBClusterIdentifier: name }) };
  const { bench, pace } = world;
  bench.queue(record, `modify ${record.id}`, async () => {
    await bench.stay(record, "available", name === undefined ? pace.acceptance : pace.renameFlap);
    if (Object.keys(changes).length > 0 || master) {
      await bench.stay(record, master ? "resetting-master-credentials" : "modifying", pace.modification);
    }
    master?.apply();
    if (name !== undefined) await renameCluster(world, record, name);
    record.pending = {};
  });
}

/** The cluster's endpoints change with its name, its members keep theirs (docs/facts/database.md §3). */
async function renameCluster(world: RdsWorld, record: ClusterRecord, name: string): Promise<void> {
  const { bench, pace, events } = world;
  await bench.stay(record, "renaming", pace.renaming);
  const from = record.id;
  cutOffCluster(world, record);
  if (!world.findCluster(name) || from === name) {
    record.id = name;
    const message = `Renamed cluster from ${from} to ${name}`;
    events.record({ kind: "db-cluster", name }, message, "notification", "RDS-EVENT-0172");
  }
  await bench.stay(record, "modifying", pace.reboot);
  openNetwork(world, record, pace.hostName);
}

/** Nobody gets through, and sessions end on every member. */
export function cutOffCluster(world: RdsWorld, record: ClusterRecord): void {
  record.down = true;
  for (const member of world.membersOf(record)) member.sessions = 0;
}

function newName(world: RdsWorld, record: ClusterRecord, input: ModifyDBClusterMessage): string | undefined {
  const { NewDBClusterIdentifier: text, ApplyImmediately: immediately } = input;
  if (text === undefined) return undefined;
  if (!immediately) throw notModelled("the rename of a cluster in its maintenance window");
  return text.toLowerCase() === record.id
    ? record.id
    : freeClusterIdentifier(world, text, "NewDBClusterIdentifier");
}

function checkChanges(world: RdsWorld, record: ClusterRecord, changes: Partial<ClusterSettings>): void {
  const next = { ...record.settings, ...changes };
  if (changes.DBClusterParameterGroup !== undefined) {
    const { parameterFamily } = engineTraits(next.Engine, next.EngineVersion);
    world.groups.checkClusterParameterGroup(changes.DBClusterParameterGroup, parameterFamily);
  }
  if (changes.VpcSecurityGroupIds) world.groups.checkSecurityGroups(changes.VpcSecurityGroupIds);
  checkBacktrackWindow(next);
  const enables = (changes.BacktrackWindow ?? 0) > 0 && record.settings.BacktrackWindow === 0;
  if (enables && (record.backtrackSince === undefined || record.backtrackLost)) {
    throw badCombination("Backtrack cannot be enabled for a cluster that was made without it or lost it.");
  }
}

function wanted({ settings }: ClusterRecord, input: ModifyDBClusterMessage): Partial<ClusterSettings> {
  const logs = input.CloudwatchLogsExportConfiguration;
  const asked: Partial<Record<keyof ClusterSettings, unknown>> = {
    BackupRetentionPeriod: input.BackupRetentionPeriod,
    BacktrackWindow: input.BacktrackWindow,
    CopyTagsToSnapshot: input.CopyTagsToSnapshot,
    DBClusterParameterGroup: input.DBClusterParameterGroupName,
    DatabaseInsightsMode: input.DatabaseInsightsMode,
    DeletionProtection: input.DeletionProtection,
    EngineLifecycleSupport: input.EngineLifecycleSupport,
    IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication,
    NetworkType: input.NetworkType,
    PerformanceInsightsEnabled: input.EnablePerformanceInsights,
    PerformanceInsightsKMSKeyId: input.PerformanceInsightsKMSKeyId,
    PerformanceInsightsRetentionPeriod: input.PerformanceInsightsRetentionPeriod,
    LocalWriteForwardingStatus:
      input.EnableLocalWriteForwarding === undefined
        ? undefined
        : input.EnableLocalWriteForwarding
          ? "enabled"
          : "disabled",
    Port: input.Port,
    PreferredBackupWindow: input.PreferredBackupWindow,
    PreferredMaintenanceWindow: input.PreferredMaintenanceWindow,
    ServerlessV2ScalingConfiguration: input.ServerlessV2ScalingConfiguration,
    StorageType: input.StorageType,
    VpcSecurityGroupIds: input.VpcSecurityGroupIds,
    EnabledCloudwatchLogsExports:
      logs &&
      [...new Set([...settings.EnabledCloudwatchLogsExports, ...(logs.EnableLogTypes ?? [])])].filter(
        (type) => !logs.DisableLogTypes?.includes(type),
      ),
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
}

function differing(settings: ClusterSettings, changes: Partial<ClusterSettings>): Partial<ClusterSettings> {
  const current: Readonly<Record<string, unknown>> = { ...settings };
  return Object.fromEntries(
    Object.entries(changes).filter(([key, value]) => JSON.stringify(current[key]) !== JSON.stringify(value)),
  );
}
