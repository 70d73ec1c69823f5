import {
  CreateDBInstanceCommand,
  type DBCluster,
  type DBInstance,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  EnableHttpEndpointCommand,
  ModifyDBClusterCommand,
  ModifyDBInstanceCommand,
  type RDSClient,
  RestoreDBClusterToPointInTimeCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from "@aws-sdk/client-rds";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { databaseNames, memberName } from "../../../lambdas/components/database/names.ts";
import {
  clusterSettingsDiff,
  memberInputOf,
  modifyClusterAfterRestore,
  modifyClusterBeforeCutOver,
  needsHttpEndpoint,
  restoreClusterInputOf,
} from "../../../lambdas/components/database/settings/cluster-settings.ts";
import {
  modifyAfterRestore,
  modifyBeforeCutOver,
  restoreInputOf,
  settingsDiff,
} from "../../../lambdas/components/database/settings/instance-settings.ts";
import type { InstanceSpec } from "../../../lib/region/services/rds/instance-settings.ts";
import { DEFAULT_PACE } from "../../../lib/region/services/rds/pace.ts";
import { anInstance } from "./arbitrary-instance.ts";
import { ago, MINUTE, makeOutlook } from "./make-outlook.ts";

const of = { identifier: "prod", rollbackId: "rb-1" };
const quarantineSecurityGroup = "sg-quarantine";
const OWN = [{ Key: "stepback:state", Value: "staging" }];

describe("a copy that the simulated RDS makes", () => {
  it("has the settings of its source, of whatever engine and storage", async () => {
    await fc.assert(
      fc.asyncProperty(anInstance, async (shape) => {
        const { send, advance } = makeOutlook(specOf(shape));
        const source = await instance(send, "prod");
        const target = databaseNames(of).staging;
        const options = { target, quarantineSecurityGroup, tags: OWN, tagsOfSource: source.TagList ?? [] };
        const restoreTo = new Date(ago(30));

        await send(
          new RestoreDBInstanceToPointInTimeCommand(restoreInputOf(source, { ...options, restoreTo })),
        );
        await advance(240 * MINUTE);
        for (const step of [
          modifyAfterRestore,
          modifyAfterRestore,
          modifyBeforeCutOver,
          modifyBeforeCutOver,
        ]) {
          const input = step(source, await instance(send, target));
          if (input) await send(new ModifyDBInstanceCommand(input));
          await advance(30 * MINUTE);
        }

        const copy = await instance(send, target);
        expect(settingsDiff(source, copy, "live")).toEqual([]);
        expect(modifyAfterRestore(source, copy)).toBeUndefined();
      }),
      { numRuns: 12, seed: 7 },
    );
  });

  it("has what users feel of them from the restore on, when it may serve while it is backed up; not of SQL Server", async () => {
    await fc.assert(
      fc.asyncProperty(anInstance, async (shape) => {
        const { send, advance, rds } = makeOutlook(specOf(shape));
        rds.databases.drill.pace = { ...DEFAULT_PACE, firstBackup: [180 * MINUTE, 180 * MINUTE] };
        const source = await instance(send, "prod");
        const target = databaseNames(of).staging;
        const tagsOfSource = source.TagList ?? [];
        const options = { target, quarantineSecurityGroup, servesAtOnce: true, tags: OWN, tagsOfSource };
        const restoreTo = new Date(ago(30));

        await send(
          new RestoreDBInstanceToPointInTimeCommand(restoreInputOf(source, { ...options, restoreTo })),
        );
        await advance(30 * MINUTE);

        const copy = await instance(send, target);
        const felt = settingsDiff({ ...source, DeletionProtection: true }, copy, "felt");
        expect(copy.DBInstanceStatus).toBe("backing-up");
        // Its storage cannot be said at restore (docs/facts/database.md §2): such a copy waits for the end.
        expect(
          felt.filter((one) => !(source.Engine?.startsWith("sqlserver") && /storage|IOPS/i.test(one))),
        ).toEqual([]);
      }),
      { numRuns: 24, seed: 7 },
    );
  });

  it("has them when it is a cluster: the cluster's by restore, its members' by creation", async () => {
    const { send, advance, rds } = makeOutlook();
    rds.databases.installCluster({
      ...SHOP,
      ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 8 },
    });
    const source = await picture(send, "shop");
    const target = databaseNames({ ...of, identifier: "shop" }).staging;
    const options = {
      target,
      quarantineSecurityGroup,
      tags: OWN,
      tagsOfSource: source.cluster.TagList ?? [],
    };
    const restoreTo = new Date(ago(30));

    await send(
      new RestoreDBClusterToPointInTimeCommand(
        restoreClusterInputOf(source.cluster, { ...options, restoreTo }),
      ),
    );
    await advance(60 * MINUTE);
    const nameOf = (index: number) => memberName({ ...of, identifier: "shop" }, index);
    for (const [index, member] of source.members.entries()) {
      const input = memberInputOf(member, { name: nameOf(index), cluster: target, tags: OWN });
      await send(new CreateDBInstanceCommand(input));
      await advance(30 * MINUTE);
    }
    const { cluster } = await picture(send, target);
    if (needsHttpEndpoint(source.cluster, cluster)) {
      await send(new EnableHttpEndpointCommand({ ResourceArn: cluster.DBClusterArn }));
    }
    for (const step of [modifyClusterAfterRestore, modifyClusterBeforeCutOver]) {
      const input = step(source.cluster, (await picture(send, target)).cluster);
      if (input) await send(new ModifyDBClusterCommand(input));
      await advance(30 * MINUTE);
    }

    const copy = await picture(send, target);
    expect(clusterSettingsDiff(source, copy, "live")).toEqual([]);
    expect(copy.cluster.DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter)).toMatchObject({
      DBInstanceIdentifier: nameOf(0),
    });
    expect(modifyClusterAfterRestore(source.cluster, copy.cluster)).toBeUndefined();
  });
});

const SHOP = {
  DBClusterIdentifier: "shop",
  Engine: "aurora-mysql",
  EngineVersion: "8.0.39",
  Port: 3_307,
  StorageType: "aurora-iopt1",
  BacktrackWindow: 3_600,
  DBClusterParameterGroup: "shop-parameters",
  DBSubnetGroup: "shop-subnets",
  VpcSecurityGroupIds: ["sg-shop"],
  BackupRetentionPeriod: 14,
  CopyTagsToSnapshot: true,
  DeletionProtection: true,
  IAMDatabaseAuthenticationEnabled: true,
  HttpEndpointEnabled: true,
  EnabledCloudwatchLogsExports: ["audit"],
  PerformanceInsightsEnabled: true,
  PerformanceInsightsRetentionPeriod: 465,
  DatabaseInsightsMode: "advanced" as const,
  AssociatedRoles: [{ RoleArn: "arn:aws:iam::123456789012:role/load", FeatureName: "s3Import" }],
  tags: [{ Key: "env", Value: "prod" }],
  members: [
    {
      DBInstanceIdentifier: "shop-1",
      PromotionTier: 0,
      DBParameterGroupName: "shop-members",
      MonitoringInterval: 30,
      MonitoringRoleArn: "arn:aws:iam::123456789012:role/watch",
    },
    { DBInstanceIdentifier: "shop-2", PromotionTier: 15, PreferredMaintenanceWindow: "sun:03:10-sun:03:40" },
  ],
};

/** What the simulated RDS can install of an arbitrary instance: it has no directories and no processor features. */
function specOf(shape: DBInstance): Partial<InstanceSpec> {
  const { Endpoint, DBSubnetGroup, DBParameterGroups, OptionGroupMemberships, VpcSecurityGroups, ...same } =
    shape;
  const { DomainMemberships: _, ProcessorFeatures: __, DbiResourceId: ___, TagList, ...settings } = same;
  return {
    ...(settings as Partial<InstanceSpec>),
    BackupRetentionPeriod: Math.max(1, shape.BackupRetentionPeriod ?? 1),
    Port: Endpoint?.Port ?? 5_432,
    DBSubnetGroupName: DBSubnetGroup?.DBSubnetGroupName ?? "",
    DBParameterGroupName: DBParameterGroups?.[0]?.DBParameterGroupName ?? "",
    OptionGroupName: OptionGroupMemberships?.[0]?.OptionGroupName ?? "",
    VpcSecurityGroupIds: (VpcSecurityGroups ?? []).map(({ VpcSecurityGroupId: id }) => id ?? ""),
    tags: TagList ?? [],
  };
}

async function instance(send: RDSClient["send"], name: string): Promise<DBInstance> {
  const { DBInstances } = await send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }));
  return DBInstances?.[0] ?? {};
}

async function picture(send: RDSClient["send"], name: string) {
  const { DBClusters } = await send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }));
  const cluster: DBCluster = DBClusters?.[0] ?? {};
  const listed = [...(cluster.DBClusterMembers ?? [])].sort((a) => (a.IsClusterWriter ? -1 : 1));
  const members: DBInstance[] = [];
  for (const { DBInstanceIdentifier = "" } of listed)
    members.push(await instance(send, DBInstanceIdentifier));
  return { cluster, members };
}
