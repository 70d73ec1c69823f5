import * as sdk from "@aws-sdk/client-rds";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { createClusterSnapshot, describeClusterSnapshot } from "./cluster-snapshots.ts";
import { inheritedTags } from "./identifier.ts";
import { page } from "./page.ts";
import { type RdsPermissions, requestTags } from "./permissions.ts";
import { badValue } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";
import type { ClusterSnapshot } from "./snapshot-record.ts";

/** Manual snapshots of clusters. */
export function clusterSnapshotOperations(
  model: ServiceModel,
  world: RdsWorld,
  permissions: RdsPermissions,
): void {
  model
    .on(sdk.CreateDBClusterSnapshotCommand, {
      accepts: ["DBClusterSnapshotIdentifier", "DBClusterIdentifier", "Tags"],
      authorize: ({ DBClusterSnapshotIdentifier: name, DBClusterIdentifier, Tags }) => {
        const keys = requestTags(Tags);
        const source = world.findCluster(DBClusterIdentifier);
        const copied = source?.settings.CopyTagsToSnapshot ? inheritedTags(source.tags) : [];
        return [
          permissions.on("CreateDBClusterSnapshot", "cluster", DBClusterIdentifier, keys),
          permissions.on("CreateDBClusterSnapshot", "cluster-snapshot", name, keys),
          ...permissions.tagsOfNew(world.arn("cluster-snapshot", name?.toLowerCase() ?? "*"), Tags, copied),
        ];
      },
      handle: ({ DBClusterSnapshotIdentifier: id, DBClusterIdentifier, Tags }) => {
        const record = world.cluster(DBClusterIdentifier);
        const snapshot = createClusterSnapshot(world, record, { id, tags: Tags });
        return { DBClusterSnapshot: describeClusterSnapshot(world, snapshot) };
      },
    })
    .on(sdk.DescribeDBClusterSnapshotsCommand, {
      accepts: [
        "DBClusterIdentifier",
        "DBClusterSnapshotIdentifier",
        "DbClusterResourceId",
        "SnapshotType",
        "MaxRecords",
        "Marker",
      ],
      authorize: ({ DBClusterSnapshotIdentifier }) => [
        permissions.on("DescribeDBClusterSnapshots", "cluster-snapshot", DBClusterSnapshotIdentifier),
      ],
      handle: (input) => {
        const { items, ...next } = page(wanted(world, input), input);
        return { DBClusterSnapshots: items.map((one) => describeClusterSnapshot(world, one)), ...next };
      },
    })
    .on(sdk.DeleteDBClusterSnapshotCommand, {
      accepts: ["DBClusterSnapshotIdentifier"],
      authorize: ({ DBClusterSnapshotIdentifier }) => [
        permissions.on("DeleteDBClusterSnapshot", "cluster-snapshot", DBClusterSnapshotIdentifier),
      ],
      handle: ({ DBClusterSnapshotIdentifier }) => {
        const [snapshot] = wanted(world, { DBClusterSnapshotIdentifier });
        if (!snapshot) return {};
        // "Must be the name of an existing DB cluster snapshot in the available state" [SDK].
        if (snapshot.status !== "available") {
          const message = `The snapshot ${snapshot.id} is ${snapshot.status}.`;
          throw new AwsError("InvalidDBClusterSnapshotStateFault", message);
        }
        world.clusterSnapshots.splice(world.clusterSnapshots.indexOf(snapshot), 1);
        return { DBClusterSnapshot: { ...describeClusterSnapshot(world, snapshot), Status: "deleted" } };
      },
    });
}

function wanted(world: RdsWorld, input: sdk.DescribeDBClusterSnapshotsMessage): readonly ClusterSnapshot[] {
  const { DBClusterIdentifier, DBClusterSnapshotIdentifier: name, DbClusterResourceId, SnapshotType } = input;
  if (SnapshotType !== undefined && SnapshotType !== "manual") {
    throw badValue(`The snapshot type ${SnapshotType} is not modelled for clusters.`);
  }
  const found = world.clusterSnapshots
    .filter(({ sourceId }) => !DBClusterIdentifier || sourceId === DBClusterIdentifier.toLowerCase())
    .filter(({ sourceResourceId }) => !DbClusterResourceId || sourceResourceId === DbClusterResourceId)
    .filter(({ id }) => !name || id === name.toLowerCase());
  if (name !== undefined && found.length === 0) {
    throw new AwsError("DBClusterSnapshotNotFoundFault", `DBClusterSnapshot ${name} not found.`);
  }
  return found;
}
