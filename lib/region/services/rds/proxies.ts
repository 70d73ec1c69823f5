import type { DBProxyTarget, TargetHealth } from "@aws-sdk/client-rds";
import { AwsError } from "../../service-model.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import type { InstanceRecord } from "./instance-record.ts";
import type { ProxyRecord, ProxyTarget } from "./proxy-record.ts";
import { badValue, wrongState } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";
import { admits, answers } from "./reachability.ts";

const REGISTERABLE = new Set(["available", "modifying", "backing-up"]);

/** RegisterDBProxyTargets: one target a proxy, and not before the database can take connections (§5 d). */
export function register(
  world: RdsWorld,
  proxy: ProxyRecord,
  kind: ProxyTarget["kind"],
  name: string,
): ProxyTarget {
  const record = kind === "instance" ? world.instance(name) : world.cluster(name);
  if (proxy.target) {
    const message = `The proxy ${proxy.name} already has the target ${proxy.target.id}.`;
    throw new AwsError("DBProxyTargetAlreadyRegisteredFault", message);
  }
  if (!REGISTERABLE.has(record.status)) {
    const state = record.status.toUpperCase().replaceAll("-", "_");
    const what = kind === "instance" ? "DB Instance" : "DB Cluster";
    throw wrongState(
      kind,
      `${what} ${record.id} is in an unsupported state - ${state}, needs to be in [AVAILABLE, MODIFYING, BACKING_UP]`,
    );
  }
  const registeredAt = world.now + world.bench.duration(world.pace.proxyRegistering);
  proxy.target = {
    kind,
    id: record.id,
    resourceId: record.resourceId,
    registeredAt,
    readyAt: registeredAt + world.bench.duration(world.pace.proxyCapacity),
  };
  return proxy.target;
}

/** DeregisterDBProxyTargets. */
export function deregister(proxy: ProxyRecord, kind: ProxyTarget["kind"], name: string): void {
  if (proxy.target?.kind !== kind || proxy.target.id !== name.toLowerCase()) {
    const message = `The proxy ${proxy.name} has no target ${name}.`;
    throw new AwsError("DBProxyTargetNotFoundFault", message);
  }
  proxy.target = undefined;
}

/**
 * The database behind a proxy. Whether a proxy follows a renamed target is unverified (docs/facts/database.md §5); this
 * one loses it: neither the name's new holder nor the resource under its new name is reached until it is registered.
 */
export function targetOf(
  world: RdsWorld,
  { target }: ProxyRecord,
): InstanceRecord | ClusterRecord | undefined {
  if (!target) return undefined;
  const record = target.kind === "instance" ? world.findInstance(target.id) : world.findCluster(target.id);
  return record?.resourceId === target.resourceId ? record : undefined;
}

/** The instance that takes a target's connections: itself, or the cluster's writer. */
export function writerOf(
  world: RdsWorld,
  record: InstanceRecord | ClusterRecord,
): InstanceRecord | undefined {
  return "cluster" in record ? record : world.membersOf(record)[0];
}

/**
 * What DescribeDBProxyTargets and RegisterDBProxyTargets show of a target: an instance as itself; a cluster as itself,
 * without health, and as every one of its members (Aurora User Guide, "Modifying an RDS Proxy").
 */
export function describeTargets(world: RdsWorld, proxy: ProxyRecord, target: ProxyTarget): DBProxyTarget[] {
  const record = targetOf(world, proxy);
  if (target.kind === "instance") return [describeInstance(world, proxy, { id: target.id, target, record })];
  const cluster = { Type: "TRACKED_CLUSTER" as const, RdsResourceId: target.id, Port: record?.settings.Port };
  // The guide's examples do not name the cluster with its members, the command line reference's do.
  const tracked = world.proxyMembersNameTheirCluster ? { TrackedClusterId: target.id } : {};
  const members = record && !("cluster" in record) ? world.membersOf(record) : [];
  return [
    cluster,
    ...members.map((member) => ({
      ...describeInstance(world, proxy, { id: member.id, target, record: member }),
      ...tracked,
    })),
  ];
}

function describeInstance(
  world: RdsWorld,
  proxy: ProxyRecord,
  { id, target, record }: Pick<ProxyTarget, "id"> & Behind,
): DBProxyTarget {
  const instance = record && writerOf(world, record);
  const health = healthOf(world, proxy, { target, record });
  const isReader = instance?.cluster && world.membersOf(instance.cluster)[0] !== instance;
  return {
    Type: "RDS_INSTANCE",
    RdsResourceId: id,
    Endpoint: instance && world.hostOf(instance),
    Port: record?.settings.Port,
    Role: health.Reason === "UNREACHABLE" ? "UNKNOWN" : isReader ? "READ_ONLY" : "READ_WRITE",
    TargetHealth: health,
  };
}

interface Behind {
  readonly target: ProxyTarget;
  /** The instance, or the cluster for its writer; undefined when it is gone or has another name now. */
  readonly record: InstanceRecord | ClusterRecord | undefined;
}

/** Whether connections through a proxy reach its target, that of a cluster by its writer. */
export function isReachable(world: RdsWorld, proxy: ProxyRecord): boolean {
  const { target } = proxy;
  if (!target) return false;
  return healthOf(world, proxy, { target, record: targetOf(world, proxy) }).State === "AVAILABLE";
}

/** REGISTERING → UNAVAILABLE → AVAILABLE, or the reason why it stays UNAVAILABLE (§5 d). */
function healthOf(world: RdsWorld, proxy: ProxyRecord, { target, record }: Behind): TargetHealth {
  if (world.now < target.registeredAt) return { State: "REGISTERING" };
  if (world.now < target.readyAt) {
    return {
      State: "UNAVAILABLE",
      Reason: "PENDING_PROXY_CAPACITY",
      Description: "DBProxy Target is waiting for proxy to scale to desired capacity",
    };
  }
  const instance = record && writerOf(world, record);
  if (!record || !instance || !admits(world, instance, proxy.vpcSecurityGroupIds)) {
    return unavailable("UNREACHABLE", "DBProxy Target unavailable due to an internal or network error");
  }
  if (!answers(instance)) {
    return unavailable("CONNECTION_FAILED", "DBProxy Target is not accepting connections");
  }
  if (record.content.view(world.now).password !== proxy.passwordLabel()) {
    return unavailable("AUTH_FAILURE", "Proxy does not have valid credentials for the target database");
  }
  return { State: "AVAILABLE" };
}

function unavailable(
  Reason: "AUTH_FAILURE" | "CONNECTION_FAILED" | "UNREACHABLE",
  Description: string,
): TargetHealth {
  return { State: "UNAVAILABLE", Reason, Description };
}

/** Exactly one name, of either kind, out of a request. */
export function namedTarget(input: {
  readonly DBInstanceIdentifiers?: readonly string[] | undefined;
  readonly DBClusterIdentifiers?: readonly string[] | undefined;
}): { readonly kind: ProxyTarget["kind"]; readonly name: string } {
  const [instances, clusters] = [input.DBInstanceIdentifiers ?? [], input.DBClusterIdentifiers ?? []];
  const [name] = [...instances, ...clusters];
  if (name === undefined || instances.length + clusters.length > 1) {
    throw badValue("Exactly one DB instance or DB cluster must be specified.");
  }
  return { kind: instances.length === 1 ? "instance" : "cluster", name };
}
