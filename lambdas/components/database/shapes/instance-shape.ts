import * as sdk from "@aws-sdk/client-rds";
import { DELETABLE_STATE, OWNERSHIP_TAGS } from "../../../contracts/ownership.ts";
import { asked, isNamed } from "../../aws-call.ts";
import { ownershipOf } from "../find-copy.ts";
import { instanceByIdentifier, instanceByResourceId, tagsOf } from "../reads.ts";
import {
  missingRoles,
  modifyAfterRestore,
  modifyBeforeCutOver,
  restoreInputOf,
  settingsDiff,
  snapshotRestoreInputOf,
} from "../settings/instance-settings.ts";
import { isSettled, isTerminal } from "../states.ts";
import { recentTroubles } from "./recent-troubles.ts";
import type { Change, InstanceDatabase, Protection, Shape, Snapshot } from "./shape.ts";
import type { ShapeParts } from "./shape-parts.ts";
import { tagList } from "./tag-list.ts";

/** DB instances that stand alone. */
export function instanceShape(parts: ShapeParts): Shape<InstanceDatabase> {
  const { rds, rdsOnce } = parts;
  return {
    noun: "database instance",
    find: async (resourceId) => described(await instanceByResourceId(rds, resourceId)),
    named: async (identifier) => described(await instanceByIdentifier(rds, identifier)),
    isSettled: ({ instance }, identifier, statuses) => isSettled(instance, identifier, statuses),
    isComplete: ({ instance, identifier }) => isSettled(instance, identifier),
    broken: ({ identifier, status }) =>
      isTerminal(status) ? { type: "db-instance", identifier, status } : undefined,
    restore: ({ instance }) => restore(parts, instance),
    nextChange: (source, copy) => nextChange(parts, source.instance, copy.instance),
    goLive(source, copy) {
      const members = modifyBeforeCutOver(source.instance, copy.instance);
      const what = `giving ${copy.identifier} what it needs to serve`;
      return members && modification(parts, { key: "go-live", what, members });
    },
    differences: (source, copy, phase) => settingsDiff(source.instance, copy.instance, phase),
    felt: (source, copy) => [
      ...settingsDiff(source.instance, copy.instance, "felt"),
      ...(awaitsReboot(copy.instance) ? ["its parameter group waits for a reboot"] : []),
    ],
    asServing: (database, groups) => ({
      ...database,
      instance: {
        ...database.instance,
        DeletionProtection: true,
        VpcSecurityGroups: groups.map((id) => ({ VpcSecurityGroupId: id, Status: "active" })),
      },
    }),
    warmth: ({ instance: { StorageOperationStatus: status, StorageOperationPercentProgress: percent } }) =>
      status === "Initializing" ? (percent ?? 0) : undefined,
    snapshot: (name) => snapshot(rds, name),
    takeSnapshot: ({ identifier }, name, tags) =>
      rdsOnce.send(
        new sdk.CreateDBSnapshotCommand({
          DBInstanceIdentifier: identifier,
          DBSnapshotIdentifier: name,
          Tags: tagList(tags),
        }),
      ),
    rename: ({ identifier }, to) =>
      rdsOnce.send(
        new sdk.ModifyDBInstanceCommand({
          DBInstanceIdentifier: identifier,
          NewDBInstanceIdentifier: to,
          ApplyImmediately: true,
        }),
      ),
    protect: ({ identifier }, protection) => protect(parts, identifier, protection),
    taggables: ({ arn, tags }) => [{ arn, tags }],
    nextDeletion: (database) => nextDeletion(parts, database),
    troubles: async ({ type, identifier, status }, { instance }) => [
      ...groupInTheWay(status, instance),
      ...(await recentTroubles(rds, type, identifier)),
    ],
    renameCommand: (from, to) =>
      `aws rds modify-db-instance --db-instance-identifier ${from} --new-db-instance-identifier ${to} --apply-immediately`,
    hostCommand: (identifier) =>
      `aws rds describe-db-instances --db-instance-identifier ${identifier} --query 'DBInstances[0].Endpoint.Address' --output text`,
  };
}

function described(instance: sdk.DBInstance | undefined): InstanceDatabase | undefined {
  if (!instance?.DbiResourceId) return undefined;
  return {
    resourceId: instance.DbiResourceId,
    identifier: instance.DBInstanceIdentifier ?? "",
    arn: instance.DBInstanceArn ?? "",
    status: instance.DBInstanceStatus ?? "unknown",
    host: instance.Endpoint?.Address,
    readerHost: undefined,
    tags: tagsOf(instance),
    securityGroups: (instance.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: id }) => id ?? []),
    deletionProtection: instance.DeletionProtection ?? false,
    instance,
  };
}

async function restore(parts: ShapeParts, source: sdk.DBInstance): Promise<string | undefined> {
  const { rdsOnce, details } = parts;
  const options = {
    target: details.stagingIdentifier,
    quarantineSecurityGroup: details.quarantineSecurityGroup,
    servesAtOnce: details.serveDuringBackups,
    tags: tagList({ ...ownershipOf(parts), [OWNERSHIP_TAGS.state]: DELETABLE_STATE }),
    tagsOfSource: source.TagList ?? [],
  };
  if (details.snapshotIdentifier !== undefined) {
    const input = snapshotRestoreInputOf(source, { ...options, snapshot: details.snapshotIdentifier });
    const { DBInstance } = await rdsOnce.send(new sdk.RestoreDBInstanceFromDBSnapshotCommand(input));
    return DBInstance?.DbiResourceId;
  }
  if (details.restoreTo === undefined) throw new Error("A move to a moment carries no moment");
  const input = restoreInputOf(source, { ...options, restoreTo: new Date(details.restoreTo) });
  const { DBInstance } = await rdsOnce.send(new sdk.RestoreDBInstanceToPointInTimeCommand(input));
  return DBInstance?.DbiResourceId;
}

/** The group that RDS cannot run the instance with; its events need not name it (docs/facts/database.md §12). */
function groupInTheWay(status: string, instance: sdk.DBInstance): string[] {
  const group =
    status === "incompatible-parameters"
      ? instance.DBParameterGroups?.[0]?.DBParameterGroupName
      : status === "incompatible-option-group"
        ? instance.OptionGroupMemberships?.[0]?.OptionGroupName
        : undefined;
  return group === undefined ? [] : [`it cannot run with the group ${group}`];
}

function nextChange(parts: ShapeParts, source: sdk.DBInstance, copy: sdk.DBInstance): Change | undefined {
  const members = modifyAfterRestore(source, copy);
  if (members) {
    const what = "setting what the restore could not carry over";
    return modification(parts, { key: "settings", what, members });
  }
  const name = copy.DBInstanceIdentifier;
  if (awaitsReboot(copy)) {
    const reboot = new sdk.RebootDBInstanceCommand({ DBInstanceIdentifier: name });
    return {
      key: "reboot",
      what: "rebooting it, so that its parameter group takes effect",
      send: () => parts.rdsOnce.send(reboot),
    };
  }
  const [role] = missingRoles(source, copy);
  if (role) return addRole(parts, name, role);
  // Early in the copy's life, not while writers wait: the conversion takes minutes and interrupts nobody.
  const MultiAZ = modifyBeforeCutOver(source, copy)?.MultiAZ;
  if (MultiAZ === undefined) return undefined;
  const zones = { DBInstanceIdentifier: name, MultiAZ, ApplyImmediately: true };
  return modification(parts, { key: "multi-az", what: "switching Multi-AZ on", members: zones });
}

const awaitsReboot = ({ DBParameterGroups = [] }: sdk.DBInstance) =>
  DBParameterGroups.some(({ ParameterApplyStatus: status }) => status === "pending-reboot");

function modification(
  { rdsOnce }: ShapeParts,
  { key, what, members }: { key: string; what: string; members: sdk.ModifyDBInstanceMessage },
): Change {
  return { key, what, send: () => rdsOnce.send(new sdk.ModifyDBInstanceCommand(members)) };
}

function addRole({ rdsOnce }: ShapeParts, name: string | undefined, role: sdk.DBInstanceRole): Change {
  const input = {
    DBInstanceIdentifier: name,
    RoleArn: role.RoleArn,
    FeatureName: role.FeatureName ?? "",
  };
  return {
    key: `role-${role.FeatureName ?? "any"}`,
    what: `giving it the role for ${role.FeatureName ?? "everything"}`,
    send: () =>
      rdsOnce.send(new sdk.AddRoleToDBInstanceCommand(input)).catch((error: unknown) => {
        if (!isNamed(error, "DBInstanceRoleAlreadyExistsFault", "DBInstanceRoleAlreadyExists")) throw error;
      }),
  };
}

function protect({ rdsOnce }: ShapeParts, identifier: string, protection: Protection): Promise<unknown> {
  const { securityGroups, deletionProtection } = protection;
  return rdsOnce.send(
    new sdk.ModifyDBInstanceCommand({
      DBInstanceIdentifier: identifier,
      ApplyImmediately: true,
      ...(securityGroups && { VpcSecurityGroupIds: [...securityGroups] }),
      ...(deletionProtection !== undefined && { DeletionProtection: deletionProtection }),
    }),
  );
}

function nextDeletion(
  parts: ShapeParts,
  { identifier, status, ...database }: InstanceDatabase,
): Change | undefined {
  if (status === "deleting") return undefined;
  if (database.deletionProtection) {
    return {
      key: "unprotect",
      what: `taking the deletion protection off ${identifier}`,
      send: () => protect(parts, identifier, { deletionProtection: false }),
      repeatable: true,
    };
  }
  // The last one is required for what failed; nothing but the restore's data is in it (docs/facts/database.md §5, undo).
  const input = { DBInstanceIdentifier: identifier, SkipFinalSnapshot: true, DeleteAutomatedBackups: true };
  return {
    key: "delete",
    what: `deleting ${identifier}`,
    send: () => parts.rdsOnce.send(new sdk.DeleteDBInstanceCommand(input)),
  };
}

async function snapshot(rds: sdk.RDSClient, name: string): Promise<Snapshot | undefined> {
  try {
    const answer = await asked(
      `Reading the snapshot ${name}`,
      rds.send(new sdk.DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: name })),
    );
    const found = answer.DBSnapshots?.[0];
    return (
      found && {
        status: found.Status ?? "unknown",
        sourceResourceId: found.DbiResourceId ?? "",
        percent: found.PercentProgress,
        tags: tagsOf(found),
      }
    );
  } catch (error) {
    if (isNamed(error, "DBSnapshotNotFoundFault", "DBSnapshotNotFound")) return undefined;
    throw error;
  }
}
