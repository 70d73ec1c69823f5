import type { ClusterRecord } from "./cluster-record.ts";
import { badValue, wrongState } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";

/** FailoverDBCluster: a reader becomes the writer, sessions at the old writer end. Texts and length are unverified. */
export function failOverCluster(world: RdsWorld, record: ClusterRecord, target: string | undefined): void {
  if (record.status !== "available") {
    throw wrongState("cluster", `DBCluster ${record.id} cannot fail over while it is ${record.status}.`);
  }
  const [writer, ...readers] = world.membersOf(record);
  if (!writer || readers.length === 0) {
    throw wrongState("cluster", `DBCluster ${record.id} has no reader that could be promoted.`);
  }
  if (target !== undefined && !readers.some(({ id }) => id === target.toLowerCase())) {
    throw badValue(`${target} is not a reader of the DB cluster ${record.id}.`);
  }
  world.bench.queue(record, `fail over ${record.id}`, async () => {
    writer.sessions = 0;
    await world.bench.stay(record, "failing-over", world.pace.failover);
    promote(world, record, target);
    const source = { kind: "db-cluster", name: record.id } as const;
    world.events.record(source, "Completed failover to another DB instance", "failover");
  });
}

/** Makes a member the writer: the one that was asked for, else the first of the best promotion tier. */
export function promote(world: RdsWorld, record: ClusterRecord, target: string | undefined): void {
  const [writer, ...others] = world.membersOf(record);
  const readers = writer?.resourceId === record.writerId ? others : world.membersOf(record);
  const tierOf = (tier = 1) => tier;
  const [best] = [...readers].sort(
    (a, b) => tierOf(a.settings.PromotionTier) - tierOf(b.settings.PromotionTier),
  );
  record.writerId = (readers.find(({ id }) => id === target?.toLowerCase()) ?? best)?.resourceId;
}
