import type {
  DBInstance,
  DBInstanceRole,
  ModifyDBInstanceMessage,
  RestoreDBInstanceFromDBSnapshotMessage,
  RestoreDBInstanceToPointInTimeMessage,
  Tag,
} from "@aws-sdk/client-rds";
import { INSTANCE_SETTINGS, roleText } from "./instance-table.ts";
import { differencesOf, type Extent, modifyMembers, type Phase, restoreMembers } from "./setting.ts";
import { tagsOfCopy } from "./tags.ts";

export interface CopyOptions {
  /** The copy's identifier. */
  readonly target: string;
  /** Where the copy lives until it is cut over; the source's groups unless told. */
  readonly quarantineSecurityGroup?: string | undefined;
  /** From the restore on it is what it has to be while users are on it: nothing can be changed before they come. */
  readonly servesAtOnce?: boolean;
  /** Stepback's own: whose the copy is. */
  readonly tags: readonly Tag[];
  readonly tagsOfSource: readonly Tag[];
}

/**
 * The restore of a source to a moment, with every setting that a restore can carry. The source goes by its resource id:
 * that survives a rename between the plan and the call.
 *
 * @param options.restoreTo the latest restorable moment unless told
 */
export function restoreInputOf(
  source: DBInstance,
  options: CopyOptions & { readonly restoreTo?: Date | undefined },
): RestoreDBInstanceToPointInTimeMessage {
  const { restoreTo, target } = options;
  return {
    ...settingsOfCopy(source, options),
    SourceDbiResourceId: source.DbiResourceId,
    TargetDBInstanceIdentifier: target,
    ...(restoreTo ? { RestoreTime: restoreTo } : { UseLatestRestorableTime: true }),
  };
}

/** The same from a snapshot, which has no storage autoscaling (docs/facts/database.md §2). */
export function snapshotRestoreInputOf(
  source: DBInstance,
  options: CopyOptions & { readonly snapshot: string },
): RestoreDBInstanceFromDBSnapshotMessage {
  const { MaxAllocatedStorage: _, ...settings } = settingsOfCopy(source, options);
  return { ...settings, DBInstanceIdentifier: options.target, DBSnapshotIdentifier: options.snapshot };
}

/** One call with everything that still differs and can be modified; undefined when there is nothing to do. */
export function modifyAfterRestore(
  source: DBInstance,
  copy: DBInstance,
): ModifyDBInstanceMessage | undefined {
  return modifyOf(source, copy, "prepared");
}

/** What is put on with the cut-over: the production security groups, Multi-AZ, deletion protection. */
export function modifyBeforeCutOver(
  source: DBInstance,
  copy: DBInstance,
): ModifyDBInstanceMessage | undefined {
  return modifyOf(source, copy, "live");
}

/** What the copy has not got, or has otherwise, a sentence each; empty when it is like the source. */
export function settingsDiff(source: DBInstance, copy: DBInstance, extent: Extent): readonly string[] {
  return differencesOf(INSTANCE_SETTINGS, source, copy, extent);
}

/** Roles that AddRoleToDBInstance still has to give to the copy. */
export function missingRoles(source: DBInstance, copy: DBInstance): readonly DBInstanceRole[] {
  const has = new Set((copy.AssociatedRoles ?? []).map(roleText));
  return (source.AssociatedRoles ?? []).filter((role) => !has.has(roleText(role)));
}

function settingsOfCopy(
  source: DBInstance,
  { quarantineSecurityGroup: quarantine, servesAtOnce, ...options }: CopyOptions,
) {
  return {
    ...restoreMembers(INSTANCE_SETTINGS, source),
    ...(servesAtOnce
      ? { DeletionProtection: true, MultiAZ: source.MultiAZ ?? false }
      : quarantine && { VpcSecurityGroupIds: [quarantine] }),
    Tags: tagsOfCopy(options.tagsOfSource, options.tags),
  };
}

function modifyOf(source: DBInstance, copy: DBInstance, phase: Phase): ModifyDBInstanceMessage | undefined {
  const members = modifyMembers(INSTANCE_SETTINGS, source, copy, phase);
  return members && { ...members, DBInstanceIdentifier: copy.DBInstanceIdentifier, ApplyImmediately: true };
}
