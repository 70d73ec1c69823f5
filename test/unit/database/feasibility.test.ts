import { describe, expect, it } from "vitest";
import type { Feasibility } from "../../../lambdas/components/database/planning/check.ts";
import { findingsOf } from "../../../lambdas/components/database/planning/feasibility.ts";
import { instanceSight, type Sight } from "../../../lambdas/components/database/sight.ts";
import { makeComponent, NOTHING_AROUND } from "./make-outlook.ts";

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/1";

function makeInstance(overrides: Parameters<typeof instanceSight>[0] = {}): Sight {
  return instanceSight({
    DBInstanceIdentifier: "prod",
    DbiResourceId: "db-PROD",
    DBInstanceStatus: "available",
    Engine: "mariadb",
    AllocatedStorage: 100,
    BackupRetentionPeriod: 7,
    Endpoint: { Address: "prod.c1.eu-west-1.rds.amazonaws.com", Port: 3306 },
    ...overrides,
  });
}

function makeCluster(overrides: Partial<Extract<Sight, { shape: "cluster" }>["cluster"]> = {}): Sight {
  const cluster = { Status: "available", Engine: "aurora-postgresql", ...overrides };
  const members = [{ DBInstanceIdentifier: "prod-1", DBInstanceStatus: "available" }];
  const { shape: _, instance: __, ...seen } = { ...instanceSight({ DBInstanceIdentifier: "prod" }) };
  return {
    ...seen,
    shape: "cluster",
    engine: cluster.Engine ?? "",
    status: cluster.Status ?? "",
    cluster,
    members,
  };
}

function makeFacts({
  surroundings = {},
  ...overrides
}: Partial<Omit<Feasibility, "surroundings">> & {
  surroundings?: Partial<Feasibility["surroundings"]>;
} = {}) {
  return {
    way: "point-in-time" as const,
    configuration: makeComponent({ kmsKeys: [KEY], passRoles: ["arn:aws:iam::123456789012:role/watch"] }),
    serving: makeInstance(),
    surroundings: { ...NOTHING_AROUND, ...surroundings },
    cutOver: undefined,
    secretGoesAlong: true,
    ...overrides,
  } satisfies Feasibility;
}

const of = (serving: Sight) => makeFacts({ serving });

describe("what speaks against a rollback of a database", () => {
  it("is nothing when all is well but for what a restore always means", () => {
    expect(findingsOf(makeFacts())).toEqual({
      refusals: [],
      warnings: ["Tables that are not InnoDB, if there are any, may not survive a restore."],
    });
    expect(findingsOf(of(makeCluster()))).toEqual({
      refusals: [],
      warnings: [expect.stringMatching(/certificates/)],
    });
  });

  it.each<[string, Feasibility, string]>([
    [
      "a status that keeps it from being changed",
      of(makeInstance({ DBInstanceStatus: "storage-full" })),
      "is storage-full",
    ],
    [
      "pending modifications",
      of(makeInstance({ PendingModifiedValues: { EngineVersion: "11" } })),
      "EngineVersion",
    ],
    ["a member of a cluster", of(makeInstance({ DBClusterIdentifier: "shop" })), "name the cluster"],
    ["RDS Custom", of(makeInstance({ Engine: "custom-oracle-ee" })), "RDS Custom"],
    ["a replica", of(makeInstance({ ReadReplicaSourceDBInstanceIdentifier: "main" })), "replica of main"],
    ["an activity stream", of(makeInstance({ ActivityStreamStatus: "started" })), "activity stream"],
    [
      "a role that may not be passed",
      of(makeInstance({ MonitoringInterval: 60, MonitoringRoleArn: "arn:x" })),
      "passRoles",
    ],
    [
      "a broken option group",
      of(makeInstance({ OptionGroupMemberships: [{ OptionGroupName: "o", Status: "removed" }] })),
      "option group o",
    ],
    ["a TDE key store", of(makeInstance({ TdeCredentialArn: "arn:hsm" })), "TDE"],
    [
      "too many tags",
      of(makeInstance({ TagList: Array.from({ length: 47 }, (_, n) => ({ Key: `k${n}` })) })),
      "tags",
    ],
    [
      "a key that is not named",
      of(makeInstance({ StorageEncrypted: true, KmsKeyId: "arn:other" })),
      "kmsKeys",
    ],
    [
      "a disabled key",
      makeFacts({
        serving: makeInstance({ StorageEncrypted: true, KmsKeyId: KEY }),
        surroundings: { keyState: "Disabled" },
      }),
      "is Disabled",
    ],
    [
      "a blue/green deployment",
      makeFacts({ surroundings: { blueGreen: ["upgrade"] } }),
      "blue/green deployment upgrade",
    ],
    [
      "a parameter group that is gone",
      makeFacts({ surroundings: { missingParameterGroup: "prod-pg" } }),
      "prod-pg is gone",
    ],
    [
      "a full quota",
      makeFacts({ surroundings: { quotas: [{ AccountQuotaName: "DBInstances", Used: 40, Max: 40 }] } }),
      "DBInstances is 40 of 40",
    ],
    [
      "a cut-over target that leads elsewhere",
      makeFacts({ cutOver: "the proxy leads to nobody." }),
      "leads to nobody",
    ],
    ["a cluster that is not Aurora", of(makeCluster({ Engine: "mysql" })), "only Aurora"],
    ["Aurora Serverless v1", of(makeCluster({ EngineMode: "serverless" })), "Serverless v1"],
    ["a global database", of(makeCluster({ GlobalClusterIdentifier: "world" })), "global database world"],
  ])("refuses %s", (_, facts, text) => {
    const { refusals } = findingsOf(facts);

    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toContain(text);
  });

  it("leaves read replicas, maintenance and passwords to the person who approves", () => {
    const serving = makeInstance({ ReadReplicaDBInstanceIdentifiers: ["reports"] });
    const facts = makeFacts({
      serving,
      secretGoesAlong: false,
      surroundings: { maintenance: ["os-upgrade"] },
    });

    const { refusals, warnings } = findingsOf(facts);

    expect(refusals).toEqual([]);
    expect(warnings.join(" ")).toMatch(/os-upgrade.*Passwords go back.*reports stay with the old/);
  });

  it("does not ask of a backtrack what only a copy needs", () => {
    const quotas = [{ AccountQuotaName: "DBInstances", Used: 40, Max: 40 }];
    const facts = makeFacts({
      way: "backtrack",
      serving: makeCluster(),
      cutOver: "no proxy",
      surroundings: { quotas },
    });

    expect(findingsOf(facts).refusals).toEqual([]);
  });
});
