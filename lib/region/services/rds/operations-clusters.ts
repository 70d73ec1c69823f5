import * as sdk from "@aws-sdk/client-rds";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { backtrackCluster } from "./backtrack-cluster.ts";
import { ClusterPermissions } from "./cluster-permissions.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import { deleteCluster } from "./delete-cluster.ts";
import { describeCluster } from "./describe-cluster.ts";
import { failOverCluster } from "./failover-cluster.ts";
import { modifyCluster } from "./modify-cluster.ts";
import { filtered, page } from "./page.ts";
import { passwordLabel } from "./password-label.ts";
import type { RdsPermissions } from "./permissions.ts";
import type { RdsWorld } from "./rds-world.ts";
import { createCluster, restoreClusterFromSnapshot, restoreClusterToPointInTime } from "./restore-cluster.ts";
import { CLUSTER_RESTORE_MEMBERS, LIMITLESS_MEMBERS } from "./restored-cluster-settings.ts";

/** Aurora clusters. */
export function clusterOperations(model: ServiceModel, world: RdsWorld, permissions: RdsPermissions): void {
  makingClusters(model, world, new ClusterPermissions(world, permissions));
  changingClusters(model, world, new ClusterPermissions(world, permissions));
  backtracking(model, world, permissions);
}

function makingClusters(model: ServiceModel, world: RdsWorld, permissions: ClusterPermissions): void {
  const answer = (record: ClusterRecord) => ({ DBCluster: describeCluster(world, record) });
  model
    .on(sdk.CreateDBClusterCommand, {
      accepts: [
        ...[
          "DBClusterIdentifier",
          "Engine",
          "EngineVersion",
          "MasterUsername",
          "MasterUserPassword",
          "DatabaseName",
        ],
        ...CLUSTER_RESTORE_MEMBERS.filter((member) => !LIMITLESS_MEMBERS.some((one) => one === member)),
      ],
      authorize: (input) => permissions.make("CreateDBCluster", input, undefined),
      handle: (input) => {
        const label = (world.options.labelOfPassword ?? passwordLabel)(input.MasterUserPassword ?? "");
        return answer(createCluster(world, input, label));
      },
    })
    .on(sdk.RestoreDBClusterToPointInTimeCommand, {
      accepts: [
        "DBClusterIdentifier",
        "SourceDBClusterIdentifier",
        "SourceDbClusterResourceId",
        "RestoreToTime",
        "UseLatestRestorableTime",
        "RestoreType",
        ...CLUSTER_RESTORE_MEMBERS,
      ],
      authorize: (input) => {
        const all = [...world.clusters, ...world.retainedClusters];
        const source =
          all.find(({ resourceId }) => resourceId === input.SourceDbClusterResourceId) ??
          world.findCluster(input.SourceDBClusterIdentifier);
        const name = source?.id ?? input.SourceDBClusterIdentifier ?? input.SourceDbClusterResourceId;
        const kept = source && world.retainedClusters.includes(source);
        return [
          ...permissions.source("RestoreDBClusterToPointInTime", "cluster", name, input),
          ...(kept ? permissions.keptBackup("RestoreDBClusterToPointInTime", source, input) : []),
          ...permissions.make("RestoreDBClusterToPointInTime", input, source),
        ];
      },
      handle: (input) => answer(restoreClusterToPointInTime(world, input)),
    })
    .on(sdk.RestoreDBClusterFromSnapshotCommand, {
      accepts: [
        "DBClusterIdentifier",
        "SnapshotIdentifier",
        "Engine",
        "EngineVersion",
        ...CLUSTER_RESTORE_MEMBERS,
      ],
      authorize: (input) => {
        const name = input.SnapshotIdentifier?.toLowerCase();
        const snapshot = world.clusterSnapshots.find(({ id }) => id === name);
        const source = snapshot && { settings: snapshot.settings, tags: snapshot.sourceTags };
        return [
          ...permissions.source("RestoreDBClusterFromSnapshot", "cluster-snapshot", name, input),
          ...permissions.make("RestoreDBClusterFromSnapshot", input, source),
        ];
      },
      handle: (input) => answer(restoreClusterFromSnapshot(world, input)),
    });
}

const MODIFY_MEMBERS = [
  "ApplyImmediately",
  "BackupRetentionPeriod",
  "BacktrackWindow",
  "CloudwatchLogsExportConfiguration",
  "CopyTagsToSnapshot",
  "DBClusterIdentifier",
  "DBClusterParameterGroupName",
  "DatabaseInsightsMode",
  "DeletionProtection",
  "EnableIAMDatabaseAuthentication",
  "EnableLocalWriteForwarding",
  "EnablePerformanceInsights",
  "EngineLifecycleSupport",
  "ManageMasterUserPassword",
  "MasterUserPassword",
  "MasterUserSecretKmsKeyId",
  "NetworkType",
  "NewDBClusterIdentifier",
  "PerformanceInsightsKMSKeyId",
  "PerformanceInsightsRetentionPeriod",
  "Port",
  "PreferredBackupWindow",
  "PreferredMaintenanceWindow",
  "ServerlessV2ScalingConfiguration",
  "StorageType",
  "VpcSecurityGroupIds",
];

function changingClusters(model: ServiceModel, world: RdsWorld, permissions: ClusterPermissions): void {
  model
    .on(sdk.DescribeDBClustersCommand, {
      accepts: ["DBClusterIdentifier", "Filters", "MaxRecords", "Marker"],
      authorize: ({ DBClusterIdentifier }) => permissions.on("DescribeDBClusters", DBClusterIdentifier),
      handle: (input) => {
        const { DBClusterIdentifier: name } = input;
        const records = name === undefined ? world.clusters : [world.cluster(name.split(":").at(-1))];
        const wanted = filtered(records, input.Filters, {
          "db-cluster-id": ({ id }) => [id, world.arn("cluster", id)],
          "db-cluster-resource-id": ({ resourceId }) => [resourceId],
          engine: ({ settings }) => [settings.Engine],
        });
        const { items, ...next } = page(wanted, input);
        return { DBClusters: items.map((record) => describeCluster(world, record)), ...next };
      },
    })
    .on(sdk.ModifyDBClusterCommand, {
      accepts: MODIFY_MEMBERS,
      authorize: (input) => permissions.modify(input),
      handle: (input) => {
        const record = world.cluster(input.DBClusterIdentifier);
        modifyCluster(world, record, input);
        return { DBCluster: describeCluster(world, record) };
      },
    })
    .on(sdk.DeleteDBClusterCommand, {
      accepts: [
        "DBClusterIdentifier",
        "SkipFinalSnapshot",
        "FinalDBSnapshotIdentifier",
        "DeleteAutomatedBackups",
      ],
      authorize: (input) => permissions.remove(input),
      handle: (input) => {
        const record = world.cluster(input.DBClusterIdentifier);
        deleteCluster(world, record, input);
        return { DBCluster: describeCluster(world, record) };
      },
    })
    .on(sdk.FailoverDBClusterCommand, {
      accepts: ["DBClusterIdentifier", "TargetDBInstanceIdentifier"],
      authorize: ({ DBClusterIdentifier }) => permissions.on("FailoverDBCluster", DBClusterIdentifier),
      handle: (input) => {
        const record = world.cluster(input.DBClusterIdentifier);
        failOverCluster(world, record, input.TargetDBInstanceIdentifier);
        return { DBCluster: describeCluster(world, record) };
      },
    })
    .on(sdk.EnableHttpEndpointCommand, {
      accepts: ["ResourceArn"],
      authorize: ({ ResourceArn = "*" }) => permissions.onArn("EnableHttpEndpoint", ResourceArn),
      handle: ({ ResourceArn }) => {
        const record = world.clusters.find(({ id }) => world.arn("cluster", id) === ResourceArn);
        if (!record) throw new AwsError("ResourceNotFoundFault", `${ResourceArn} not found.`);
        record.settings = { ...record.settings, HttpEndpointEnabled: true };
        return { ResourceArn, HttpEndpointEnabled: true };
      },
    });
}

function backtracking(model: ServiceModel, world: RdsWorld, permissions: RdsPermissions): void {
  model
    .on(sdk.BacktrackDBClusterCommand, {
      accepts: ["DBClusterIdentifier", "BacktrackTo", "UseEarliestTimeOnPointInTimeUnavailable"],
      authorize: ({ DBClusterIdentifier }) => [
        permissions.on("BacktrackDBCluster", "cluster", DBClusterIdentifier),
      ],
      handle: (input) => {
        const record = world.cluster(input.DBClusterIdentifier);
        // The answer tells of the beginning: it starts pending (docs/facts/database.md §3).
        const backtrack = backtrackCluster(world, record, input);
        return { ...backtrack, Status: "pending", DBClusterIdentifier: record.id };
      },
    })
    .on(sdk.DescribeDBClusterBacktracksCommand, {
      accepts: ["DBClusterIdentifier", "BacktrackIdentifier", "MaxRecords", "Marker"],
      authorize: ({ DBClusterIdentifier }) => [
        permissions.on("DescribeDBClusterBacktracks", "cluster", DBClusterIdentifier),
      ],
      handle: (input) => {
        const record = world.cluster(input.DBClusterIdentifier);
        const { BacktrackIdentifier: wanted } = input;
        const found = record.backtracks.filter(
          ({ BacktrackIdentifier }) => wanted === undefined || BacktrackIdentifier === wanted,
        );
        if (wanted !== undefined && found.length === 0) {
          throw new AwsError("DBClusterBacktrackNotFoundFault", `Backtrack ${wanted} not found.`);
        }
        const { items, ...next } = page(found, input);
        return {
          DBClusterBacktracks: items.map((one) => ({ ...one, DBClusterIdentifier: record.id })),
          ...next,
        };
      },
    });
}
