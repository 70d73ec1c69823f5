import { engineTraits } from "./engine.ts";
import type { InstanceRecord } from "./instance-record.ts";
import type { RdsWorld } from "./rds-world.ts";
import { openNetwork } from "./reachability.ts";

export interface BringUp {
  /** Rows that come back from a backup. */
  readonly rows: number;
  /** What the event says once it is there. */
  readonly event: { readonly message: string; readonly category: string; readonly id: string };
}

/**
 * The way of a restored instance: creating → backing-up → modifying → available, with `available` flashing after the backup
 * (docs/facts/database.md §6; the order is inferred there) and before it only where the pace says so.
 */
export function bringUp(world: RdsWorld, record: InstanceRecord, { rows, event }: BringUp): void {
  const { bench, pace } = world;
  const failure = world.failures.shift();
  bench.queue(record, `bring up ${record.id}`, async () => {
    record.optionStatus = "pending-apply";
    await bench.stay(record, "creating", pace.restore);
    const dataMs = Math.round((rows / pace.restoreRowsPerSecond) * 1000);
    await bench.pause([dataMs, dataMs]);
    if (failure) {
      fail(world, record, failure);
      return;
    }
    record.optionStatus = "in-sync";
    const { parameterFamily } = engineTraits(record.settings.Engine, record.settings.EngineVersion);
    const custom = record.settings.DBParameterGroupName !== `default.${parameterFamily}`;
    record.parameterStatus = custom ? world.parameterGroupAfterRestore : "in-sync";
    record.initialisation = { from: world.now, to: world.now + bench.duration(pace.storageInitialisation) };
    record.hasEndpoint = true;
    openNetwork(world, record, [0, 0]);
    const { id, resourceId } = record;
    world.context.kernel.log.write("rds", "takes connections", { id, resourceId });
    world.events.record({ kind: "db-instance", name: record.id }, event.message, event.category, event.id);
    if (record.settings.BackupRetentionPeriod > 0) await backUp(world, record);
    else await bench.stay(record, "available", pace.flash);
    await bench.stay(record, "modifying", pace.settling);
  });
}

async function backUp(world: RdsWorld, record: InstanceRecord): Promise<void> {
  const { bench, pace, events } = world;
  const source = { kind: "db-instance", name: record.id } as const;
  await bench.stay(record, "available", pace.flashBeforeBackup);
  events.record(source, "Backing up DB instance", "backup", "RDS-EVENT-0001");
  await bench.stay(record, "backing-up", pace.firstBackup);
  record.firstBackupAt = world.now;
  events.record(source, "Finished DB Instance backup", "backup", "RDS-EVENT-0002");
  await bench.stay(record, "available", pace.flash);
}

/** Texts that DescribeEvents gives for a creation that failed (docs/facts/database.md §6); the others are unverified. */
const FAILURE_TEXTS: Readonly<Record<string, string>> = {
  "insufficient-capacity":
    "DB instance creation failed: insufficient instance capacity for the requested class in the Availability Zone.",
  "incompatible-network":
    "The DB instance is in an incompatible network. Some of the specified subnet IDs are invalid or do not exist.",
  "incompatible-parameters":
    "The DB instance can't start because of parameters specified in the DB parameter group that aren't compatible.",
};
const FAILURE_IDS: Readonly<Record<string, string>> = {
  failed: "RDS-EVENT-0031",
  "incompatible-network": "RDS-EVENT-0036",
  "incompatible-parameters": "RDS-EVENT-0035",
};

/** It ends in a status that it does not leave, and the event says why. */
export function fail(
  world: RdsWorld,
  record: InstanceRecord,
  { status, message }: { readonly status: string; readonly message: string | undefined },
): void {
  record.brokenAs = status;
  record.status = status;
  const text = message ?? FAILURE_TEXTS[status] ?? `The DB instance could not be restored: ${status}.`;
  const id = FAILURE_IDS[status] ?? "RDS-EVENT-0278";
  world.events.record({ kind: "db-instance", name: record.id }, text, "failure", id);
}
