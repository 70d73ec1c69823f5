import {
  AddTagsToResourceCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { arnOf, MINUTE, makeRds, START } from "./make-rds.ts";

const denied = { name: "AccessDenied", $metadata: { httpStatusCode: 403 } };

/** What docs/facts/database.md §10 grants a restorer, for a restore that names its groups. */
const RESTORE_RESOURCES = [
  arnOf("db:prod"),
  arnOf("db:prod-rb-*"),
  arnOf("pg:prod-*"),
  arnOf("og:default:*"),
  arnOf("subgrp:prod-*"),
];
const TAGGING = { Action: "rds:AddTagsToResource", Resource: arnOf("db:prod-rb-*") };

const restore = (more: object = {}) =>
  new RestoreDBInstanceToPointInTimeCommand({
    SourceDBInstanceIdentifier: "prod",
    TargetDBInstanceIdentifier: "prod-rb-1",
    RestoreTime: new Date(START - 60 * MINUTE),
    DBParameterGroupName: "prod-parameters",
    DBSubnetGroupName: "prod-subnets",
    PubliclyAccessible: false,
    Tags: [{ Key: "rb:state", Value: "staging" }],
    ...more,
  });

describe("a restore", () => {
  it("needs source, target and every group that it uses, defaults included", async () => {
    const { as } = makeRds();
    const Action = "rds:RestoreDBInstanceToPointInTime";

    for (const [index, missing] of RESTORE_RESOURCES.entries()) {
      const Resource = RESTORE_RESOURCES.filter((one) => one !== missing);
      const send = as(`without-${index}`, { Action, Resource }, TAGGING);
      await expect(send(restore())).rejects.toMatchObject(denied);
    }
    const sufficient = as("restorer", { Action, Resource: RESTORE_RESOURCES }, TAGGING);
    const { DBInstance } = await sufficient(restore());
    expect(DBInstance?.DBInstanceIdentifier).toBe("prod-rb-1");
  });

  it("is asked about its tags separately, and about public access", async () => {
    const { as } = makeRds();
    const Action = "rds:RestoreDBInstanceToPointInTime";
    const Condition = { BoolIfExists: { "rds:PubliclyAccessible": "false" } };
    const own = { Action, Resource: RESTORE_RESOURCES, Condition };
    const onlyState = { "aws:TagKeys": ["rb:state"] };
    const tagging = { ...TAGGING, Condition: { "ForAllValues:StringEquals": onlyState } };

    await expect(as("untagged", own)(restore())).rejects.toThrow("rds:AddTagsToResource");
    await expect(as("public", own, tagging)(restore({ PubliclyAccessible: true }))).rejects.toMatchObject(
      denied,
    );
    await expect(
      as("other-tag", own, tagging)(restore({ Tags: [{ Key: "env", Value: "prod" }] })),
    ).rejects.toMatchObject(denied);
    // Tags that a restore takes over silently are checked as well.
    await expect(as("implicit", own, tagging)(restore({ Tags: undefined }))).rejects.toMatchObject(denied);
    await as("state", own, tagging)(restore());
  });

  it("of an encrypted database needs a grant on its key, through RDS", async () => {
    const KmsKeyId = "arn:aws:kms:eu-west-1:123456789012:key/k";
    const { as, databases, send } = makeRds({ KmsKeyId });
    const own = { Action: "rds:RestoreDBInstanceToPointInTime", Resource: RESTORE_RESOURCES };
    const key = {
      Action: ["kms:DescribeKey", "kms:CreateGrant"],
      Resource: KmsKeyId,
      Condition: { StringEquals: { "kms:ViaService": "rds.eu-west-1.amazonaws.com" } },
    };

    await expect(as("keyless", own, TAGGING)(restore())).rejects.toThrow("kms:DescribeKey");
    await as("keyed", own, TAGGING, key)(restore());
    databases.drill.disableKey(KmsKeyId);
    await expect(send(restore({ TargetDBInstanceIdentifier: "second" }))).rejects.toMatchObject({
      name: "KMSKeyNotAccessibleFault",
    });
  });
});

describe("a change", () => {
  it("follows the tags that the instance has at that moment", async () => {
    const { advance, as, send } = makeRds({ DeletionProtection: false });
    const deleter = as("deleter", {
      Action: "rds:DeleteDBInstance",
      Resource: arnOf("db:prod*"),
      Condition: {
        StringEquals: { "aws:ResourceTag/rb:state": "staging", "rds:db-tag/rb:state": "staging" },
      },
    });
    const remove = new DeleteDBInstanceCommand({ DBInstanceIdentifier: "prod", SkipFinalSnapshot: true });

    await expect(deleter(remove)).rejects.toMatchObject(denied);
    const Tags = [{ Key: "rb:state", Value: "staging" }];
    await send(new AddTagsToResourceCommand({ ResourceName: arnOf("db:prod"), Tags }));
    await deleter(remove);
    await advance(10 * MINUTE);
  });

  it("of the name needs the old and the new one; of the monitoring, the role", async () => {
    const { as } = makeRds();
    const Action = "rds:ModifyDBInstance";
    const rename = new ModifyDBInstanceCommand({
      DBInstanceIdentifier: "prod",
      NewDBInstanceIdentifier: "prod-old",
      ApplyImmediately: true,
    });
    const role = "arn:aws:iam::123456789012:role/monitor";
    const monitor = new ModifyDBInstanceCommand({
      DBInstanceIdentifier: "prod",
      MonitoringInterval: 30,
      MonitoringRoleArn: role,
    });
    const pass = {
      Action: "iam:PassRole",
      Resource: role,
      Condition: { StringEquals: { "iam:PassedToService": "monitoring.rds.amazonaws.com" } },
    };

    await expect(as("old", { Action, Resource: arnOf("db:prod") })(rename)).rejects.toMatchObject(denied);
    await expect(as("no-pass", { Action, Resource: arnOf("db:prod*") })(monitor)).rejects.toThrow(
      "iam:PassRole",
    );
    await as("pass", { Action, Resource: arnOf("db:prod*") }, pass)(monitor);
    await as("both", { Action, Resource: arnOf("db:prod*") })(rename);
  });

  it("is no right to look: a filter looks at every instance", async () => {
    const { as, prod } = makeRds();
    const own = as("own", { Action: "rds:DescribeDBInstances", Resource: arnOf("db:prod") });
    const Filters = [{ Name: "dbi-resource-id", Values: [prod.resourceId] }];

    await own(new DescribeDBInstancesCommand({ DBInstanceIdentifier: "prod" }));
    await expect(own(new DescribeDBInstancesCommand({ Filters }))).rejects.toMatchObject(denied);
  });
});

describe("a list", () => {
  it("comes in pages, is empty by a filter that matches nothing, and refuses a filter that AWS does not know", async () => {
    const { databases, send } = makeRds();
    for (let index = 0; index < 24; index++) {
      databases.install({ DBInstanceIdentifier: `other-${index}`, Engine: "mysql" });
    }

    const first = await send(new DescribeDBInstancesCommand({ MaxRecords: 20 }));
    const second = await send(new DescribeDBInstancesCommand({ MaxRecords: 20, Marker: first.Marker }));
    const none = await send(
      new DescribeDBInstancesCommand({ Filters: [{ Name: "dbi-resource-id", Values: ["db-X"] }] }),
    );

    expect([first.DBInstances?.length, second.DBInstances?.length, second.Marker]).toEqual([
      20,
      5,
      undefined,
    ]);
    expect(none.DBInstances ?? []).toEqual([]);
    await expect(
      send(new DescribeDBInstancesCommand({ Filters: [{ Name: "name", Values: ["x"] }] })),
    ).rejects.toThrow("Unrecognized filter name");
  });
});
