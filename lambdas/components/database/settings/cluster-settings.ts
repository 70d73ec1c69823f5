import type {
  CreateDBInstanceMessage,
  DBCluster,
  DBInstance,
  ModifyDBClusterMessage,
  RestoreDBClusterFromSnapshotMessage,
  RestoreDBClusterToPointInTimeMessage,
  Tag,
} from "@aws-sdk/client-rds";
import { CLUSTER_SETTINGS } from "./cluster-table.ts";
import type { CopyOptions } from "./instance-settings.ts";
import { MEMBER_SETTINGS } from "./member-table.ts";
import { differencesOf, modifyMembers, type Phase, restoreMembers } from "./setting.ts";
import { tagsOfCopy } from "./tags.ts";

/** A cluster and its members, the writer first. */
export interface ClusterPicture {
  readonly cluster: DBCluster;
  readonly members: readonly DBInstance[];
}

/**
 * The restore of a cluster to a moment: a full copy, because copy-on-write is of now only (docs/facts/database.md §3).
 * It has no members yet.
 */
export function restoreClusterInputOf(
  source: DBCluster,
  options: CopyOptions & { readonly restoreTo?: Date | undefined },
): RestoreDBClusterToPointInTimeMessage {
  const { restoreTo, target } = options;
  return {
    ...settingsOfCopy(source, options),
    SourceDbClusterResourceId: source.DbClusterResourceId,
    DBClusterIdentifier: target,
    RestoreType: "full-copy",
    ...(restoreTo ? { RestoreToTime: restoreTo } : { UseLatestRestorableTime: true }),
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
  };
}

/**
 * The members of a copy, the writer first: the first that is created becomes the writer, and none can be before the
 * cluster is available (docs/facts/database.md §3).
 *
 * @param nameOf the identifier of the member at an index
 */
export function memberInputsOf(
  members: readonly DBInstance[],
  {
    cluster,
    nameOf,
    tags,
  }: { readonly cluster: string; readonly nameOf: (index: number) => string; readonly tags: readonly Tag[] },
): CreateDBInstanceMessage[] {
  return members.map((member, index) => ({
    ...restoreMembers(MEMBER_SETTINGS, member),
    DBInstanceIdentifier: nameOf(index),
    DBClusterIdentifier: cluster,
    DBInstanceClass: member.DBInstanceClass,
    Engine: member.Engine,
    Tags: tagsOfCopy(member.TagList ?? [], tags),
  }));
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

/** What the copy or its members have not got, or have otherwise; empty when they are like the source. */
export function clusterSettingsDiff(
  source: ClusterPicture,
  copy: ClusterPicture,
  phase: Phase,
): readonly string[] {
  const missing = source.members.length - copy.members.length;
  return [
    ...differencesOf(CLUSTER_SETTINGS, source.cluster, copy.cluster, phase),
    ...(missing === 0 ? [] : [`it has ${copy.members.length} members, not ${source.members.length}`]),
    ...copy.members.flatMap((member, index) => memberDiff(source.members[index], member, phase)),
  ];
}

/** EnableHttpEndpoint is a call of its own; without it the Data API does not answer. */
export function needsHttpEndpoint(source: DBCluster, copy: DBCluster): boolean {
  return source.HttpEndpointEnabled === true && copy.HttpEndpointEnabled !== true;
}

function memberDiff(source: DBInstance | undefined, copy: DBInstance, phase: Phase): readonly string[] {
  if (!source) return [];
  const differences = differencesOf(MEMBER_SETTINGS, source, copy, phase);
  return differences.map((difference) => `of ${copy.DBInstanceIdentifier}: ${difference}`);
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
