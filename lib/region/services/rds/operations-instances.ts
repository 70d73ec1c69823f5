import * as sdk from "@aws-sdk/client-rds";
import { AwsError, type Permission, type ServiceModel } from "../../service-model.ts";
import { createMember } from "./create-member.ts";
import { deleteInstance } from "./delete-instance.ts";
import { describeInstance } from "./describe-instance.ts";
import type { InstanceRecord } from "./instance-record.ts";
import { checkState } from "./modification-rules.ts";
import { modifyInstance, SAME_NAME } from "./modify-instance.ts";
import { filtered, page } from "./page.ts";
import { publicAccess, type RdsPermissions, requestTags } from "./permissions.ts";
import type { RdsWorld } from "./rds-world.ts";
import { reboot } from "./restart-instance.ts";

/** DB instances: look at them, change, reboot and delete them, and make members of clusters. */
export function instanceOperations(model: ServiceModel, world: RdsWorld, permissions: RdsPermissions): void {
  const answer = (record: InstanceRecord) => ({ DBInstance: describeInstance(world, record) });
  model
    .on(sdk.DescribeDBInstancesCommand, {
      accepts: ["DBInstanceIdentifier", "Filters", "MaxRecords", "Marker"],
      authorize: ({ DBInstanceIdentifier }) => [
        permissions.on("DescribeDBInstances", "db", DBInstanceIdentifier),
      ],
      handle: (input) => {
        const { items, ...next } = page(wanted(world, input), input);
        return { DBInstances: items.map((record) => describeInstance(world, record)), ...next };
      },
    })
    .on(sdk.ModifyDBInstanceCommand, {
      accepts: [...MODIFY_MEMBERS],
      authorize: (input) => modifyPermissions(world, permissions, input),
      handle: (input) => {
        const record = world.instance(input.DBInstanceIdentifier);
        modifyInstance(world, record, input);
        return answer(record);
      },
    })
    .on(sdk.RebootDBInstanceCommand, {
      accepts: ["DBInstanceIdentifier"],
      authorize: ({ DBInstanceIdentifier }) => [
        permissions.on("RebootDBInstance", "db", DBInstanceIdentifier),
      ],
      handle: ({ DBInstanceIdentifier }) => {
        const record = world.instance(DBInstanceIdentifier);
        checkState(record);
        reboot(world, record);
        return answer(record);
      },
    })
    .on(sdk.DeleteDBInstanceCommand, {
      accepts: [
        "DBInstanceIdentifier",
        "SkipFinalSnapshot",
        "FinalDBSnapshotIdentifier",
        "DeleteAutomatedBackups",
      ],
      authorize: ({ DBInstanceIdentifier }) => [
        permissions.on("DeleteDBInstance", "db", DBInstanceIdentifier),
      ],
      handle: (input) => {
        const record = world.instance(input.DBInstanceIdentifier);
        deleteInstance(world, record, input);
        return answer(record);
      },
    })
    .on(sdk.AddRoleToDBInstanceCommand, {
      accepts: ["DBInstanceIdentifier", "RoleArn", "FeatureName"],
      authorize: ({ DBInstanceIdentifier, RoleArn }) => [
        permissions.on("AddRoleToDBInstance", "db", DBInstanceIdentifier),
        // The service that the role is passed to is unverified.
        ...permissions.passRole(RoleArn, "rds.amazonaws.com"),
      ],
      handle: (input) => {
        addRole(world.instance(input.DBInstanceIdentifier), input);
        return {};
      },
    })
    .on(sdk.CreateDBInstanceCommand, {
      accepts: [...CREATE_MEMBERS],
      authorize: (input) => createPermissions(world, permissions, input),
      handle: (input) => answer(createMember(world, input)),
    });
}

/** One role for a feature; the same one again is an error that callers ignore (docs/facts/database.md §2). */
function addRole(record: InstanceRecord, { RoleArn, FeatureName }: sdk.AddRoleToDBInstanceMessage): void {
  const roles = record.facts.AssociatedRoles ?? [];
  if (roles.some((role) => role.RoleArn === RoleArn && role.FeatureName === FeatureName)) {
    const message = `The role ${RoleArn} is already associated with the DB instance ${record.id}.`;
    throw new AwsError("DBInstanceRoleAlreadyExistsFault", message);
  }
  record.facts = { ...record.facts, AssociatedRoles: [...roles, { RoleArn, FeatureName, Status: "ACTIVE" }] };
}

const MODIFY_MEMBERS = [
  "DBInstanceIdentifier",
  "NewDBInstanceIdentifier",
  "ApplyImmediately",
  "AllowMajorVersionUpgrade",
  "CloudwatchLogsExportConfiguration",
  "DBPortNumber",
  "EnableIAMDatabaseAuthentication",
  "EnablePerformanceInsights",
  "ManageMasterUserPassword",
  "MasterUserPassword",
  "MasterUserSecretKmsKeyId",
  ...SAME_NAME,
];

const CREATE_MEMBERS = [
  "AutoMinorVersionUpgrade",
  "AvailabilityZone",
  "CACertificateIdentifier",
  "CopyTagsToSnapshot",
  "DBClusterIdentifier",
  "DBInstanceClass",
  "DBInstanceIdentifier",
  "DBParameterGroupName",
  "EnablePerformanceInsights",
  "Engine",
  "MonitoringInterval",
  "MonitoringRoleArn",
  "PerformanceInsightsKMSKeyId",
  "PerformanceInsightsRetentionPeriod",
  "PreferredMaintenanceWindow",
  "PromotionTier",
  "PubliclyAccessible",
  "Tags",
];

/** By a name that does not exist this is an error, by a filter that matches nothing an empty list (§6). */
function wanted(world: RdsWorld, input: sdk.DescribeDBInstancesMessage): readonly InstanceRecord[] {
  const { DBInstanceIdentifier: name } = input;
  const named = name?.startsWith("arn:") ? name.split(":").at(-1) : name;
  const records = named === undefined ? world.instances : [world.instance(named)];
  return filtered(records, input.Filters, {
    "db-instance-id": ({ id }) => [id, world.arn("db", id)],
    "dbi-resource-id": ({ resourceId }) => [resourceId],
    "db-cluster-id": ({ cluster }) => (cluster ? [cluster.id, world.arn("cluster", cluster.id)] : []),
    engine: ({ settings }) => [settings.Engine],
  });
}

/** Whether IAM checks the new name as well is unverified (docs/facts/database.md §10): the model does. */
function modifyPermissions(
  world: RdsWorld,
  permissions: RdsPermissions,
  input: sdk.ModifyDBInstanceMessage,
): Permission[] {
  const action = "ModifyDBInstance";
  const keys = publicAccess(input.PubliclyAccessible);
  const own = permissions.on(action, "db", input.DBInstanceIdentifier, keys);
  const renamed = input.NewDBInstanceIdentifier?.toLowerCase();
  return [
    own,
    ...(renamed === undefined ? [] : [{ ...own, resource: world.arn("db", renamed) }]),
    ...permissions.groups(action, {
      pg: input.DBParameterGroupName,
      og: input.OptionGroupName,
      subgrp: input.DBSubnetGroupName,
    }),
    ...permissions.passMonitoringRole(input.MonitoringRoleArn),
    ...permissions.createMasterSecret(input.ManageMasterUserPassword, input.MasterUserSecretKmsKeyId),
  ];
}

function createPermissions(
  world: RdsWorld,
  permissions: RdsPermissions,
  input: sdk.CreateDBInstanceMessage,
): Permission[] {
  const action = "CreateDBInstance";
  const keys = { ...requestTags(input.Tags), ...publicAccess(input.PubliclyAccessible) };
  const name = input.DBInstanceIdentifier?.toLowerCase() ?? "*";
  return [
    permissions.on(action, "db", name, keys),
    ...(input.DBClusterIdentifier
      ? [permissions.on(action, "cluster", input.DBClusterIdentifier, keys)]
      : []),
    ...permissions.groups(action, { pg: input.DBParameterGroupName }, keys),
    ...permissions.tagsOfNew(world.arn("db", name), input.Tags, []),
    ...permissions.passMonitoringRole(input.MonitoringRoleArn),
  ];
}
