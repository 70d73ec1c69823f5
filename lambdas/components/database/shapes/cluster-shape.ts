import * as sdk from "@aws-sdk/client-rds";
import { DELETABLE_STATE, OWNERSHIP_TAGS } from "../../../contracts/ownership.ts";
import { asked, isNamed } from "../../aws-call.ts";
import { ownershipOf } from "../find-copy.ts";
import { memberName } from "../names.ts";
import {
  clusterByIdentifier,
  clusterByResourceId,
  instanceByIdentifier,
  membersOf,
  tagsOf,
} from "../reads.ts";
import {
  clusterSettingsDiff,
  clusterSnapshotRestoreInputOf,
  memberInputOf,
  modifyClusterAfterRestore,
  modifyClusterBeforeCutOver,
  needsHttpEndpoint,
  restoreClusterInputOf,
} from "../settings/cluster-settings.ts";
import { memberPairs } from "../settings/member-pairs.ts";
import { CHANGEABLE_STATUSES, isClusterSettled, isSettled, isTerminal } from "../states.ts";
import { recentTroubles } from "./recent-troubles.ts";
import type { Broken, Change, ClusterDatabase, Protection, Shape, Snapshot } from "./shape.ts";
import type { ShapeParts } from "./shape-parts.ts";
import { tagList } from "./tag-list.ts";

/** Aurora clusters with their members (docs/facts/database.md §3). */
export function clusterShape(parts: ShapeParts): Shape<ClusterDatabase> {
  const { rds, rdsOnce } = parts;
  return {
    noun: "database cluster",
    find: async (resourceId) => described(rds, await clusterByResourceId(rds, resourceId)),
    named: async (identifier) => described(rds, await clusterByIdentifier(rds, identifier)),
    isSettled: ({ cluster, members }, identifier, statuses) =>
      isClusterSettled(cluster, identifier, statuses) &&
      members.slice(0, 1).some((member) => isMemberSettled(member, statuses)),
    isComplete: ({ cluster, identifier, members }) =>
      isClusterSettled(cluster, identifier) &&
      members.length > 0 &&
      members.every((member) => isMemberSettled(member)),
    broken,
    restore: (source) => restore(parts, source.cluster),
    nextChange: (source, copy) => nextChange(parts, source, copy),
    goLive(source, copy) {
      const members = modifyClusterBeforeCutOver(source.cluster, copy.cluster);
      const what = `giving ${copy.identifier} what it needs to serve`;
      return members && modification(parts, { key: "go-live", what, members });
    },
    differences: (source, copy, phase) => clusterSettingsDiff(source, copy, phase),
    felt: (source, copy) => clusterSettingsDiff(source, copy, "live"),
    asServing: (database, groups) => ({
      ...database,
      cluster: {
        ...database.cluster,
        DeletionProtection: true,
        VpcSecurityGroups: groups.map((id) => ({ VpcSecurityGroupId: id, Status: "active" })),
      },
    }),
    // Aurora's storage is shared and tells nothing of its loading.
    warmth: () => undefined,
    snapshot: (name) => snapshot(rds, name),
    takeSnapshot: ({ identifier }, name, tags) =>
      rdsOnce.send(
        new sdk.CreateDBClusterSnapshotCommand({
          DBClusterIdentifier: identifier,
          DBClusterSnapshotIdentifier: name,
          Tags: tagList(tags),
        }),
      ),
    rename: ({ identifier }, to) =>
      rdsOnce.send(
        new sdk.ModifyDBClusterCommand({
          DBClusterIdentifier: identifier,
          NewDBClusterIdentifier: to,
          ApplyImmediately: true,
        }),
      ),
    protect: ({ identifier }, protection) => protect(parts, identifier, protection),
    taggables: ({ arn, tags, members }) => [
      ...members.map((member) => ({ arn: member.DBInstanceArn ?? "", tags: tagsOf(member) })),
      { arn, tags },
    ],
    nextDeletion: (database) => nextDeletion(parts, database),
    troubles: ({ type, identifier }) => recentTroubles(rds, type, identifier),
    renameCommand: (from, to) =>
      `aws rds modify-db-cluster --db-cluster-identifier ${from} --new-db-cluster-identifier ${to} --apply-immediately`,
    hostCommand: (identifier, whose) =>
      `aws rds describe-db-clusters --db-cluster-identifier ${identifier} --query 'DBClusters[0].${whose === "reader" ? "ReaderEndpoint" : "Endpoint"}' --output text`,
  };
}

/** Members keep their names when their cluster is renamed. */
const isMemberSettled = (member: sdk.DBInstance, statuses?: readonly string[]) =>
  isSettled(member, member.DBInstanceIdentifier ?? "", statuses);

function broken({ identifier, status, members }: ClusterDatabase): Broken | undefined {
  if (isTerminal(status)) return { type: "db-cluster", identifier, status };
  const member = members.find(({ DBInstanceStatus }) => isTerminal(DBInstanceStatus));
  if (!member) return undefined;
  const { DBInstanceIdentifier = "", DBInstanceStatus = "" } = member;
  return { type: "db-instance", identifier: DBInstanceIdentifier, status: DBInstanceStatus };
}

async function described(
  rds: sdk.RDSClient,
  cluster: sdk.DBCluster | undefined,
): Promise<ClusterDatabase | undefined> {
  if (!cluster?.DbClusterResourceId) return undefined;
  return {
    resourceId: cluster.DbClusterResourceId,
    identifier: cluster.DBClusterIdentifier ?? "",
    arn: cluster.DBClusterArn ?? "",
    status: cluster.Status ?? "unknown",
    host: cluster.Endpoint,
    readerHost: cluster.ReaderEndpoint,
    tags: tagsOf(cluster),
    securityGroups: (cluster.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: id }) => id ?? []),
    deletionProtection: cluster.DeletionProtection ?? false,
    cluster,
    members: await membersOf(rds, cluster),
  };
}

async function restore(parts: ShapeParts, source: sdk.DBCluster): Promise<string | undefined> {
  const { rdsOnce, details } = parts;
  const options = {
    target: details.stagingIdentifier,
    quarantineSecurityGroup: details.quarantineSecurityGroup,
    tags: stagingTags(parts),
    tagsOfSource: source.TagList ?? [],
  };
  if (details.snapshotIdentifier !== undefined) {
    const input = clusterSnapshotRestoreInputOf(source, { ...options, snapshot: details.snapshotIdentifier });
    const { DBCluster } = await rdsOnce.send(new sdk.RestoreDBClusterFromSnapshotCommand(input));
    return DBCluster?.DbClusterResourceId;
  }
  const { way, restoreTo: moment } = details;
  if (way !== "clone" && moment === undefined) throw new Error("A move to a moment carries no moment");
  const restoreTo = moment === undefined ? "clone" : new Date(moment);
  const input = restoreClusterInputOf(source, { ...options, restoreTo });
  const { DBCluster } = await rdsOnce.send(new sdk.RestoreDBClusterToPointInTimeCommand(input));
  return DBCluster?.DbClusterResourceId;
}

const stagingTags = (parts: ShapeParts) =>
  tagList({ ...ownershipOf(parts), [OWNERSHIP_TAGS.state]: DELETABLE_STATE });

function nextChange(parts: ShapeParts, source: ClusterDatabase, copy: ClusterDatabase): Change | undefined {
  const members = modifyClusterAfterRestore(source.cluster, copy.cluster);
  if (members) {
    const what = "setting what the restore could not carry over";
    return modification(parts, { key: "settings", what, members });
  }
  const created = nextMember(parts, source, copy);
  if (created) return created;
  const writer = copy.members[0];
  if (!writer || !CHANGEABLE_STATUSES.includes(writer.DBInstanceStatus ?? "")) return undefined;
  const rebooted = copy.members.find((member) => waitsForReboot(copy.cluster, member))?.DBInstanceIdentifier;
  if (rebooted) {
    const reboot = new sdk.RebootDBInstanceCommand({ DBInstanceIdentifier: rebooted });
    return {
      key: `reboot-${rebooted}`,
      what: `rebooting ${rebooted}, so that its parameter group takes effect`,
      send: () => parts.rdsOnce.send(reboot),
    };
  }
  if (!needsHttpEndpoint(source.cluster, copy.cluster)) return undefined;
  const enable = new sdk.EnableHttpEndpointCommand({ ResourceArn: copy.arn });
  return { key: "http-endpoint", what: "switching the Data API on", send: () => parts.rdsOnce.send(enable) };
}

/** For its own parameter group, or for the cluster's. */
function waitsForReboot(cluster: sdk.DBCluster, member: sdk.DBInstance): boolean {
  const listed = cluster.DBClusterMembers?.find(
    ({ DBInstanceIdentifier: name }) => name === member.DBInstanceIdentifier,
  );
  return (
    listed?.DBClusterParameterGroupStatus === "pending-reboot" ||
    (member.DBParameterGroups ?? []).some(({ ParameterApplyStatus: status }) => status === "pending-reboot")
  );
}

/** The writer first; the others once it is there, all at once (docs/facts/database.md §3). */
function nextMember(parts: ShapeParts, source: ClusterDatabase, copy: ClusterDatabase): Change | undefined {
  const [member] = memberPairs(source.members, copy.members).missing;
  const [writer] = copy.members;
  if (!member || (writer && !writer.Endpoint)) return undefined;
  const { rds, rdsOnce, rollbackId, details } = parts;
  const taken = new Set(copy.members.map(({ DBInstanceIdentifier: name }) => name));
  const names = Array.from({ length: taken.size + 1 }, (_, index) =>
    memberName({ identifier: details.identifier, rollbackId }, index),
  );
  const index = names.findIndex((name) => !taken.has(name));
  const name = names[index] ?? "";
  const input = memberInputOf(member, { name, cluster: copy.identifier, tags: stagingTags(parts) });
  return {
    key: `member-${index + 1}`,
    what: `creating its ${writer ? "reader" : "writer"} ${name}`,
    // The name makes it one: a second request meets the first one's.
    repeatable: true,
    send: () =>
      rdsOnce.send(new sdk.CreateDBInstanceCommand(input)).catch(async (error: unknown) => {
        if (!isNamed(error, "DBInstanceAlreadyExistsFault", "DBInstanceAlreadyExists")) throw error;
        const holder = await instanceByIdentifier(rds, name);
        if (holder?.DBClusterIdentifier !== copy.identifier) throw error;
      }),
  };
}

function modification(
  { rdsOnce }: ShapeParts,
  { key, what, members }: { key: string; what: string; members: sdk.ModifyDBClusterMessage },
): Change {
  return { key, what, send: () => rdsOnce.send(new sdk.ModifyDBClusterCommand(members)) };
}

function protect({ rdsOnce }: ShapeParts, identifier: string, protection: Protection): Promise<unknown> {
  const { securityGroups, deletionProtection } = protection;
  return rdsOnce.send(
    new sdk.ModifyDBClusterCommand({
      DBClusterIdentifier: identifier,
      ApplyImmediately: true,
      ...(securityGroups && { VpcSecurityGroupIds: [...securityGroups] }),
      ...(deletionProtection !== undefined && { DeletionProtection: deletionProtection }),
    }),
  );
}

function nextDeletion(parts: ShapeParts, database: ClusterDatabase): Change | undefined {
  const { identifier, members, deletionProtection, status } = database;
  if (deletionProtection) {
    return {
      key: "unprotect",
      what: `taking the deletion protection off ${identifier}`,
      send: () => protect(parts, identifier, { deletionProtection: false }),
      repeatable: true,
    };
  }
  const member = members.findLast(({ DBInstanceStatus }) => DBInstanceStatus !== "deleting");
  if (member) {
    const name = member.DBInstanceIdentifier;
    const input = { DBInstanceIdentifier: name, SkipFinalSnapshot: true };
    return {
      key: `delete-${name}`,
      what: `deleting the member ${name}`,
      send: () => parts.rdsOnce.send(new sdk.DeleteDBInstanceCommand(input)),
    };
  }
  if (members.length > 0 || status === "deleting") return undefined;
  const input = { DBClusterIdentifier: identifier, SkipFinalSnapshot: true };
  return {
    key: "delete",
    what: `deleting ${identifier}`,
    send: () => parts.rdsOnce.send(new sdk.DeleteDBClusterCommand(input)),
  };
}

async function snapshot(rds: sdk.RDSClient, name: string): Promise<Snapshot | undefined> {
  try {
    const answer = await asked(
      `Reading the cluster snapshot ${name}`,
      rds.send(new sdk.DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: name })),
    );
    const found = answer.DBClusterSnapshots?.[0];
    return (
      found && {
        status: found.Status ?? "unknown",
        sourceResourceId: found.DbClusterResourceId ?? "",
        percent: found.PercentProgress,
        tags: tagsOf(found),
      }
    );
  } catch (error) {
    if (isNamed(error, "DBClusterSnapshotNotFoundFault")) return undefined;
    throw error;
  }
}
