import { databaseNames } from "../../../lambdas/components/database/names.ts";
import { DatabaseMove } from "../../../lambdas/contracts/kinds/database.ts";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import type { Database } from "../../../lib/region/services/rds/databases.ts";
import type { InstanceSpec } from "../../../lib/region/services/rds/instance-settings.ts";
import { DEFAULT_PACE, type Pace, type Range } from "../../../lib/region/services/rds/pace.ts";

export const ACCOUNT = "123456789012";
export const REGION = "eu-west-1";
export const QUARANTINE = "sg-0000000000000000b";
export const START = Date.parse("2026-11-21T10:00:00.000Z");
const HOUR = 3_600_000;

/** A production instance that differs from the defaults of a restore where it hurts. */
export const PROD: InstanceSpec = {
  DBInstanceIdentifier: "prod",
  Engine: "postgres",
  EngineVersion: "16.4",
  DBInstanceClass: "db.m6g.large",
  AllocatedStorage: 100,
  DBSubnetGroupName: "prod-subnets",
  VpcSecurityGroupIds: ["sg-0000000000000000a"],
  DBParameterGroupName: "prod-parameters",
  MultiAZ: true,
  MonitoringInterval: 60,
  MonitoringRoleArn: `arn:aws:iam::${ACCOUNT}:role/rds-monitoring`,
  Port: 5433,
  tags: [{ Key: "env", Value: "prod" }],
  passwordLabel: "v1",
  rows: { orders: 1_000 },
};

const seconds = (from: number, to: number): Range => [from * 1_000, to * 1_000];

/** Quicker than the real thing, so that a test takes few ticks; every status is still there for a look or two. */
export const QUICK: Pace = {
  ...DEFAULT_PACE,
  restore: seconds(20, 40),
  flashBeforeBackup: seconds(5, 25),
  firstBackup: seconds(10, 20),
  backupsOn: seconds(10, 20),
  settling: seconds(10, 20),
  flash: seconds(5, 25),
  acceptance: seconds(0, 12),
  modification: seconds(10, 20),
  renameFlap: seconds(0, 45),
  renaming: seconds(10, 20),
  reboot: seconds(10, 20),
  hostName: seconds(5, 20),
  snapshot: seconds(10, 30),
  deletion: seconds(10, 30),
  clusterRestore: seconds(20, 40),
  memberCreation: seconds(20, 40),
  backtrack: seconds(30, 60),
  storageInitialisation: seconds(30, 60),
};

/** A move of `prod` to an hour ago. */
export function makeMove(
  source: Pick<Database, "resourceId">,
  details: { readonly [K in keyof DatabaseMove]?: DatabaseMove[K] | undefined } & Pick<
    DatabaseMove,
    "cutOver"
  >,
  rollbackId = "rb-1",
): Move {
  const identifier = details.identifier ?? "prod";
  const names = databaseNames({ identifier, rollbackId });
  return {
    component: "db",
    kind: "database",
    tier: "data",
    verbs: ["prepare", "cutOver", "confirm"],
    from: { id: source.resourceId, label: identifier },
    to: { id: "target", label: "target" },
    reason: "the test says so",
    estimateSeconds: 1_800,
    prepareSeconds: 1_200,
    warnings: [],
    details: DatabaseMove.parse({
      way: "point-in-time",
      shape: "instance",
      identifier,
      sourceResourceId: source.resourceId,
      engine: "postgres",
      stagingIdentifier: names.staging,
      retiredIdentifier: names.retired,
      safetySnapshotIdentifier: names.snapshot,
      restoreTo: new Date(START - HOUR).toISOString(),
      checks: [],
      tasks: {},
      quarantineSecurityGroup: QUARANTINE,
      keepDays: 7,
      acceptedLossSeconds: 4 * 3_600,
      deadlineSeconds: 6 * 3_600,
      ...details,
    }),
  };
}
