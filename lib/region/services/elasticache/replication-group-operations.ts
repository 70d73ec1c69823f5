import * as elasticache from "@aws-sdk/client-elasticache";
import { AwsError, type Permission, type ServiceModel } from "../../service-model.ts";
import type { Caches, ReplicationGroup } from "./caches.ts";
import { createReplicationGroup } from "./create-replication-group.ts";
import { startSnapshot } from "./create-snapshot.ts";
import { describedClusters, describedGroup } from "./describe-replication-group.ts";
import { onCache, tagOnCreate, tagRecord } from "./permissions.ts";
import { recordPage } from "./record-page.ts";

/** How long a group stays `deleting`: unverified. */
const DELETION_MINUTES = [5, 15] as const;

export function addReplicationGroupOperations(model: ServiceModel, caches: Caches): void {
  model
    .on(elasticache.DescribeReplicationGroupsCommand, {
      accepts: ["ReplicationGroupId", "MaxRecords", "Marker"],
      authorize: ({ ReplicationGroupId: id }) => [
        onCache(caches, "DescribeReplicationGroups", "replicationgroup", id),
      ],
      handle: (input) => {
        const { ReplicationGroupId: id } = input;
        const asked =
          id === undefined ? [...caches.replicationGroups.values()] : [caches.replicationGroup(id)];
        const { items, next } = recordPage(asked, input, 100);
        return { ReplicationGroups: items.map((group) => describedGroup(caches.context, group)), ...next };
      },
    })
    .on(elasticache.DescribeCacheClustersCommand, {
      accepts: ["CacheClusterId", "MaxRecords", "Marker", "ShowCacheNodeInfo"],
      authorize: ({ CacheClusterId: id }) => [onCache(caches, "DescribeCacheClusters", "cluster", id)],
      handle: (input) => {
        const id = input.CacheClusterId?.toLowerCase();
        const groups =
          id === undefined ? [...caches.replicationGroups.values()] : [caches.groupOfCluster(id)];
        const clusters = groups
          .flatMap((group) => describedClusters(caches, group, input.ShowCacheNodeInfo ?? false))
          .filter(({ CacheClusterId }) => id === undefined || CacheClusterId === id);
        const { items, next } = recordPage(clusters, input, 100);
        return { CacheClusters: items, ...next };
      },
    })
    .on(elasticache.CreateReplicationGroupCommand, {
      accepts: CREATION_MEMBERS,
      authorize: (input) => toCreate(caches, input),
      handle: (input) => {
        const group = createReplicationGroup(caches, input);
        caches.tag(group.arn, tagRecord(input.Tags));
        return { ReplicationGroup: describedGroup(caches.context, group) };
      },
    })
    .on(elasticache.DeleteReplicationGroupCommand, {
      accepts: ["ReplicationGroupId", "FinalSnapshotIdentifier"],
      // "CreateSnapshot permission is required to create a final snapshot" [SDK].
      authorize: ({ ReplicationGroupId, FinalSnapshotIdentifier: final }) => [
        onCache(caches, "DeleteReplicationGroup", "replicationgroup", ReplicationGroupId),
        ...(final === undefined ? [] : [onCache(caches, "CreateSnapshot", "snapshot", final)]),
      ],
      handle: ({ ReplicationGroupId, FinalSnapshotIdentifier: final }) => {
        const group = availableGroup(caches, ReplicationGroupId);
        if (final !== undefined) startSnapshot(caches, group, final, undefined);
        remove(caches, group);
        return { ReplicationGroup: describedGroup(caches.context, group) };
      },
    });
}

/** A group that takes another operation: during a backup none can be made (docs/facts/frontend-secrets-config.md §D). */
export function availableGroup(caches: Caches, id: string | undefined): ReplicationGroup {
  const group = caches.replicationGroup(id);
  if (group.status === "available") return group;
  const message = `Replication group ${group.id} is not in the available state: it is ${group.status}.`;
  throw new AwsError("InvalidReplicationGroupStateFault", message);
}

const CREATION_MEMBERS = [
  "ReplicationGroupId",
  "ReplicationGroupDescription",
  "SnapshotName",
  "AutomaticFailoverEnabled",
  "MultiAZEnabled",
  "NumCacheClusters",
  "NumNodeGroups",
  "ReplicasPerNodeGroup",
  "CacheNodeType",
  "Engine",
  "EngineVersion",
  "CacheParameterGroupName",
  "CacheSubnetGroupName",
  "SecurityGroupIds",
  "UserGroupIds",
  "Tags",
  "Port",
  "SnapshotRetentionLimit",
  "TransitEncryptionEnabled",
  "AtRestEncryptionEnabled",
  "KmsKeyId",
  "ClusterMode",
];

function toCreate(caches: Caches, input: elasticache.CreateReplicationGroupMessage): readonly Permission[] {
  const action = "CreateReplicationGroup";
  const named = [
    ["snapshot", input.SnapshotName],
    ["parametergroup", input.CacheParameterGroupName],
    ["subnetgroup", input.CacheSubnetGroupName],
    ...(input.UserGroupIds ?? []).map((id) => ["usergroup", id] as const),
  ] as const;
  const group = onCache(caches, action, "replicationgroup", input.ReplicationGroupId, input.Tags);
  return [
    group,
    ...named.flatMap(([kind, name]) => (name === undefined ? [] : [onCache(caches, action, kind, name)])),
    ...tagOnCreate(caches, group.resource, input.Tags),
  ];
}

function remove(caches: Caches, group: ReplicationGroup): void {
  group.status = "deleting";
  caches.log("replication group deleting", { id: group.id });
  caches.afterMinutes(DELETION_MINUTES, () => {
    caches.replicationGroups.delete(group.id);
    caches.untag(group.arn);
    caches.log("replication group gone", { id: group.id });
  });
}
