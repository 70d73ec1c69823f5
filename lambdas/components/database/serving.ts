import type { RDSClient } from "@aws-sdk/client-rds";
import type { DatabaseComponent } from "../../contracts/kinds/database.ts";
import { OWNERSHIP_TAGS } from "../../contracts/ownership.ts";
import {
  allClusters,
  allInstances,
  clusterByIdentifier,
  clusterByResourceId,
  instanceByIdentifier,
  instanceByResourceId,
  tagsOf,
} from "./reads.ts";
import { addressOf, clusterSight, instanceSight, type Sight } from "./sight.ts";

/**
 * The database that serves now. It has the configured name, or, after a rollback without a rename, it is the copy that
 * took over: then the configured one says `retired`, and the one that says `live` descends from it. Undefined when there
 * is neither.
 */
export async function findServing(
  rds: RDSClient,
  configuration: Pick<DatabaseComponent, "instance" | "cluster">,
): Promise<Sight | undefined> {
  const { shape, identifier } = addressOf(configuration);
  if (shape === "cluster") {
    const configured = await clusterByIdentifier(rds, identifier);
    const id = configured?.DbClusterResourceId;
    if (!configured || !isRetired(tagsOf(configured)) || id === undefined) {
      return configured && clusterSight(rds, configured);
    }
    const clusters = await allClusters(rds);
    const heir = successorOf(
      id,
      clusters.map((one) => ({ resourceId: one.DbClusterResourceId, tags: tagsOf(one) })),
    );
    const serving = clusters.find(({ DbClusterResourceId }) => DbClusterResourceId === heir);
    return clusterSight(rds, serving ?? configured);
  }
  const configured = await instanceByIdentifier(rds, identifier);
  const id = configured?.DbiResourceId;
  if (!configured || !isRetired(tagsOf(configured)) || id === undefined) {
    return configured && instanceSight(configured);
  }
  const instances = await allInstances(rds);
  const heir = successorOf(
    id,
    instances.map((one) => ({ resourceId: one.DbiResourceId, tags: tagsOf(one) })),
  );
  return instanceSight(instances.find(({ DbiResourceId }) => DbiResourceId === heir) ?? configured);
}

/** A database by its resource id, in the shape of the component. */
export async function findKept(
  rds: RDSClient,
  shape: Sight["shape"],
  resourceId: string,
): Promise<Sight | undefined> {
  if (shape === "cluster") {
    const cluster = await clusterByResourceId(rds, resourceId);
    return cluster && clusterSight(rds, cluster);
  }
  const instance = await instanceByResourceId(rds, resourceId);
  return instance && instanceSight(instance);
}

interface Tagged {
  readonly resourceId: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** The live one among everything that was made from a database, or from what was made from it; by resource id. */
function successorOf(resourceId: string, all: readonly Tagged[]): string | undefined {
  const family = new Set([resourceId]);
  // A set that grows while it is walked is walked to its new end; each id is in it once.
  for (const ancestor of family) {
    for (const { resourceId: id, tags } of all) {
      if (id !== undefined && tags[OWNERSHIP_TAGS.source] === ancestor) family.add(id);
    }
  }
  return all.find(
    ({ resourceId: id, tags }) =>
      id !== undefined && id !== resourceId && family.has(id) && tags[OWNERSHIP_TAGS.state] === "live",
  )?.resourceId;
}

export function isRetired(tags: Readonly<Record<string, string>>): boolean {
  return tags[OWNERSHIP_TAGS.state] === "retired";
}
