import type { InstanceRecord, PendingChanges } from "./instance-record.ts";
import type { InstanceSettings } from "./instance-settings.ts";
import type { MasterChange } from "./master-password.ts";
import type { RdsWorld } from "./rds-world.ts";
import { closeNetwork, openNetwork } from "./reachability.ts";
import { renameInstance } from "./rename-instance.ts";
import { restart } from "./restart-instance.ts";

/** Works in the background on what does not wait for a window. The status turns only after a while. */
export function configure(
  world: RdsWorld,
  record: InstanceRecord,
  changes: Partial<InstanceSettings>,
  master: MasterChange | undefined,
): void {
  const { bench, pace } = world;
  bench.queue(record, `configure ${record.id}`, async () => {
    await bench.stay(record, "available", pace.acceptance);
    await bench.stay(record, configuringStatus(changes, master), pace.modification);
    record.settings = { ...record.settings, ...changes };
    master?.apply();
    record.securityGroupStatus = "active";
    // Static parameters of a newly associated group take effect with the next reboot (docs/facts/database.md §2).
    if (changes.DBParameterGroupName !== undefined) record.parameterStatus = "pending-reboot";
    // A new port restarts the instance at once (docs/facts/database.md §2).
    if (changes.Port !== undefined) await restart(world, record);
  });
}

/**
 * Flushes everything that is pending when the job's turn comes, the new name last.
 *
 * @param requested a new name that this very request asked for: it is gone through even if the instance has it by then
 */
export function applyPending(world: RdsWorld, record: InstanceRecord, requested?: string): void {
  const { bench, pace } = world;
  bench.queue(record, `apply what is pending on ${record.id}`, async () => {
    const { DBInstanceIdentifier: waiting, ...settings } = record.pending;
    const name = requested ?? waiting;
    if (name !== undefined) await bench.stay(record, "available", pace.renameFlap);
    if (Object.keys(settings).length > 0) await applySettings(world, record, settings);
    if (name !== undefined) await renameInstance(world, record, name);
    record.pending = without(record.pending, { ...settings, DBInstanceIdentifier: name });
  });
}

async function applySettings(
  world: RdsWorld,
  record: InstanceRecord,
  changes: Partial<InstanceSettings>,
): Promise<void> {
  const { bench, pace } = world;
  const before = record.settings;
  await bench.stay(record, "available", pace.acceptance);
  const onlyAuthentication = Object.keys(changes).every((key) => key === "IAMDatabaseAuthenticationEnabled");
  const status = onlyAuthentication ? "configuring-iam-database-auth" : "modifying";
  await bench.stay(record, status, pace.modification);
  const restarts = ["DBInstanceClass", "EngineVersion", "DBSubnetGroupName"].some((key) => key in changes);
  record.settings = { ...before, ...changes };
  if (restarts) await restart(world, record);
  if (changes.BackupRetentionPeriod === 0) record.firstBackupAt = undefined;
  else if (before.BackupRetentionPeriod === 0 && changes.BackupRetentionPeriod !== undefined) {
    await switchBackupsOn(world, record);
  }
}

/** Enabling backups causes an outage and an immediate backup, and gives no past (docs/facts/database.md §1). */
async function switchBackupsOn(world: RdsWorld, record: InstanceRecord): Promise<void> {
  const { bench, pace } = world;
  closeNetwork(record);
  await bench.stay(record, "backing-up", pace.backupsOn);
  openNetwork(world, record, [0, 0]);
  record.firstBackupAt = world.now;
}

function configuringStatus(changes: Partial<InstanceSettings>, master: MasterChange | undefined): string {
  const keys = Object.keys(changes);
  if (keys.some((key) => /^(Monitoring|PerformanceInsights|DatabaseInsights)/.test(key))) {
    return "configuring-enhanced-monitoring";
  }
  if (master) return "resetting-master-credentials";
  return keys.includes("EnabledCloudwatchLogsExports") ? "configuring-log-exports" : "modifying";
}

/** What became pending while the job ran stays. */
function without(pending: PendingChanges, done: Readonly<Record<string, unknown>>): PendingChanges {
  return Object.fromEntries(Object.entries(pending).filter(([key, value]) => done[key] !== value));
}
