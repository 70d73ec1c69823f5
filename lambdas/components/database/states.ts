import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";

/**
 * Whether an instance has come to rest under the name that it should have: the predicate of AWS's own CloudFormation
 * handlers and the name in its endpoint. It must hold in several looks one after the other: `available` flashes before a
 * change becomes visible (docs/facts/database.md §0.3, §6).
 *
 * @param statuses what counts as rest; a copy may take hours to leave `backing-up`, and serves meanwhile
 */
export function isSettled(
  instance: DBInstance,
  expectedIdentifier: string,
  statuses: readonly string[] = ["available"],
): boolean {
  return (
    statuses.includes(instance.DBInstanceStatus ?? "") &&
    instance.DBInstanceIdentifier === expectedIdentifier &&
    (instance.Endpoint?.Address ?? "").startsWith(`${expectedIdentifier}.`) &&
    pendingOf(instance).length === 0 &&
    every(instance.DBParameterGroups, ({ ParameterApplyStatus: status }) => status !== "applying") &&
    every(instance.OptionGroupMemberships, ({ Status }) => Status === "in-sync") &&
    every(instance.VpcSecurityGroups, ({ Status }) => Status === "active") &&
    every(instance.DomainMemberships, ({ Status = "" }) => JOINED.has(Status)) &&
    (instance.MasterUserSecret?.SecretStatus ?? "active") === "active"
  );
}

/** The same for a cluster; its members are instances of their own. */
export function isClusterSettled(
  cluster: DBCluster,
  expectedIdentifier: string,
  statuses: readonly string[] = ["available"],
): boolean {
  return (
    statuses.includes(cluster.Status ?? "") &&
    cluster.DBClusterIdentifier === expectedIdentifier &&
    (cluster.Endpoint ?? "").startsWith(`${expectedIdentifier}.`) &&
    pendingOf(cluster).length === 0 &&
    every(cluster.VpcSecurityGroups, ({ Status }) => Status === "active") &&
    every(cluster.DomainMemberships, ({ Status = "" }) => JOINED.has(Status)) &&
    (cluster.MasterUserSecret?.SecretStatus ?? "active") === "active"
  );
}

/**
 * Statuses that an instance or a cluster does not leave by itself: those of the CloudFormation handlers, and
 * `restore-error`, `insufficient-capacity`, `incompatible-option-group` (docs/facts/database.md §6); the last three are
 * the cluster's own (§3).
 */
const TERMINAL_STATUSES: ReadonlySet<string> = new Set([
  "failed",
  "inaccessible-encryption-credentials",
  "inaccessible-encryption-credentials-recoverable",
  "incompatible-create",
  "incompatible-credentials",
  "incompatible-network",
  "incompatible-option-group",
  "incompatible-parameters",
  "incompatible-restore",
  "insufficient-capacity",
  "modify-failed",
  "restore-error",
  "upgrade-failed",
  "cloning-failed",
  "migration-failed",
  "restore-failed",
]);

export function isTerminal(status: string | undefined): boolean {
  return TERMINAL_STATUSES.has(status ?? "");
}

/** Statuses in which a database serves sessions and can be snapshotted (docs/facts/database.md §1, §4). */
export const CHANGEABLE_STATUSES: readonly string[] = ["available", "storage-optimization"];

/** Those, and the first backup of a copy, during which it serves too (docs/facts/performance-reliability.md A1). */
export const SERVING_STATUSES: readonly string[] = [...CHANGEABLE_STATUSES, "backing-up"];

/**
 * Statuses in which RDS is at work on something that it ends by itself, and after which the database is there as before
 * (docs/facts/database.md §6).
 */
const PASSING_STATUSES: ReadonlySet<string> = new Set(["modifying", "renaming", "rebooting"]);

/** Whether it will rest without anybody's doing: `configuring-` of monitoring, logs and the like passes too. */
export function comesToRest(status: string): boolean {
  return PASSING_STATUSES.has(status) || status.startsWith("configuring-");
}

/**
 * Whether RDS is at something that it ends by itself, and that its sessions need not notice: it is the same database before,
 * meanwhile and afterwards, and takes no snapshot before the end (docs/facts/database.md §4, §6).
 */
export function isWorkedOn(status: string): boolean {
  return status === "backing-up" || status === "modifying" || status.startsWith("configuring-");
}

/** The names of what waits to be changed; RDS answers `{}` when nothing does (docs/facts/database.md §1). */
export function pendingOf({ PendingModifiedValues: pending }: DBInstance | DBCluster): string[] {
  return Object.entries(pending ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
}

const JOINED: ReadonlySet<string> = new Set(["joined", "kerberos-enabled"]);

function every<T>(items: readonly T[] | undefined, holds: (item: T) => boolean): boolean {
  return (items ?? []).every(holds);
}
