import type { Random } from "../../kernel/random.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";

/** What a cache holds. Applications put an epoch in front of their keys (`epoch-7:user:1`), so that a new epoch is an empty cache. */
export type CacheContent = Map<string, string>;

/** What makes a node-based cache what it is; a snapshot remembers it. */
export interface CacheSettings {
  readonly engine: string;
  readonly engineVersion: string;
  readonly nodeType: string;
  readonly parameterGroup: string;
  readonly subnetGroup: string | undefined;
  readonly port: number;
  /** Cluster mode enabled: several shards, a configuration endpoint. */
  readonly clusterMode: boolean;
  readonly shards: number;
  readonly automaticFailover: boolean;
  readonly snapshotRetentionLimit: number;
}

export interface ReplicationGroup extends CacheSettings {
  readonly id: string;
  readonly arn: string;
  readonly description: string;
  readonly createdAt: Date;
  readonly replicasPerShard: number;
  readonly multiAz: boolean;
  readonly transitEncryption: boolean;
  readonly atRestEncryption: boolean;
  readonly kmsKeyId: string | undefined;
  readonly securityGroupIds: readonly string[];
  readonly userGroupIds: readonly string[];
  status: "creating" | "available" | "snapshotting" | "deleting";
  readonly content: CacheContent;
}

export interface Snapshot extends CacheSettings {
  readonly name: string;
  readonly arn: string;
  readonly source: "manual" | "automated";
  readonly replicationGroupId: string;
  readonly replicationGroupDescription: string;
  readonly createdAt: Date;
  readonly kmsKeyId: string | undefined;
  status: "creating" | "available" | "restoring";
  readonly content: ReadonlyMap<string, string>;
}

export interface ServerlessCache {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly engine: string;
  readonly majorEngineVersion: string;
  readonly createdAt: Date;
  readonly kmsKeyId: string | undefined;
  readonly securityGroupIds: readonly string[];
  readonly subnetIds: readonly string[];
  readonly userGroupId: string | undefined;
  status: "CREATING" | "AVAILABLE";
  readonly content: CacheContent;
}

/** The account's caches and snapshots. Nothing here empties a cache: ElastiCache has no such API (docs/facts/frontend-secrets-config.md §D). */
export class Caches {
  readonly context: RegionContext;
  readonly random: Random;
  readonly replicationGroups = new Map<string, ReplicationGroup>();
  readonly snapshots = new Map<string, Snapshot>();
  readonly serverlessCaches = new Map<string, ServerlessCache>();
  /** Parameter groups that rename or block FLUSHALL and FLUSHDB. */
  readonly flushBlockedBy = new Set<string>();
  readonly #tags = new Map<string, ReadonlyMap<string, string>>();

  constructor(context: RegionContext) {
    this.context = context;
    this.random = context.kernel.random.fork("elasticache");
  }

  /** `arn:aws:elasticache:…:<kind>:<name>` */
  arn(kind: CacheKind, name: string | undefined): string {
    return arnOf(this.context, "elasticache", `${kind}:${name ?? "*"}`);
  }

  /** Ids are kept in lower case [SDK], and found in any. */
  replicationGroup(id: string | undefined): ReplicationGroup {
    const group = this.replicationGroups.get((id ?? "").toLowerCase());
    if (!group) throw new AwsError("ReplicationGroupNotFoundFault", `ReplicationGroup ${id} not found.`);
    return group;
  }

  /** The group of a member cluster (`<group>-001`); the region has no clusters outside groups. */
  groupOfCluster(clusterId: string): ReplicationGroup {
    const group = [...this.replicationGroups.values()].find((one) => membersOf(one).includes(clusterId));
    if (!group) throw new AwsError("CacheClusterNotFoundFault", `CacheCluster not found: ${clusterId}`);
    return group;
  }

  snapshot(name: string | undefined): Snapshot {
    const snapshot = this.snapshots.get(name ?? "");
    if (!snapshot) throw new AwsError("SnapshotNotFoundFault", `Snapshot not found: ${name}`);
    return snapshot;
  }

  serverlessCache(name: string | undefined): ServerlessCache {
    const cache = this.serverlessCaches.get((name ?? "").toLowerCase());
    if (!cache) throw new AwsError("ServerlessCacheNotFoundFault", `ServerlessCache ${name} not found.`);
    return cache;
  }

  /** Something that happens by itself after a while, a whole number of seconds from the given minutes. */
  afterMinutes([from, to]: readonly [number, number], action: () => void): void {
    this.context.kernel.schedule(this.random.integer(from * 60, to * 60) * 1_000, action);
  }

  tagsOf(arn: string): ReadonlyMap<string, string> {
    return this.#tags.get(arn) ?? new Map();
  }

  tag(arn: string, tags: Readonly<Record<string, string>>): void {
    this.#tags.set(arn, new Map([...this.tagsOf(arn), ...Object.entries(tags)]));
  }

  untag(arn: string): void {
    this.#tags.delete(arn);
  }

  log(event: string, facts: Readonly<Record<string, string>>): void {
    this.context.kernel.log.write("elasticache", event, facts);
  }
}

export type CacheKind =
  | "replicationgroup"
  | "cluster"
  | "snapshot"
  | "serverlesscache"
  | "parametergroup"
  | "subnetgroup"
  | "usergroup";

/** `<group>-001` and so on; with cluster mode `<group>-0001-001`. */
export function membersOf({
  id,
  clusterMode,
  shards,
  replicasPerShard,
}: ReplicationGroup): readonly string[] {
  return Array.from({ length: shards }, (_, shard) =>
    Array.from({ length: replicasPerShard + 1 }, (_, node) => {
      const suffix = String(node + 1).padStart(3, "0");
      return clusterMode ? `${id}-${String(shard + 1).padStart(4, "0")}-${suffix}` : `${id}-${suffix}`;
    }),
  ).flat();
}
