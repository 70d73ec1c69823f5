import type { Stage } from "../../../lib/drill/stage.ts";
import { type World as Everything, worldOf as everythingOf } from "../../../lib/drill/world.ts";
import { COMPLETE } from "../../../lib/region/application/complete-names.ts";
import type { Store } from "./world.ts";

/**
 * What each component is, by component: equal before and after is the identity. `migrate` is the revision of the live
 * schema. A cache's epoch is a number that only grows, so it is no part of this.
 */
export type Snapshot = Everything;

/** What a drill compares too, with all labels of the password, the live database's name, and flags from their store. */
export async function snapshotOf(stage: Stage, store: Store): Promise<Snapshot> {
  const { region, complete } = stage;
  const ask = (service: string, operation: string, input: object) =>
    region.kernel.complete(region.operate(service, operation, input));
  const { schema, ...everything } = await region.kernel.complete(everythingOf(stage));
  const secret = await ask("secretsmanager", "DescribeSecret", { SecretId: COMPLETE.passwordSecret });
  const live = complete?.liveDatabase();
  const names = await databaseNames(stage);
  return {
    ...everything,
    flags: flagsOf(stage, store),
    "db-password": labelsOf(secret["VersionIdsToStages"] as Record<string, string[]>),
    database: names.find(([id]) => id === live) ?? [live],
    migrate: schema,
    starters: await startersOf(stage),
  };
}

/** The names of all instances and clusters there are. */
export async function databasesOf(stage: Stage): Promise<readonly string[]> {
  return (await databaseNames(stage)).map(([, name]) => name);
}

/** Resource ids and names. */
async function databaseNames({ region }: Stage): Promise<readonly (readonly [id: string, name: string])[]> {
  const ask = (operation: string) => region.kernel.complete(region.operate("rds", operation, {}));
  const { DBInstances } = await ask("DescribeDBInstances");
  const { DBClusters } = await ask("DescribeDBClusters");
  return [
    ...(DBInstances as Instance[]).map((one) => [one.DbiResourceId, one.DBInstanceIdentifier] as const),
    ...(DBClusters as Cluster[]).map((one) => [one.DbClusterResourceId, one.DBClusterIdentifier] as const),
  ];
}

/** Whether what starts tasks beside the services is switched on: of an application that has any. */
async function startersOf({ region, environment }: Stage): Promise<unknown> {
  const api = environment.components["api"];
  const connected = api?.kind === "ecs-service" ? api.connectedTasks : undefined;
  const ask = (service: string, operation: string, input: object) =>
    region.kernel.complete(region.operate(service, operation, input));
  const states: unknown[] = [];
  for (const Name of connected?.rules ?? []) {
    states.push((await ask("events", "DescribeRule", { Name }))["State"]);
  }
  for (const path of connected?.schedules ?? []) {
    const [GroupName, Name] = path.split("/");
    states.push((await ask("scheduler", "GetSchedule", { GroupName, Name }))["State"]);
  }
  return states;
}

interface Cluster {
  readonly DbClusterResourceId: string;
  readonly DBClusterIdentifier: string;
}

interface Instance {
  readonly DbiResourceId: string;
  readonly DBInstanceIdentifier: string;
}

/** AWSPENDING may lie on the current version or nowhere: that is the same; beside it a rotation would go forward. */
function labelsOf(stages: Readonly<Record<string, readonly string[]>>) {
  const holder = (label: string) => Object.keys(stages).find((id) => stages[id]?.includes(label));
  const [current, previous, pending] = [holder("AWSCURRENT"), holder("AWSPREVIOUS"), holder("AWSPENDING")];
  const isBeside = pending !== undefined && pending !== current;
  return [current, previous, isBeside ? `AWSPENDING on ${pending}` : "can rotate"];
}

function flagsOf({ region }: Stage, store: Store): unknown {
  const { application, environment, profile } = COMPLETE.appConfig;
  if (store === "ssm-value") return region.ssm.read(COMPLETE.flagsParameter)?.value;
  if (store === "ssm-label") return region.ssm.read(`${COMPLETE.limitsParameter}:live`)?.value;
  const { version, next } = region.appconfig.live(application, environment, profile) ?? {};
  return next ? `${version} and ${next.version}` : version;
}
