import { describe, expect, it } from "vitest";
import type { Feasibility } from "../../../lambdas/components/database/planning/check.ts";
import { INSTANCE_CHECKS } from "../../../lambdas/components/database/planning/checks-of-instance.ts";
import { SHARED_CHECKS } from "../../../lambdas/components/database/planning/checks-shared.ts";
import { type InstanceSight, instanceSight } from "../../../lambdas/components/database/sight.ts";
import { makeComponent, NOTHING_AROUND } from "./make-outlook.ts";

type Facts = Feasibility & { readonly serving: InstanceSight };
type Instance = Parameters<typeof instanceSight>[0];

function makeFacts(instance: Instance = {}, surroundings: Partial<Feasibility["surroundings"]> = {}): Facts {
  return {
    way: "point-in-time",
    configuration: makeComponent(),
    serving: instanceSight({
      DBInstanceIdentifier: "prod",
      DBInstanceStatus: "available",
      Engine: "oracle-ee",
      AllocatedStorage: 100,
      ...instance,
    }),
    surroundings: { ...NOTHING_AROUND, ...surroundings },
    cutOver: undefined,
    secretGoesAlong: true,
  };
}

const KEY = { StorageEncrypted: true, KmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/1" };
const full = (AccountQuotaName: string) => ({ quotas: [{ AccountQuotaName, Used: 100, Max: 100 }] });

/** For each finding by its name what brings it up. */
const FOUND: Readonly<Record<string, Facts>> = {
  status: makeFacts({ DBInstanceStatus: "storage-full" }),
  busy: makeFacts({ DBInstanceStatus: "backing-up" }),
  "pending modifications": makeFacts({ PendingModifiedValues: { DBInstanceClass: "db.m6g.xlarge" } }),
  "blue/green deployment": makeFacts({}, { blueGreen: ["upgrade"] }),
  "activity stream": makeFacts({ ActivityStreamStatus: "started" }),
  "pending maintenance": makeFacts({}, { maintenance: ["system-update"] }),
  "cut-over target": { ...makeFacts(), cutOver: "the proxy has no target." },
  quota: makeFacts({}, full("DBInstances")),
  "encryption key": makeFacts(KEY),
  tags: makeFacts({ TagList: Array.from({ length: 47 }, (_, count) => ({ Key: `k${count}` })) }),
  password: { ...makeFacts(), secretGoesAlong: false },
  "member of a cluster": makeFacts({ DBClusterIdentifier: "shop" }),
  engine: makeFacts({ Engine: "custom-oracle-ee" }),
  "is a replica": makeFacts({ ReadReplicaSourceDBInstanceIdentifier: "main" }),
  "read replicas": makeFacts({ ReadReplicaDBInstanceIdentifiers: ["reports"] }),
  "cross-region backups": makeFacts({ DBInstanceAutomatedBackupsReplications: [{}] }),
  "AWS Backup": makeFacts({ AwsBackupRecoveryPointArn: "arn:aws:backup:eu-west-1:123456789012:x" }),
  "parameter group": makeFacts({}, { missingParameterGroup: "prod-parameters" }),
  "parameters that wait for a reboot": makeFacts({
    DBParameterGroups: [{ DBParameterGroupName: "prod-parameters", ParameterApplyStatus: "pending-reboot" }],
  }),
  "option group": makeFacts({ OptionGroupMemberships: [{ OptionGroupName: "prod", Status: "failed" }] }),
  "roles to pass": makeFacts({ MonitoringInterval: 60, MonitoringRoleArn: "arn:aws:iam::1:role/watch" }),
  "transparent data encryption": makeFacts({ TdeCredentialArn: "arn:hsm" }),
  "additional volumes": makeFacts({ AdditionalStorageVolumes: [{ VolumeName: "rdsdbdata2" }] }),
  "tables that may be empty": makeFacts({ Engine: "postgres" }),
};

const CHECKS = [...SHARED_CHECKS, ...INSTANCE_CHECKS].map(({ name, finds }) => ({ name, finds }));

describe("what is found about a database instance", () => {
  it("has one name each", () => {
    expect(CHECKS.map(({ name }) => name).sort()).toEqual(Object.keys(FOUND).sort());
  });

  it.each(CHECKS)("includes: $name, and nothing of it when all is well", ({ name, finds }) => {
    const facts = FOUND[name];

    expect(facts && finds(facts)).toMatch(/\w.*\.$/);
    expect(finds(makeFacts())).toBeUndefined();
  });

  it.each(["DBInstances", "AllocatedStorage", "ManualSnapshots"])(
    "names the quota that is full: %s",
    (quota) => {
      const check = CHECKS.find(({ name }) => name === "quota");

      expect(check?.finds(makeFacts({}, full(quota)))).toContain(`the quota ${quota} is 100 of 100`);
    },
  );
});
