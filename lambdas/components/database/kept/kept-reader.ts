import type { RDSClient } from "@aws-sdk/client-rds";
import type { KeptAddressOf } from "../../../contracts/kept.ts";
import { OWNERSHIP_TAGS } from "../../../contracts/ownership.ts";
import type { Kept } from "../../../domain/kept/kept.ts";
import type { UndoLeadsTo } from "../../../platform/ledger/undo-leads-to.ts";
import type { KeptReader } from "../../component.ts";
import type { CutOverClients } from "../led-by.ts";
import { allClusters, allInstances, manualClusterSnapshots, manualSnapshots, tagsOf } from "../reads.ts";
import { findServing } from "../serving.ts";
import { addressOf, clusterSight, instanceSight, type Sight } from "../sight.ts";
import { leftBehind, type Tagged } from "./belongs.ts";
import { keptDatabase } from "./kept-database.ts";
import { clusterSnapshot, instanceSnapshot, isSafetySnapshot, keptSnapshot } from "./kept-snapshot.ts";
import { whoServes } from "./who-serves.ts";

interface Services extends CutOverClients {
  readonly undoLeadsTo: UndoLeadsTo;
  readonly environment: string;
}

/** Finds the old databases, forgotten copies and safety snapshots that rollbacks of a database left behind. Only reads. */
export function databaseKeptReader(services: Services): KeptReader<"database"> {
  return async (component, address, at) => {
    const { rds } = services;
    const { shape, identifier: configured } = addressOf(address);
    const [live, all, snapshots] = await Promise.all([
      findServing(rds, address),
      shape === "cluster" ? clustersOf(rds) : standaloneOf(rds),
      shape === "cluster"
        ? manualClusterSnapshots(rds).then((found) => found.map(clusterSnapshot))
        : manualSnapshots(rds).then((found) => found.map(instanceSnapshot)),
    ]);
    const old = leftBehind(all, { configured, live: live?.resourceId }, at);
    const databases = await Promise.all(
      old.map(async ({ look }) => told(services, { component, address, at, kept: await look(), live })),
    );
    const safety = snapshots
      .filter((one) => isSafetySnapshot(one, configured))
      .map((one) => {
        const source = all.find(({ resourceId }) => resourceId === one.sourceResourceId)?.identifier;
        return keptSnapshot(one, { component, source, at });
      });
    return [...databases, ...safety];
  };
}

async function told(
  services: Services,
  seen: {
    readonly component: string;
    readonly address: KeptAddressOf<"database">;
    readonly at: Date;
    readonly kept: Sight;
    readonly live: Sight | undefined;
  },
): Promise<Kept> {
  const { component, kept } = seen;
  const rollback = kept.tags[OWNERSHIP_TAGS.rollback] ?? "";
  const [who, undoLeadsHere] = await Promise.all([
    whoServes(services, seen),
    services.undoLeadsTo(rollback, component, kept.resourceId),
  ]);
  return keptDatabase({ ...seen, environment: services.environment, who, undoLeadsHere });
}

interface Candidate extends Tagged {
  /** All that there is to know of it. */
  readonly look: () => Promise<Sight>;
}

/** Members go with their cluster; what is being deleted will soon cost nobody anything. */
async function standaloneOf(rds: RDSClient): Promise<readonly Candidate[]> {
  const instances = await allInstances(rds);
  return instances
    .filter((one) => one.DBClusterIdentifier === undefined && one.DBInstanceStatus !== "deleting")
    .map(instanceSight)
    .map((sight) => ({ ...sight, look: async () => sight }));
}

async function clustersOf(rds: RDSClient): Promise<readonly Candidate[]> {
  const clusters = await allClusters(rds);
  return clusters
    .filter(({ Status }) => Status !== "deleting")
    .map((cluster) => ({
      identifier: cluster.DBClusterIdentifier ?? "",
      resourceId: cluster.DbClusterResourceId ?? "",
      tags: tagsOf(cluster),
      createdAt: cluster.ClusterCreateTime,
      look: () => clusterSight(rds, cluster),
    }));
}
