import type * as rds from "@aws-sdk/client-rds";
import { AwsError } from "../../service-model.ts";
import { findSnapshot } from "./automated-snapshots.ts";
import { bringUp } from "./bring-up.ts";
import { Content } from "./content.ts";
import { engineTraits } from "./engine.ts";
import { checkTags, databaseIdentifier, inheritedTags } from "./identifier.ts";
import type { InstanceRecord } from "./instance-record.ts";
import type { InstanceSettings } from "./instance-settings.ts";
import { newInstance } from "./new-instance.ts";
import { badCombination, badValue, notModelled } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";
import { restoreMoment } from "./restore-moment.ts";
import { type RestoreRequest, restoredSettings } from "./restored-settings.ts";
import { checkStorage } from "./storage-rules.ts";

type PointInTime = rds.RestoreDBInstanceToPointInTimeMessage;
type FromSnapshot = rds.RestoreDBInstanceFromDBSnapshotMessage;

/** RestoreDBInstanceToPointInTime: a new instance with the source's data as of a moment. */
export function restoreToPointInTime(world: RdsWorld, input: PointInTime): InstanceRecord {
  const source = pointInTimeSource(world, input);
  if (source.cluster) throw badCombination("A member of a DB cluster is restored with its cluster.");
  if (source.settings.BackupRetentionPeriod === 0) {
    const message = `Point in time restore is not enabled for the instance ${source.id}.`;
    throw new AwsError("PointInTimeRestoreNotEnabledFault", message);
  }
  const { RestoreTime: time, UseLatestRestorableTime: latest } = input;
  const moment = restoreMoment(world, source, { time, latest, member: "RestoreTime" });
  const id = freeIdentifier(world, input.TargetDBInstanceIdentifier, "TargetDBInstanceIdentifier");
  const event = { category: "restoration", id: "RDS-EVENT-0019" };
  return restore(world, input, {
    id,
    settings: source.settings,
    content: new Content(source.content.asOf(moment)),
    // Tags given replace the source's latest ones (docs/facts/database.md §2).
    tags: input.Tags ?? inheritedTags(source.tags),
    event: { ...event, message: `Restored from DB instance ${source.id} to ${id}` },
  });
}

/** RestoreDBInstanceFromDBSnapshot: a new instance with the data of a snapshot. */
export function restoreFromSnapshot(world: RdsWorld, input: FromSnapshot): InstanceRecord {
  const snapshot = findSnapshot(world, input.DBSnapshotIdentifier);
  if (!snapshot) {
    throw new AwsError("DBSnapshotNotFoundFault", `DBSnapshot not found: ${input.DBSnapshotIdentifier}`);
  }
  if (snapshot.status !== "available") {
    throw new AwsError("InvalidDBSnapshotStateFault", `The snapshot ${snapshot.id} is not available.`);
  }
  const id = freeIdentifier(world, input.DBInstanceIdentifier, "DBInstanceIdentifier");
  const { settings, content } = snapshot;
  return restore(world, input, {
    id,
    settings,
    content: new Content(content.asOf(snapshot.databaseTime)),
    // "From the source at snapshot time if omitted" (docs/facts/database.md §4).
    tags: input.Tags ?? snapshot.sourceTags,
    event: { message: "Restored from snapshot", category: "restoration", id: "RDS-EVENT-0043" },
  });
}

interface Restoration {
  readonly id: string;
  readonly settings: InstanceSettings;
  readonly content: Content;
  readonly tags: readonly rds.Tag[];
  readonly event: { readonly message: string; readonly category: string; readonly id: string };
}

function restore(
  world: RdsWorld,
  input: RestoreRequest,
  { id, settings: source, content, tags, event }: Restoration,
): InstanceRecord {
  checkRequest(world, source, input);
  checkTags(input.Tags ?? []);
  const settings = restoredSettings(world, source, input);
  checkGroups(world, settings);
  world.claim("DBInstances", 1);
  world.claim("AllocatedStorage", settings.AllocatedStorage);
  if (!world.canUse(settings.KmsKeyId)) {
    const message = `The specified KMS key [${settings.KmsKeyId}] is not enabled or cannot be accessed.`;
    throw new AwsError("KMSKeyNotAccessibleFault", message);
  }
  const record = newInstance(world, { id, settings, content, tags });
  bringUp(world, record, { rows: content.rowsAt(world.now), event });
  return record;
}

function checkRequest(world: RdsWorld, source: InstanceSettings, input: RestoreRequest): void {
  const { restoresWithStorage } = engineTraits(source.Engine, source.EngineVersion);
  const { AllocatedStorage, StorageType } = input;
  if (!restoresWithStorage && (AllocatedStorage !== undefined || StorageType !== undefined)) {
    throw badCombination(`AllocatedStorage and StorageType cannot be specified for engine ${source.Engine}.`);
  }
  const gp3 = restoresWithStorage && input.Iops === undefined;
  checkStorage(source, { ...input, StorageType: StorageType ?? (gp3 ? "gp3" : "io1") }, gp3);
  if (input.MultiAZ && input.AvailabilityZone !== undefined) {
    throw badCombination("Requesting a specific availability zone is not valid for Multi-AZ instances.");
  }
  if (input.DBName !== undefined && /^(mysql|mariadb|db2)/.test(source.Engine)) {
    throw badValue(`DBName is not valid when restoring the engine ${source.Engine}.`);
  }
  if (input.Engine !== undefined && input.Engine !== source.Engine) {
    throw notModelled(`a restore to another engine than the source's (${input.Engine})`);
  }
  world.groups.subnetGroup(input.DBSubnetGroupName ?? "default");
}

function checkGroups({ groups }: RdsWorld, settings: InstanceSettings): void {
  const { parameterFamily } = engineTraits(settings.Engine, settings.EngineVersion);
  groups.checkParameterGroup(settings.DBParameterGroupName, parameterFamily);
  groups.checkOptionGroup(settings.OptionGroupName);
  groups.checkSecurityGroups(settings.VpcSecurityGroupIds);
}

function pointInTimeSource(world: RdsWorld, input: PointInTime): InstanceRecord {
  const { SourceDBInstanceIdentifier: name, SourceDbiResourceId: resourceId } = input;
  if ((name === undefined) === (resourceId === undefined)) {
    throw badCombination(
      "Exactly one of SourceDBInstanceIdentifier and SourceDbiResourceId must be specified.",
    );
  }
  if (name !== undefined) return world.instance(name);
  const found = [...world.instances, ...world.retainedInstances].find((one) => one.resourceId === resourceId);
  if (found) return found;
  const message = `No automated backup of the DB instance ${resourceId} was found.`;
  throw new AwsError("DBInstanceAutomatedBackupNotFoundFault", message);
}

export function freeIdentifier(world: RdsWorld, text: string | undefined, member: string): string {
  const id = databaseIdentifier(text, member);
  if (world.findInstance(id)) {
    throw new AwsError("DBInstanceAlreadyExistsFault", `DB instance already exists: ${id}`);
  }
  return id;
}
