import type { InstanceRecord } from "./instance-record.ts";
import type { RdsWorld } from "./rds-world.ts";
import { closeNetwork, openNetwork } from "./reachability.ts";

/** RebootDBInstance: sessions end, static parameters take effect. */
export function reboot(world: RdsWorld, record: InstanceRecord): void {
  world.bench.queue(record, `reboot ${record.id}`, () => restart(world, record));
}

/** A reboot as part of another job. */
export async function restart(world: RdsWorld, record: InstanceRecord): Promise<void> {
  const { bench, pace, events } = world;
  closeNetwork(record);
  events.record(
    { kind: "db-instance", name: record.id },
    "DB instance shutdown",
    "availability",
    "RDS-EVENT-0004",
  );
  await bench.stay(record, "rebooting", pace.reboot);
  events.record(
    { kind: "db-instance", name: record.id },
    "DB instance restarted",
    "availability",
    "RDS-EVENT-0006",
  );
  if (record.parameterStatus === "pending-reboot") record.parameterStatus = "in-sync";
  record.clusterParameterStatus = "in-sync";
  openNetwork(world, record, [0, 0]);
}
