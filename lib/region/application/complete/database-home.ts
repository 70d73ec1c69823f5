import type { RegionContext } from "../../region-context.ts";
import type { Database } from "../../services/rds/databases.ts";
import type { InstanceSpec } from "../../services/rds/instance-settings.ts";
import { BOARDROOM } from "../boardroom-names.ts";
import { COMPLETE, GROUPS, REVISIONS } from "../complete-names.ts";
import type { CompleteOptions, DatabaseEngine } from "../complete-options.ts";
import type { Surroundings } from "./surroundings.ts";

const DAY = 86_400_000;

/** Where the application finds its database: asked by tasks at their start, and by whoever wants to know what is live. */
export interface DatabaseHome {
  readonly port: number;
  /** Undefined when the parameter or the secret cannot be read. */
  host(): string | undefined;
  /** The proxy hides what is behind it; connections to a database itself keep the address that they have. */
  readonly isProxied: boolean;
}

/** What the installation of the database needs that was made before it. */
export interface DatabaseNeeds {
  readonly passwordSecretArn: string;
  readonly passwordLabel: string;
  readonly keyArn: string;
}

/** The database, the proxy before it, and the parameter and the secret with its host name, all from before the story. */
export function installDatabase(
  context: RegionContext,
  region: Surroundings,
  { engine = "postgres", cutOver = "endpoint-parameter", rows = ROWS }: CompleteOptions,
  needs: DatabaseNeeds,
): DatabaseHome {
  const { rds, secrets, ssm } = region;
  const database = isCluster(engine)
    ? installCluster(context, region, engine, { needs, rows })
    : rds.databases.install(instanceSpec(context, needs, rows));
  const proxy = rds.databases.installProxy({
    name: COMPLETE.proxy,
    engineFamily: engine === "aurora-mysql" ? "MYSQL" : "POSTGRESQL",
    target: isCluster(engine) ? { cluster: COMPLETE.database } : { instance: COMPLETE.database },
    secretArn: needs.passwordSecretArn,
    passwordLabel: () => secrets.labelOf(needs.passwordSecretArn, "AWSCURRENT"),
    vpcSecurityGroupIds: [GROUPS.proxy],
  });
  const host = database.host ?? "";
  const at = context.kernel.now - 30 * DAY;
  const { hostParameter, hostSecret, readerHostParameter, readerHostSecret } = COMPLETE;
  const publish = (parameter: string, secret: string, value: string) => {
    ssm.install({ name: parameter, type: "String", versions: [{ value, modifiedAt: at }] });
    secrets.install({
      name: secret,
      createdAt: at,
      keyId: needs.keyArn,
      versions: [{ createdAt: at, value }],
    });
  };
  publish(hostParameter, hostSecret, host);
  if (database.readerHost !== undefined) publish(readerHostParameter, readerHostSecret, database.readerHost);
  const hosts = {
    proxy: () => proxy.host,
    rename: () => host,
    "endpoint-parameter": () => ssm.read(COMPLETE.hostParameter)?.value,
    "endpoint-secret": () => textOf(secrets.current(COMPLETE.hostSecret)?.value),
  };
  return { port: portOf(engine), host: hosts[cutOver], isProxied: cutOver === "proxy" };
}

export function portOf(engine: DatabaseEngine = "postgres"): number {
  return engine === "aurora-mysql" ? 3306 : 5432;
}

const ROWS = { documents: 60_000, audit_logs: 40_000, users: 1_200 };
const SCHEMA = REVISIONS[BOARDROOM.goodRelease];

type Aurora = Exclude<DatabaseEngine, "postgres">;

function isCluster(engine: DatabaseEngine): engine is Aurora {
  return engine !== "postgres";
}

function textOf(value: string | Uint8Array | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Nothing is as a restore would leave it: what goes lost on the way back shows. */
function instanceSpec(
  { account }: RegionContext,
  { keyArn, passwordLabel }: DatabaseNeeds,
  rows: Readonly<Record<string, number>>,
): InstanceSpec {
  return {
    DBInstanceIdentifier: COMPLETE.database,
    Engine: "postgres",
    EngineVersion: "16.4",
    DBInstanceClass: "db.m6g.large",
    DBName: "boardroom",
    AllocatedStorage: 100,
    MaxAllocatedStorage: 500,
    StorageType: "gp3",
    KmsKeyId: keyArn,
    DBParameterGroupName: "boardroom-postgres16",
    DBSubnetGroupName: "boardroom-private",
    VpcSecurityGroupIds: [GROUPS.database],
    BackupRetentionPeriod: 7,
    CopyTagsToSnapshot: true,
    DeletionProtection: true,
    EnabledCloudwatchLogsExports: ["postgresql"],
    MonitoringInterval: 60,
    MonitoringRoleArn: `arn:aws:iam::${account}:role/boardroom-rds-monitoring`,
    tags: [
      { Key: "application", Value: "boardroom" },
      { Key: "cost-centre", Value: "4711" },
    ],
    revision: SCHEMA,
    passwordLabel,
    rows,
  };
}

function installCluster(
  { account, kernel }: RegionContext,
  { rds }: Surroundings,
  engine: Aurora,
  { needs, rows }: { readonly needs: DatabaseNeeds; readonly rows: Readonly<Record<string, number>> },
): Database {
  const isMySql = engine === "aurora-mysql";
  const cluster = rds.databases.installCluster({
    DBClusterIdentifier: COMPLETE.database,
    Engine: engine,
    EngineVersion: isMySql ? "8.0.mysql_aurora.3.08.0" : "16.4",
    DatabaseName: "boardroom",
    KmsKeyId: needs.keyArn,
    Port: portOf(engine),
    DBSubnetGroup: "boardroom-private",
    VpcSecurityGroupIds: [GROUPS.database],
    DBClusterParameterGroup: isMySql ? "boardroom-aurora-mysql8" : "boardroom-aurora-postgresql16",
    CopyTagsToSnapshot: true,
    DeletionProtection: true,
    HttpEndpointEnabled: true,
    ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 16 },
    ...(isMySql ? { BacktrackWindow: 86_400 } : {}),
    members: [
      { DBInstanceIdentifier: "boardroom-1", DBInstanceClass: "db.r6g.large", PromotionTier: 0 },
      { DBInstanceIdentifier: "boardroom-2", DBInstanceClass: "db.serverless", PromotionTier: 15 },
    ].map((member) => ({
      ...member,
      MonitoringInterval: 60,
      MonitoringRoleArn: `arn:aws:iam::${account}:role/boardroom-rds-monitoring`,
    })),
    tags: [{ Key: "application", Value: "boardroom" }],
    revision: SCHEMA,
    passwordLabel: needs.passwordLabel,
    rows,
  });
  const at = kernel.now - 9 * DAY;
  rds.databases.installClusterSnapshot(COMPLETE.database, { id: COMPLETE.oldSnapshot, at });
  return cluster;
}
