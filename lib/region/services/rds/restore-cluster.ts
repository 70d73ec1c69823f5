import type * as rds from "@aws-sdk/client-rds";
import { AwsError } from "../../service-model.ts";
import { BLANK_CLUSTER } from "./blank-settings.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import { Content } from "./content.ts";
import { engineTraits, isAurora } from "./engine.ts";
import { checkTags, databaseIdentifier, inheritedTags } from "./identifier.ts";
import { bringUpCluster, newCluster } from "./new-cluster.ts";
import { badCombination, badValue, notModelled, wrongState } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";
import { restoreMoment } from "./restore-moment.ts";
import { restoreWindow } from "./restore-window.ts";
import {
  type ClusterRestoreRequest,
  type Inherited,
  refuseLimitless,
  restoredClusterSettings,
} from "./restored-cluster-settings.ts";
import type { ClusterSnapshot } from "./snapshot-record.ts";

/** RestoreDBClusterToPointInTime: a new cluster, without instances, with the source's data as of a moment. */
export function restoreClusterToPointInTime(
  world: RdsWorld,
  input: rds.RestoreDBClusterToPointInTimeMessage,
): ClusterRecord {
  refuseLimitless(input);
  const source = clusterSource(world, input);
  const moment = clusterMoment(world, source, input);
  const { Engine, EngineVersion } = source.settings;
  return restoreCluster(world, input, {
    name: input.DBClusterIdentifier,
    settings: source.settings,
    // The port is the engine's, not the source's (docs/facts/database.md §3).
    inherited: { EngineVersion, Port: engineTraits(Engine, EngineVersion).port },
    isClone: input.RestoreType === "copy-on-write",
    content: new Content(source.content.asOf(moment)),
    tags: input.Tags ?? inheritedTags(source.tags),
    message: `Restored from DB cluster ${source.id}`,
  });
}

/** RestoreDBClusterFromSnapshot. */
export function restoreClusterFromSnapshot(
  world: RdsWorld,
  input: rds.RestoreDBClusterFromSnapshotMessage,
): ClusterRecord {
  refuseLimitless(input);
  const snapshot = world.clusterSnapshots.find(({ id }) => id === input.SnapshotIdentifier?.toLowerCase());
  if (!snapshot) {
    const message = `DB cluster snapshot not found: ${input.SnapshotIdentifier}`;
    throw new AwsError("DBClusterSnapshotNotFoundFault", message);
  }
  if (snapshot.status !== "available") {
    throw new AwsError("InvalidDBClusterSnapshotStateFault", `The snapshot ${snapshot.id} is not available.`);
  }
  if (input.Engine !== snapshot.settings.Engine) {
    throw notModelled(`a restore to another engine than the snapshot's (${input.Engine})`);
  }
  return restoreCluster(world, input, {
    name: input.DBClusterIdentifier,
    settings: snapshot.settings,
    inherited: { EngineVersion: versionOf(world, snapshot, input), Port: snapshot.settings.Port },
    content: new Content(snapshot.content.asOf(snapshot.databaseTime)),
    tags: input.Tags ?? snapshot.sourceTags,
    message: `Restored from snapshot ${snapshot.id}`,
  });
}

/**
 * "If you don't specify an engine version, the default version for the database engine in the Region is used", not the
 * snapshot's (SDK: RestoreDBClusterFromSnapshotMessage.EngineVersion); which one that is changes with time. The refusal is
 * AWS's own text (github.com/aws-samples/redcap-on-aws/issues/99).
 */
function versionOf(
  world: RdsWorld,
  { settings }: ClusterSnapshot,
  { EngineVersion = world.defaultEngineVersions[settings.Engine] }: rds.RestoreDBClusterFromSnapshotMessage,
): string {
  if (EngineVersion === undefined) throw notModelled(`the default version of ${settings.Engine}`);
  if (EngineVersion.localeCompare(settings.EngineVersion, "en", { numeric: true }) >= 0) return EngineVersion;
  throw badCombination(
    `The engine version you requested for your restored DB cluster (${EngineVersion}) is earlier than the engine version ` +
      `of the DB cluster snapshot (${settings.EngineVersion}).`,
  );
}

/** CreateDBCluster, for setup: an empty Aurora cluster. */
export function createCluster(
  world: RdsWorld,
  input: rds.CreateDBClusterMessage,
  label: string,
): ClusterRecord {
  const { Engine = "", EngineVersion, MasterUsername } = input;
  if (!isAurora(Engine)) throw notModelled(`clusters of the engine ${Engine}`);
  if (EngineVersion === undefined || MasterUsername === undefined) {
    throw notModelled("CreateDBCluster without EngineVersion and MasterUsername");
  }
  const base = { ...input, BackupRetentionPeriod: input.BackupRetentionPeriod ?? 1 };
  const { Tags = [] } = input;
  const content = new Content([{ kind: "password", at: world.now, label }]);
  const source = { Engine, EngineVersion, MasterUsername, DatabaseName: input.DatabaseName };
  const settings = { ...BLANK_CLUSTER, ...source };
  const { port } = engineTraits(Engine, EngineVersion);
  return restoreCluster(world, base, {
    name: input.DBClusterIdentifier,
    settings,
    inherited: { EngineVersion, Port: port },
    content,
    tags: Tags,
    message: "DB cluster created",
  });
}

interface ClusterRestoration {
  readonly name: string | undefined;
  readonly settings: ClusterSettings;
  readonly inherited: Inherited;
  readonly content: Content;
  readonly tags: readonly rds.Tag[];
  readonly message: string;
  readonly isClone?: boolean;
}

function restoreCluster(
  world: RdsWorld,
  input: ClusterRestoreRequest,
  { name, settings: source, inherited, content, tags, message, isClone = false }: ClusterRestoration,
): ClusterRecord {
  checkTags(input.Tags ?? []);
  const id = freeClusterIdentifier(world, name, "DBClusterIdentifier");
  const settings = restoredClusterSettings(world, source, input, inherited);
  const { parameterFamily } = engineTraits(settings.Engine, settings.EngineVersion);
  world.groups.checkClusterParameterGroup(settings.DBClusterParameterGroup, parameterFamily);
  world.groups.subnetGroup(settings.DBSubnetGroup);
  world.groups.checkSecurityGroups(settings.VpcSecurityGroupIds);
  checkBacktrackWindow(settings);
  world.claim("DBClusters", 1);
  if (!world.canUse(settings.KmsKeyId)) {
    throw new AwsError(
      "KMSKeyNotAccessibleFault",
      `The specified KMS key [${settings.KmsKeyId}] is not enabled.`,
    );
  }
  const record = newCluster(world, { id, settings, content, tags });
  bringUpCluster(world, record, { message, isClone });
  return record;
}

/** Backtracking is Aurora MySQL's, and reaches back 72 hours at most (docs/facts/database.md §3). */
export function checkBacktrackWindow({ Engine, BacktrackWindow }: ClusterSettings): void {
  if (BacktrackWindow === 0) return;
  if (Engine !== "aurora-mysql") throw badCombination(`Backtrack is not supported for the engine ${Engine}.`);
  if (BacktrackWindow > 72 * 3600) throw badValue("BacktrackWindow must be at most 259200 seconds.");
}

export function freeClusterIdentifier(world: RdsWorld, text: string | undefined, member: string): string {
  const id = databaseIdentifier(text, member);
  if (!world.findCluster(id)) return id;
  throw new AwsError("DBClusterAlreadyExistsFault", `DB Cluster already exists: ${id}`);
}

/** A clone is "now" only, and its source needs an instance (docs/facts/database.md §3). */
function clusterMoment(
  world: RdsWorld,
  source: ClusterRecord,
  {
    RestoreType = "full-copy",
    RestoreToTime: time,
    UseLatestRestorableTime: latest,
  }: rds.RestoreDBClusterToPointInTimeMessage,
): number {
  if (RestoreType === "full-copy")
    return restoreMoment(world, source, { time, latest, member: "RestoreToTime" });
  if (RestoreType !== "copy-on-write") throw badValue(`Invalid RestoreType: ${RestoreType}`);
  if (time) throw badCombination("RestoreToTime cannot be specified with the restore type copy-on-write.");
  if (world.membersOf(source).length === 0) {
    throw wrongState("cluster", `The DB cluster ${source.id} has no instance: it cannot be cloned.`);
  }
  if (!restoreWindow(world, source)) throw badValue(`The DB cluster ${source.id} cannot be restored yet.`);
  return world.now;
}

function clusterSource(
  world: RdsWorld,
  {
    SourceDBClusterIdentifier: name,
    SourceDbClusterResourceId: resourceId,
  }: rds.RestoreDBClusterToPointInTimeMessage,
): ClusterRecord {
  if ((name === undefined) === (resourceId === undefined)) {
    throw badCombination(
      "Exactly one of SourceDBClusterIdentifier and SourceDbClusterResourceId must be specified.",
    );
  }
  if (name !== undefined) return world.cluster(name);
  const found = [...world.clusters, ...world.retainedClusters].find((one) => one.resourceId === resourceId);
  if (found) return found;
  const message = `No automated backup of the DB cluster ${resourceId} was found.`;
  throw new AwsError("DBClusterAutomatedBackupNotFoundFault", message);
}
