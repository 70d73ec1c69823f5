import * as elasticache from "@aws-sdk/client-elasticache";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import type { Caches, ReplicationGroup, Snapshot } from "./caches.ts";
import { restorable } from "./create-replication-group.ts";
import { startSnapshot } from "./create-snapshot.ts";
import { onArn, onCache, tagOnCreate, tagRecord } from "./permissions.ts";
import { recordPage } from "./record-page.ts";
import { availableGroup } from "./replication-group-operations.ts";

export function addSnapshotOperations(model: ServiceModel, caches: Caches): void {
  model
    .on(elasticache.CreateSnapshotCommand, {
      accepts: ["ReplicationGroupId", "CacheClusterId", "SnapshotName", "KmsKeyId", "Tags"],
      authorize: ({ ReplicationGroupId: group, CacheClusterId: cluster, SnapshotName: name, Tags }) => [
        onCache(caches, "CreateSnapshot", "snapshot", name, Tags),
        ...(group === undefined ? [] : [onCache(caches, "CreateSnapshot", "replicationgroup", group)]),
        ...(cluster === undefined ? [] : [onCache(caches, "CreateSnapshot", "cluster", cluster)]),
        ...tagOnCreate(caches, caches.arn("snapshot", name), Tags),
      ],
      handle: (input) => {
        const group = availableGroup(caches, sourceOf(caches, input).id);
        const snapshot = startSnapshot(caches, group, input.SnapshotName ?? "", input.KmsKeyId);
        caches.tag(snapshot.arn, tagRecord(input.Tags));
        return { Snapshot: described(snapshot) };
      },
    })
    .on(elasticache.DescribeSnapshotsCommand, {
      accepts: [
        "ReplicationGroupId",
        "CacheClusterId",
        "SnapshotName",
        "SnapshotSource",
        "Marker",
        "MaxRecords",
      ],
      authorize: ({ SnapshotName: name }) => [onCache(caches, "DescribeSnapshots", "snapshot", name)],
      handle: (input) => {
        const { items, next } = recordPage(selected(caches, input), input, 50);
        return { Snapshots: items.map(described), ...next };
      },
    });
  model.on(elasticache.DeleteSnapshotCommand, {
    accepts: ["SnapshotName"],
    authorize: ({ SnapshotName: name }) => [onCache(caches, "DeleteSnapshot", "snapshot", name)],
    handle: ({ SnapshotName }) => ({ Snapshot: described(deleteSnapshot(caches, SnapshotName)) }),
  });
  addTagOperations(model, caches);
}

/** Gone at once: it shows as `deleting` for a while in AWS [SDK Snapshot.SnapshotStatus], for how long is unverified. */
function deleteSnapshot(caches: Caches, name: string | undefined): Snapshot {
  const snapshot = restorable(caches, name ?? "");
  caches.snapshots.delete(snapshot.name);
  caches.untag(snapshot.arn);
  caches.log("snapshot deleted", { name: snapshot.name });
  return snapshot;
}

function addTagOperations(model: ServiceModel, caches: Caches): void {
  const tagList = (arn: string): elasticache.Tag[] =>
    [...caches.tagsOf(arn)].map(([Key, Value]) => ({ Key, Value }));
  model
    .on(elasticache.ListTagsForResourceCommand, {
      accepts: ["ResourceName"],
      authorize: ({ ResourceName = "" }) => [onArn(caches, "ListTagsForResource", ResourceName)],
      handle: ({ ResourceName }) => ({ TagList: tagList(existing(caches, ResourceName)) }),
    })
    .on(elasticache.AddTagsToResourceCommand, {
      accepts: ["ResourceName", "Tags"],
      authorize: ({ ResourceName = "", Tags }) => [onArn(caches, "AddTagsToResource", ResourceName, Tags)],
      handle: ({ ResourceName, Tags }) => {
        const arn = existing(caches, ResourceName);
        caches.tag(arn, tagRecord(Tags));
        return { TagList: tagList(arn) };
      },
    });
}

/** The ARN of something that exists, else the error of what the ARN says it is. */
function existing(caches: Caches, arn = ""): string {
  const [, , service, , , kind = "", name = ""] = arn.split(":");
  if (service !== "elasticache") throw new AwsError("InvalidARNFault", `${arn} is not an ElastiCache ARN`);
  if (kind === "replicationgroup") return caches.replicationGroup(name).arn;
  if (kind === "snapshot") return caches.snapshot(name).arn;
  if (kind === "serverlesscache") return caches.serverlessCache(name).arn;
  throw new AwsError("NotImplemented", `Stepback's simulated region does not model tags of a ${kind}`, 501);
}

/** With cluster mode a backup is of the whole group, never of one node [SDK CreateSnapshot, by inference: unverified]. */
function sourceOf(
  caches: Caches,
  { ReplicationGroupId: groupId, CacheClusterId: clusterId }: elasticache.CreateSnapshotMessage,
): ReplicationGroup {
  if ((groupId === undefined) === (clusterId === undefined)) {
    const message = "Exactly one of ReplicationGroupId and CacheClusterId must be given";
    throw new AwsError("InvalidParameterCombinationException", message);
  }
  const group = clusterId === undefined ? caches.replicationGroup(groupId) : caches.groupOfCluster(clusterId);
  if (clusterId === undefined || !group.clusterMode) return group;
  const message = "A node of a group with cluster mode enabled has no snapshots of its own";
  throw new AwsError("InvalidParameterCombinationException", message);
}

function selected(caches: Caches, input: elasticache.DescribeSnapshotsMessage): readonly Snapshot[] {
  const {
    SnapshotName: name,
    ReplicationGroupId: groupId,
    CacheClusterId: clusterId,
    SnapshotSource,
  } = input;
  if (name !== undefined) return [caches.snapshot(name)];
  const source = { user: "manual", system: "automated" }[SnapshotSource ?? ""] ?? SnapshotSource;
  const ofGroup = clusterId === undefined ? groupId?.toLowerCase() : caches.groupOfCluster(clusterId).id;
  return [...caches.snapshots.values()].filter(
    (snapshot) =>
      (ofGroup === undefined || snapshot.replicationGroupId === ofGroup) &&
      (source === undefined || snapshot.source === source),
  );
}

function described(snapshot: Snapshot): elasticache.Snapshot {
  return {
    SnapshotName: snapshot.name,
    ARN: snapshot.arn,
    ReplicationGroupId: snapshot.replicationGroupId,
    ReplicationGroupDescription: snapshot.replicationGroupDescription,
    SnapshotStatus: snapshot.status,
    SnapshotSource: snapshot.source,
    CacheNodeType: snapshot.nodeType,
    Engine: snapshot.engine,
    EngineVersion: snapshot.engineVersion,
    Port: snapshot.port,
    CacheParameterGroupName: snapshot.parameterGroup,
    ...(snapshot.subnetGroup === undefined ? {} : { CacheSubnetGroupName: snapshot.subnetGroup }),
    ...(snapshot.kmsKeyId === undefined ? {} : { KmsKeyId: snapshot.kmsKeyId }),
    SnapshotRetentionLimit: snapshot.snapshotRetentionLimit,
    NumNodeGroups: snapshot.shards,
    AutomaticFailover: snapshot.automaticFailover ? "enabled" : "disabled",
    NodeSnapshots: [{ SnapshotCreateTime: snapshot.createdAt }],
  };
}
