import type { Tag } from "@aws-sdk/client-rds";
import type { ClusterRecord } from "./cluster-record.ts";
import type { ClusterFacts, ClusterSettings } from "./cluster-settings.ts";
import type { Content } from "./content.ts";
import type { RdsWorld } from "./rds-world.ts";
import { openNetwork } from "./reachability.ts";

export interface NewCluster {
  readonly id: string;
  readonly settings: ClusterSettings;
  readonly content: Content;
  readonly tags: readonly Tag[];
  readonly facts?: ClusterFacts;
  /** Now unless told. */
  readonly createdAt?: number;
}

/** How a new cluster comes to be. */
export interface Making {
  /** What the event says once it is there. */
  readonly message: string;
  /** A clone shares its source's storage: no rows have to be brought back (docs/facts/database.md §3). */
  readonly isClone: boolean;
}

/** A cluster in its first moment: `creating`, without members. */
export function newCluster(world: RdsWorld, made: NewCluster): ClusterRecord {
  const { id, settings, content, tags, facts = {}, createdAt = world.now } = made;
  const record: ClusterRecord = {
    id,
    resourceId: world.resourceId("cluster"),
    createdAt,
    settings,
    content,
    tags,
    status: "creating",
    brokenAs: undefined,
    jobs: 0,
    working: Promise.resolve(),
    pending: {},
    masterSecret: undefined,
    facts,
    writerId: undefined,
    down: true,
    resolvesAt: 0,
    firstBackupAt: undefined,
    deletedAt: undefined,
    backtrackSince: settings.BacktrackWindow > 0 ? createdAt : undefined,
    backtrackLost: false,
    backtracks: [],
  };
  world.clusters.push(record);
  return record;
}

/** The way of a created or restored cluster; its members are made by others afterwards. */
export function bringUpCluster(world: RdsWorld, record: ClusterRecord, { message, isClone }: Making): void {
  const { bench, pace } = world;
  const failure = world.failures.shift();
  bench.queue(record, `bring up ${record.id}`, async () => {
    await bench.stay(record, "creating", pace.clusterRestore);
    const rows = isClone ? 0 : record.content.rowsAt(world.now);
    const dataMs = Math.round((rows / pace.restoreRowsPerSecond) * 1000);
    await bench.pause([dataMs, dataMs]);
    const source = { kind: "db-cluster", name: record.id } as const;
    if (failure) {
      record.brokenAs = failure.status;
      world.events.record(
        source,
        failure.message ?? `The DB cluster could not be restored: ${failure.status}.`,
        "failure",
      );
      return;
    }
    openNetwork(world, record, [0, 0]);
    record.firstBackupAt = world.now;
    world.events.record(source, message, "creation");
    await bench.stay(record, "available", pace.flash);
    await bench.stay(record, "backing-up", pace.settling);
  });
}
