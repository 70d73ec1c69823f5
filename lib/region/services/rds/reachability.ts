import type { ClusterRecord } from "./cluster-record.ts";
import type { InstanceRecord } from "./instance-record.ts";
import type { Range } from "./pace.ts";
import type { RdsWorld } from "./rds-world.ts";

/** Statuses in which a database answers; in every other it does not, whatever else is true. */
const ANSWERING = new Set([
  "available",
  "backing-up",
  "configuring-enhanced-monitoring",
  "configuring-iam-database-auth",
  "configuring-log-exports",
  "modifying",
  "resetting-master-credentials",
  "storage-optimization",
]);

/** Whether the database itself takes connections; the network is another question. */
export function answers(record: InstanceRecord): boolean {
  const { cluster, status, down } = record;
  if (down || !record.hasEndpoint || !ANSWERING.has(status)) return false;
  if (cluster && (cluster.down || !ANSWERING.has(cluster.status))) return false;
  return true;
}

/** Whether its security groups let somebody in: the proxy with these groups, or the application. */
export function admits(world: RdsWorld, record: InstanceRecord, proxyGroups?: readonly string[]): boolean {
  const { VpcSecurityGroupIds, Port } = (record.cluster ?? record).settings;
  return world.groups.admits(VpcSecurityGroupIds, Port, proxyGroups);
}

/** Cuts everybody off. */
export function closeNetwork(record: InstanceRecord): void {
  record.down = true;
  record.sessions = 0;
}

/** Lets everybody in again; the host name may take longer to resolve than the instance takes to come back. */
export function openNetwork(world: RdsWorld, record: InstanceRecord | ClusterRecord, hostName: Range): void {
  record.down = false;
  record.resolvesAt = world.now + world.bench.duration(hostName);
}
