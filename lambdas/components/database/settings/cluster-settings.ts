import type {
  CreateDBInstanceMessage,
  DBCluster,
  DBInstance,
  ModifyDBClusterMessage,
  RestoreDBClusterFromSnapshotMessage,
  RestoreDBClusterToPointInTimeMessage,
  Tag,
} from "@aws-sdk/client-rds";
import { OWNERSHIP_TAGS } from "../../../contracts/ownership.ts";
import { CLUSTER_SETTINGS } from "./cluster-table.ts";
import type { CopyOptions } from "./instance-settings.ts";
import { memberPairs } from "./member-pairs.ts";
import { MEMBER_SETTINGS } from "./member-table.ts";
import { differencesOf, modifyMembers, type Phase, restoreMembers } from "./setting.ts";
import { tagsOfCopy } from "./tags.ts";

/** A cluster and its members, the writer first. */
export interface ClusterPicture {
  readonly cluster: DBCluster;
  readonly members: readonly DBInstance[];
}

/**
 * The restore of a cluster to a moment, a full copy; or its clone, copy-on-write, which is of now only and says so by the
 * latest restorable time (docs/facts/database.md §3). It has no members yet.
 */
export function restoreClusterInputOf(
  source: DBCluster,
  options: CopyOptions & { readonly restoreTo: Date | "clone" },
): RestoreDBClusterToPointInTimeMessage {
  const { restoreTo, target } = options;
  return {
    ...settingsOfCopy(source, options),
    SourceDbClusterResourceId: source.DbClusterResourceId,
    DBClusterIdentifier: target,
    ...(restoreTo === "clone"
      ? { RestoreType: "copy-on-write", UseLatestRestorableTime: true }
      : { RestoreType: "full-copy", RestoreToTime: restoreTo }),
  };
}

export function clusterSnapshotRestoreInputOf(
  source: DBCluster,
  options: CopyOptions & { readonly snapshot: string },
): RestoreDBClusterFromSnapshotMessage {
  return {
    ...settingsOfCopy(source, options),
    SnapshotIdentifier: options.snapshot,
    DBClusterIdentifier: options.target,
    Engine: source.Engine,
    // Left out it is not the snapshot's but the Region's default (SDK, EngineVersion of this request).
    EngineVersion: source.EngineVersion,
  };
}

/**
 * A member of a copy that is like one of the source's. The first that is created becomes the writer, and none can be
 * before the cluster is available (docs/facts/database.md §3).
 */
export function memberInputOf(
  member: DBInstance,
  { name, cluster, tags }: { readonly name: string; readonly cluster: string; readonly tags: readonly Tag[] },
): CreateDBInstanceMessage {
  const like = { Key: OWNERSHIP_TAGS.like, Value: member.DbiResourceId };
  return {
    ...restoreMembers(MEMBER_SETTINGS, member),
    DBInstanceIdentifier: name,
    DBClusterIdentifier: cluster,
    DBInstanceClass: member.DBInstanceClass,
    Engine: member.Engine,
    Tags: tagsOfCopy(member.TagList ?? [], [...tags, like]),
  };
}

/** One call with everything of the cluster that still differs and can be modified. */
export function modifyClusterAfterRestore(
  source: DBCluster,
  copy: DBCluster,
): ModifyDBClusterMessage | undefined {
  return modifyOf(source, copy, "prepared");
}

/** What is put on with the cut-over: the production security groups, deletion protection. */
export function modifyClusterBeforeCutOver(
  source: DBCluster,
  copy: DBCluster,
): ModifyDBClusterMessage | undefined {
  return modifyOf(source, copy, "live");
}

/**
 * What the copy or its members have not got, or have otherwise; empty when they are like the source. A member more than
 * the source has by now is no difference: readers that scale come and go.
 */
export function clusterSettingsDiff(
  source: ClusterPicture,
  copy: ClusterPicture,
  phase: Phase,
): readonly string[] {
  const { pairs, missing } = memberPairs(source.members, copy.members);
  return [
    ...differencesOf(CLUSTER_SETTINGS, source.cluster, copy.cluster, phase),
    ...missing.map(({ DBInstanceIdentifier: name }) => `it has no member like ${name}`),
    ...pairs.flatMap((pair) =>
      differencesOf(MEMBER_SETTINGS, pair.source, pair.copy, phase).map(
        (difference) => `of ${pair.copy.DBInstanceIdentifier}: ${difference}`,
      ),
    ),
  ];
}

/** EnableHttpEndpoint is a call of its own; without it the Data API does not answer. */
export function needsHttpEndpoint(source: DBCluster, copy: DBCluster): boolean {
  return source.HttpEndpointEnabled === true && copy.HttpEndpointEnabled !== true;
}

function settingsOfCopy(source: DBCluster, { quarantineSecurityGroup: quarantine, ...options }: CopyOptions) {
  return {
    ...restoreMembers(CLUSTER_SETTINGS, source),
    ...(quarantine ? { VpcSecurityGroupIds: [quarantine] } : {}),
    Tags: tagsOfCopy(options.tagsOfSource, options.tags),
  };
}

function modifyOf(source: DBCluster, copy: DBCluster, phase: Phase): ModifyDBClusterMessage | undefined {
  const members = modifyMembers(CLUSTER_SETTINGS, source, copy, phase);
  return members && { ...members, DBClusterIdentifier: copy.DBClusterIdentifier, ApplyImmediately: true };
}
