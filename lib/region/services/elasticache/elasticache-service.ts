import * as elasticache from "@aws-sdk/client-elasticache";
import type { RegionContext } from "../../region-context.ts";
import { ServiceModel } from "../../service-model.ts";
import { type Admits, type CacheData, cacheData } from "./cache-data.ts";
import { Caches, type ReplicationGroup } from "./caches.ts";
import { addSnapshot } from "./create-snapshot.ts";
import { addReplicationGroupOperations } from "./replication-group-operations.ts";
import { addServerlessOperations } from "./serverless-operations.ts";
import { addSnapshotOperations } from "./snapshot-operations.ts";

export interface InstalledReplicationGroup {
  /** In lower case. */
  readonly id: string;
  readonly content?: Readonly<Record<string, string>>;
  /** Valkey 8.0 on one shard with one replica unless told. */
  readonly settings?: Partial<Omit<ReplicationGroup, "id" | "arn" | "status" | "content" | "createdAt">>;
  /** Whether its parameter group renames or blocks FLUSHALL. */
  readonly flushBlocked?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Amazon ElastiCache: replication groups, their snapshots, serverless caches, and what they hold. */
export interface ElastiCache {
  readonly model: ServiceModel;
  readonly caches: CacheData;
  readonly install: {
    /** Makes a group that has been available since before the story; answers its ARN. */
    replicationGroup(group: InstalledReplicationGroup): string;
    /** Makes an automatic snapshot of what the group holds now; answers its ARN. */
    snapshot(replicationGroupId: string, name: string): string;
  };
}

/** @param options.admits whose connections get through; everybody's unless told */
export function elastiCacheService(
  context: RegionContext,
  options: { readonly admits?: Admits } = {},
): ElastiCache {
  const caches = new Caches(context);
  const client = new elasticache.ElastiCacheClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("elasticache", elasticache, client);
  addReplicationGroupOperations(model, caches);
  addSnapshotOperations(model, caches);
  addServerlessOperations(model, caches);
  return {
    model,
    caches: cacheData(caches, options.admits ?? (() => true)),
    install: {
      replicationGroup: (group) => installGroup(caches, group),
      snapshot: (groupId, name) => {
        const group = caches.replicationGroup(groupId);
        const facts = { name, kmsKeyId: undefined, source: "automated", status: "available" } as const;
        return addSnapshot(caches, group, facts).arn;
      },
    },
  };
}

function installGroup(caches: Caches, { id, content, settings, ...rest }: InstalledReplicationGroup): string {
  const group: ReplicationGroup = {
    description: id,
    engine: "valkey",
    engineVersion: "8.0",
    nodeType: "cache.t4g.small",
    parameterGroup: settings?.clusterMode ? "default.valkey8.cluster.on" : "default.valkey8",
    subnetGroup: undefined,
    port: 6379,
    clusterMode: false,
    shards: 1,
    replicasPerShard: 1,
    automaticFailover: true,
    multiAz: true,
    snapshotRetentionLimit: 7,
    transitEncryption: true,
    atRestEncryption: true,
    kmsKeyId: undefined,
    securityGroupIds: [],
    userGroupIds: [],
    ...settings,
    id,
    arn: caches.arn("replicationgroup", id),
    createdAt: caches.context.kernel.date(),
    status: "available",
    content: new Map(Object.entries(content ?? {})),
  };
  caches.replicationGroups.set(id, group);
  caches.tag(group.arn, rest.tags ?? {});
  if (rest.flushBlocked) caches.flushBlockedBy.add(group.parameterGroup);
  return group.arn;
}
