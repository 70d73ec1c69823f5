import type { DBCluster, DBInstance, RDSClient } from "@aws-sdk/client-rds";
import { StepbackError } from "../../contracts/errors.ts";
import type { DatabaseComponent } from "../../contracts/kinds/database.ts";
import { membersOf, tagsOf } from "./reads.ts";

/** A database as an observer sees it. */
export type Sight = InstanceSight | ClusterSight;

interface Seen {
  readonly identifier: string;
  /** What stays when names change (docs/facts/database.md §0.5). */
  readonly resourceId: string;
  readonly arn: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly status: string;
  readonly host: string | undefined;
  /** Of a cluster. */
  readonly readerHost: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly kmsKey: string | undefined;
  readonly createdAt: Date | undefined;
}

export interface InstanceSight extends Seen {
  readonly shape: "instance";
  readonly instance: DBInstance;
}

export interface ClusterSight extends Seen {
  readonly shape: "cluster";
  readonly cluster: DBCluster;
  /** The writer first. */
  readonly members: readonly DBInstance[];
}

/** What the environment calls the database, and whether it is an instance or a cluster. */
export function addressOf({ instance, cluster }: Pick<DatabaseComponent, "instance" | "cluster">): {
  readonly shape: Sight["shape"];
  readonly identifier: string;
} {
  if (cluster !== undefined && instance === undefined) return { shape: "cluster", identifier: cluster };
  if (instance !== undefined && cluster === undefined) return { shape: "instance", identifier: instance };
  throw new StepbackError(
    "BadRequest",
    "A database component names either its instance or its cluster; correct the environment.",
  );
}

export function instanceSight(instance: DBInstance): InstanceSight {
  return {
    shape: "instance",
    identifier: instance.DBInstanceIdentifier ?? "",
    resourceId: instance.DbiResourceId ?? "",
    arn: instance.DBInstanceArn ?? "",
    engine: instance.Engine ?? "",
    engineVersion: instance.EngineVersion ?? "",
    status: instance.DBInstanceStatus ?? "",
    host: instance.Endpoint?.Address,
    readerHost: undefined,
    tags: tagsOf(instance),
    kmsKey: instance.StorageEncrypted ? instance.KmsKeyId : undefined,
    createdAt: instance.InstanceCreateTime,
    instance,
  };
}

export async function clusterSight(rds: RDSClient, cluster: DBCluster): Promise<ClusterSight> {
  return {
    shape: "cluster",
    identifier: cluster.DBClusterIdentifier ?? "",
    resourceId: cluster.DbClusterResourceId ?? "",
    arn: cluster.DBClusterArn ?? "",
    engine: cluster.Engine ?? "",
    engineVersion: cluster.EngineVersion ?? "",
    status: cluster.Status ?? "",
    host: cluster.Endpoint,
    readerHost: cluster.ReaderEndpoint,
    tags: tagsOf(cluster),
    kmsKey: cluster.StorageEncrypted ? cluster.KmsKeyId : undefined,
    createdAt: cluster.ClusterCreateTime,
    cluster,
    members: await membersOf(rds, cluster),
  };
}
