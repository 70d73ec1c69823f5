import type { InstanceRecord } from "./instance-record.ts";
import type { RdsWorld } from "./rds-world.ts";
import { closeNetwork, openNetwork } from "./reachability.ts";
import { restart } from "./restart-instance.ts";

/**
 * Renames: renaming → the identifier flips → rebooting → available (docs/facts/database.md §0.3, §6). To its own name
 * an instance is renamed and rebooted all the same (§5). Tags, snapshots and backups stay with the resource id; the old
 * host name is gone at once and the new one takes a while to resolve.
 */
export async function renameInstance(world: RdsWorld, record: InstanceRecord, name: string): Promise<void> {
  const { bench, pace, context } = world;
  await bench.stay(record, "renaming", pace.renaming);
  closeNetwork(record);
  const holder = world.findInstance(name);
  if (holder && holder !== record) {
    // Somebody took the name while the rename was under way. Unverified: the instance stays what it was.
    const message = `Unable to rename the DB instance to ${name}: the identifier is in use.`;
    world.events.record({ kind: "db-instance", name: record.id }, message, "notification");
  } else {
    context.kernel.log.write("rds", "instance renamed", {
      from: record.id,
      to: name,
      dbi: record.resourceId,
    });
    record.id = name;
  }
  await restart(world, record);
  openNetwork(world, record, pace.hostName);
}
