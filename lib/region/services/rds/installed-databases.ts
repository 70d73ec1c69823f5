import type { ClusterRecord } from "./cluster-record.ts";
import { installClusterSnapshot } from "./cluster-snapshots.ts";
import type { Change } from "./content.ts";
import { askByDataApi } from "./data-api.ts";
import { databaseDrill } from "./database-drill.ts";
import type { Database, Databases } from "./databases.ts";
import { installCluster, installInstance, installProxy } from "./install.ts";
import type { InstanceRecord } from "./instance-record.ts";
import { isReachable, targetOf, writerOf } from "./proxies.ts";
import type { RdsWorld } from "./rds-world.ts";
import { admits, answers } from "./reachability.ts";

/** The application's side of the databases, over the world that the wire model works on. */
export function installedDatabases(world: RdsWorld): Databases {
  const append = (name: string, change: (at: number) => Change): boolean => {
    const reached = reach(world, name);
    reached?.content.append(change(world.now));
    return reached !== undefined;
  };
  return {
    install: (spec) => view(world, installInstance(world, spec)),
    installCluster: (spec) => view(world, installCluster(world, spec)),
    installClusterSnapshot: (cluster, snapshot) => {
      installClusterSnapshot(world, world.cluster(cluster), snapshot);
    },
    installProxy: (spec) => ({ host: installProxy(world, spec).host }),
    instance: (name) => {
      const record = find(world, name);
      return record && view(world, record);
    },
    connectable: (name) => reach(world, name) !== undefined,
    write: (name, table, rows, note) =>
      append(name, (at) => ({ kind: "write", at, table, rows, ...(note !== undefined && { note }) })),
    migrate: (name, revision) => append(name, (at) => ({ kind: "revision", at, revision })),
    corrupt: (name, table) => append(name, (at) => ({ kind: "corruption", at, table })),
    loadDump: (name, takenAt) => {
      const content = reach(world, name)?.content;
      if (!content) return false;
      const { password: label } = content.view(world.now);
      content.backtrack(world.now, takenAt);
      if (label !== undefined) content.append({ kind: "password", at: world.now, label });
      return true;
    },
    contentAt: (name, at = world.now) => find(world, name)?.content.view(at),
    askByDataApi: (arn) => askByDataApi(world, arn),
    passwordOf: (name, at = world.now) => find(world, name)?.content.view(at).password,
    setPassword: (name, label) => {
      existing(world, name).content.append({ kind: "password", at: world.now, label });
    },
    sessions: (name) => {
      const record = find(world, name);
      return (record && writerOf(world, record)?.sessions) ?? 0;
    },
    setSessions: (name, count) => {
      const instance = reach(world, name);
      if (!instance && count > 0)
        throw new Error(`${name} takes no connections: nobody can have sessions there`);
      const record = instance ?? writerOf(world, existing(world, name));
      if (record) record.sessions = count;
    },
    drill: databaseDrill(world),
  };
}

/** The instance that takes connections to a name now; undefined when nobody gets through. */
function reach(world: RdsWorld, name: string): InstanceRecord | undefined {
  const proxy = world.proxies.find(({ host }) => host === name);
  if (proxy && !isReachable(world, proxy)) return undefined;
  const record = find(world, name);
  const instance = record && writerOf(world, record);
  if (!record || !instance || !answers(instance)) return undefined;
  // Whether the database lets its proxy in is part of the target's health.
  if (!proxy && !admits(world, instance)) return undefined;
  // A fresh host name does not resolve yet; whoever goes by the resource id has the address already.
  const resolves = name === record.resourceId || proxy !== undefined || world.now >= record.resolvesAt;
  return resolves ? instance : undefined;
}

function find(world: RdsWorld, name: string): InstanceRecord | ClusterRecord | undefined {
  const proxy = world.proxies.find(({ host }) => host === name);
  if (proxy) return targetOf(world, proxy);
  return (
    world.instances.find(
      (one) => one.id === name || one.resourceId === name || (one.hasEndpoint && world.hostOf(one) === name),
    ) ??
    world.clusters.find(
      (one) => one.id === name || one.resourceId === name || world.clusterHost(one) === name,
    )
  );
}

function existing(world: RdsWorld, name: string): InstanceRecord | ClusterRecord {
  const record = find(world, name);
  if (!record) throw new Error(`There is no database called ${name}`);
  return record;
}

function view(world: RdsWorld, record: InstanceRecord | ClusterRecord): Database {
  const isCluster = !("hasEndpoint" in record);
  const host = isCluster ? world.clusterHost(record) : record.hasEndpoint ? world.hostOf(record) : undefined;
  return {
    id: record.id,
    resourceId: record.resourceId,
    arn: world.arn(isCluster ? "cluster" : "db", record.id),
    status: record.status,
    host,
    readerHost: isCluster ? world.clusterHost(record, "cluster-ro") : undefined,
    securityGroups: record.settings.VpcSecurityGroupIds,
  };
}
