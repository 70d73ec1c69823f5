import * as sdk from "@aws-sdk/client-rds";
import type { Permission, ServiceModel } from "../../service-model.ts";
import { findSnapshot } from "./automated-snapshots.ts";
import { describeInstance } from "./describe-instance.ts";
import { engineTraits } from "./engine.ts";
import { inheritedTags } from "./identifier.ts";
import type { InstanceSettings } from "./instance-settings.ts";
import { backupName } from "./operations-backups.ts";
import { publicAccess, type RdsPermissions, requestTags } from "./permissions.ts";
import type { RdsWorld } from "./rds-world.ts";
import { restoreFromSnapshot, restoreToPointInTime } from "./restore-instance.ts";
import { RESTORE_MEMBERS, type RestoreRequest } from "./restored-settings.ts";

/** The two ways to a new instance with old data. */
export function restoreOperations(model: ServiceModel, world: RdsWorld, permissions: RdsPermissions): void {
  model
    .on(sdk.RestoreDBInstanceToPointInTimeCommand, {
      accepts: [
        "SourceDBInstanceIdentifier",
        "SourceDbiResourceId",
        "TargetDBInstanceIdentifier",
        "RestoreTime",
        "UseLatestRestorableTime",
        ...RESTORE_MEMBERS,
      ],
      authorize: (input) => pointInTimePermissions(world, permissions, input),
      handle: (input) => ({ DBInstance: describeInstance(world, restoreToPointInTime(world, input)) }),
    })
    .on(sdk.RestoreDBInstanceFromDBSnapshotCommand, {
      accepts: [
        "DBInstanceIdentifier",
        "DBSnapshotIdentifier",
        // Autoscaling is not available in a restore from a snapshot (docs/facts/database.md §2).
        ...RESTORE_MEMBERS.filter((member) => member !== "MaxAllocatedStorage"),
      ],
      authorize: (input) => {
        const action = "RestoreDBInstanceFromDBSnapshot";
        const name = input.DBSnapshotIdentifier;
        const snapshot = findSnapshot(world, name);
        const target = world.arn("db", input.DBInstanceIdentifier?.toLowerCase() ?? "*");
        return [
          permissions.on(action, "snapshot", name, requestKeys(input)),
          ...targetPermissions(permissions, action, target, input, snapshot?.settings),
          ...permissions.tagsOfNew(target, input.Tags, snapshot?.sourceTags ?? []),
        ];
      },
      handle: (input) => ({ DBInstance: describeInstance(world, restoreFromSnapshot(world, input)) }),
    });
}

/** "db" means the source and the target; a deleted source is there as its automated backup (docs/facts/database.md §10). */
function pointInTimePermissions(
  world: RdsWorld,
  permissions: RdsPermissions,
  input: sdk.RestoreDBInstanceToPointInTimeMessage,
): Permission[] {
  const action = "RestoreDBInstanceToPointInTime";
  const { SourceDbiResourceId: resourceId } = input;
  const live = world.instances.find((one) => one.resourceId === resourceId);
  const retained = world.retainedInstances.find((one) => one.resourceId === resourceId);
  const source = live ?? retained ?? world.findInstance(input.SourceDBInstanceIdentifier);
  const name = source?.id ?? input.SourceDBInstanceIdentifier ?? resourceId;
  const target = world.arn("db", input.TargetDBInstanceIdentifier?.toLowerCase() ?? "*");
  const keys = requestKeys(input);
  return [
    permissions.on(action, "db", name, keys),
    ...(retained && !live
      ? [permissions.on(action, "auto-backup", backupName(retained.resourceId), keys)]
      : []),
    ...targetPermissions(permissions, action, target, input, source?.settings),
    ...permissions.tagsOfNew(target, input.Tags, inheritedTags(source?.tags ?? [])),
  ];
}

function targetPermissions(
  permissions: RdsPermissions,
  action: string,
  target: string,
  input: RestoreRequest,
  source: InstanceSettings | undefined,
): Permission[] {
  const traits = source && engineTraits(source.Engine, source.EngineVersion);
  const groups = {
    pg: input.DBParameterGroupName ?? (traits && `default.${traits.parameterFamily}`),
    og: input.OptionGroupName ?? traits?.defaultOptionGroup,
    subgrp: input.DBSubnetGroupName ?? "default",
  };
  const keys = requestKeys(input);
  return [
    permissions.onArn(action, target, keys),
    ...permissions.groups(action, groups, keys),
    ...permissions.useKey(source?.KmsKeyId),
  ];
}

function requestKeys(input: RestoreRequest) {
  return { ...requestTags(input.Tags), ...publicAccess(input.PubliclyAccessible) };
}
