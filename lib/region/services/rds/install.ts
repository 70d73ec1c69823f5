import { BLANK_CLUSTER, BLANK_INSTANCE } from "./blank-settings.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import type { ClusterSpec } from "./cluster-settings.ts";
import { type Change, Content } from "./content.ts";
import { memberSettings } from "./create-member.ts";
import { engineTraits } from "./engine.ts";
import type { InstanceRecord } from "./instance-record.ts";
import type { InstanceSettings, InstanceSpec } from "./instance-settings.ts";
import { newCluster } from "./new-cluster.ts";
import { newInstance } from "./new-instance.ts";
import type { ProxyRecord, ProxySpec } from "./proxy-record.ts";
import type { RdsWorld } from "./rds-world.ts";
import { restoredClusterSettings } from "./restored-cluster-settings.ts";
import { restoredSettings } from "./restored-settings.ts";

const DAY = 24 * 3_600_000;

/** An instance that exists since before the story: available, backed up, reachable. Its groups come to exist with it. */
export function installInstance(world: RdsWorld, spec: InstanceSpec): InstanceRecord {
  const { DBInstanceIdentifier, tags = [], facts = {}, since, masterSecretArn, ...rest } = spec;
  const { revision, passwordLabel, rows, ...given } = rest;
  const created = since ?? world.now - 30 * DAY;
  const settings = instanceSettings(world, given);
  declareGroups(world, settings);
  const content = new Content(beginning({ revision, passwordLabel, rows }, created));
  const id = DBInstanceIdentifier;
  const record = newInstance(world, { id, settings, content, tags, facts, createdAt: created });
  record.firstBackupAt = settings.BackupRetentionPeriod > 0 ? created : undefined;
  stand(record, masterSecretArn);
  return record;
}

/** A cluster and its members, likewise. */
export function installCluster(world: RdsWorld, spec: ClusterSpec): ClusterRecord {
  const { DBClusterIdentifier, members, tags = [], facts = {}, since, masterSecretArn, ...rest } = spec;
  const { revision, passwordLabel, rows, ...given } = rest;
  const created = since ?? world.now - 30 * DAY;
  const blank = {
    Engine: spec.Engine,
    EngineVersion: given.EngineVersion ?? "16.4",
    MasterUsername: "app_owner",
  };
  const { port } = engineTraits(spec.Engine, blank.EngineVersion);
  const inherited = { EngineVersion: blank.EngineVersion, Port: port };
  const base = restoredClusterSettings(world, { ...BLANK_CLUSTER, ...blank }, {}, inherited);
  const settings = { ...base, BackupRetentionPeriod: 7, ...given };
  const family = engineTraits(settings.Engine, settings.EngineVersion).parameterFamily;
  world.groups.clusterParameterGroups.set(settings.DBClusterParameterGroup, family);
  world.groups.subnetGroups.set(settings.DBSubnetGroup, { isPublic: settings.DBSubnetGroup === "default" });
  world.groups.addWorking(settings.VpcSecurityGroupIds);
  const content = new Content(beginning({ revision, passwordLabel, rows }, created));
  const cluster = { id: DBClusterIdentifier, settings, content, tags, facts, createdAt: created };
  const record = newCluster(world, cluster);
  record.firstBackupAt = created;
  stand(record, masterSecretArn);
  for (const { DBInstanceIdentifier: id, ...member } of members) {
    const own = { ...memberSettings(world, record, {}), ...member };
    declareGroups(world, own);
    const made = { id, settings: own, content, tags, cluster: record, createdAt: created };
    stand(newInstance(world, made), undefined);
  }
  return record;
}

export function installProxy(world: RdsWorld, spec: ProxySpec): ProxyRecord {
  const { name, target, engineFamily, secretArn, passwordLabel } = spec;
  const [kind, record] =
    "instance" in target
      ? (["instance", world.instance(target.instance)] as const)
      : (["cluster", world.cluster(target.cluster)] as const);
  const proxy: ProxyRecord = {
    name,
    arn: world.arn("db-proxy", world.resourceId("prx")),
    targetGroupArn: world.arn("target-group", world.resourceId("prx-tg")),
    host: world.proxyHost(name),
    engineFamily,
    secretArn,
    passwordLabel,
    createdAt: record.createdAt,
    vpcSecurityGroupIds: spec.vpcSecurityGroupIds ?? [],
    target: {
      kind,
      id: record.id,
      resourceId: record.resourceId,
      registeredAt: record.createdAt,
      readyAt: record.createdAt,
    },
  };
  world.proxies.push(proxy);
  return proxy;
}

/** Up and reachable, as if it had always been. */
function stand(record: InstanceRecord | ClusterRecord, secretArn: string | undefined): void {
  record.status = "available";
  record.down = false;
  if ("hasEndpoint" in record) record.hasEndpoint = true;
  if (secretArn !== undefined) record.masterSecret = { SecretArn: secretArn, SecretStatus: "active" };
}

interface Beginning {
  readonly revision: string | undefined;
  readonly passwordLabel: string | undefined;
  readonly rows: Readonly<Record<string, number>> | undefined;
}

function beginning({ revision, passwordLabel, rows }: Beginning, at: number): readonly Change[] {
  return [
    ...(passwordLabel === undefined ? [] : [{ kind: "password" as const, at, label: passwordLabel }]),
    ...(revision === undefined ? [] : [{ kind: "revision" as const, at, revision }]),
    ...Object.entries(rows ?? {}).map(([table, count]) => ({
      kind: "write" as const,
      at,
      table,
      rows: count,
    })),
  ];
}

function declareGroups(world: RdsWorld, settings: InstanceSettings): void {
  const { parameterFamily } = engineTraits(settings.Engine, settings.EngineVersion);
  world.groups.parameterGroups.set(settings.DBParameterGroupName, parameterFamily);
  world.groups.optionGroups.add(settings.OptionGroupName);
  world.groups.subnetGroups.set(settings.DBSubnetGroupName, {
    isPublic: settings.DBSubnetGroupName === "default",
  });
  world.groups.addWorking(settings.VpcSecurityGroupIds);
}

/** What the spec leaves open is as small as it can be: db.t4g.micro, 20 GiB, one zone, seven days of backups. */
function instanceSettings(
  world: RdsWorld,
  given: Partial<InstanceSettings> & { readonly Engine: string },
): InstanceSettings {
  const EngineVersion = given.EngineVersion ?? (given.Engine.includes("postgres") ? "16.4" : "8.0.39");
  const traits = engineTraits(given.Engine, EngineVersion);
  const blank = { ...BLANK_INSTANCE, Engine: given.Engine, EngineVersion, Port: traits.port };
  const licensed = { ...blank, LicenseModel: traits.licenseModel };
  return { ...restoredSettings(world, licensed, {}), PubliclyAccessible: false, ...given };
}
