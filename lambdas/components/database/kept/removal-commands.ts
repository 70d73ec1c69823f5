import type { DBInstance } from "@aws-sdk/client-rds";
import type { ClusterSight, InstanceSight, Sight } from "../sight.ts";
import { isTerminal } from "../states.ts";

/**
 * What a person types to remove an old database for good, in order: look who is connected, take the protection away,
 * delete with a final snapshot. Automated backups are kept by name, because RDS deletes them with their database unless it
 * is told not to (docs/facts/database.md §0.10).
 */
export function removalCommands(kept: Sight, at: Date): readonly string[] {
  const commands = kept.shape === "cluster" ? ofCluster(kept) : ofInstance(kept);
  return [...instancesOf(kept).map((name) => connectionsCommand(name, at)), ...commands];
}

/** The most connections in each hour of the last day. */
export function connectionsCommand(instance: string, at: Date): string {
  const from = new Date(at.getTime() - 86_400_000);
  return [
    "aws cloudwatch get-metric-statistics --namespace AWS/RDS --metric-name DatabaseConnections",
    `--dimensions Name=DBInstanceIdentifier,Value=${instance} --statistics Maximum --period 3600`,
    `--start-time ${secondsOf(from)} --end-time ${secondsOf(at)}`,
  ].join(" ");
}

/** The instances that people connect to, and that metrics are kept of. */
export function instancesOf(database: Sight): readonly string[] {
  const instances: readonly DBInstance[] =
    database.shape === "cluster" ? database.members : [database.instance];
  return instances.flatMap(({ DBInstanceIdentifier: identifier }) => identifier ?? []);
}

function ofInstance({ identifier, status, instance }: InstanceSight): string[] {
  const name = `--db-instance-identifier ${identifier}`;
  const unprotect = [
    `aws rds modify-db-instance ${name} --no-deletion-protection --apply-immediately`,
    // It is refused in a status that is on its way somewhere.
    `aws rds wait db-instance-available ${name}`,
  ];
  return [
    ...(instance.DeletionProtection ? unprotect : []),
    `aws rds delete-db-instance ${name} ${finalSnapshot(identifier, status)} --no-delete-automated-backups`,
  ];
}

/** Readers before the writer, members before their cluster; only the cluster leaves a snapshot. */
function ofCluster(kept: ClusterSight): string[] {
  const { identifier, status, cluster } = kept;
  const name = `--db-cluster-identifier ${identifier}`;
  const unprotect = [
    `aws rds modify-db-cluster ${name} --no-deletion-protection --apply-immediately`,
    `aws rds wait db-cluster-available ${name}`,
  ];
  return [
    ...(cluster.DeletionProtection ? unprotect : []),
    ...instancesOf(kept)
      .toReversed()
      .map((member) => `aws rds delete-db-instance --db-instance-identifier ${member} --skip-final-snapshot`),
    `aws rds delete-db-cluster ${name} ${finalSnapshot(identifier, status)} --no-delete-automated-backups`,
  ];
}

/** What is broken for good can only go without one (docs/facts/database.md §5). A cluster's has at most 63 characters (§4). */
function finalSnapshot(identifier: string, status: string): string {
  if (isTerminal(status)) return "--skip-final-snapshot";
  return `--final-db-snapshot-identifier ${identifier.slice(0, 57).replace(/-+$/, "")}-final`;
}

const secondsOf = (moment: Date) => `${moment.toISOString().slice(0, 19)}Z`;
