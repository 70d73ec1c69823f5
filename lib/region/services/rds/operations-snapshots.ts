import * as sdk from "@aws-sdk/client-rds";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { automatedSnapshots } from "./automated-snapshots.ts";
import { inheritedTags } from "./identifier.ts";
import { filtered, page } from "./page.ts";
import { type RdsPermissions, requestTags } from "./permissions.ts";
import { badValue } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";
import type { InstanceSnapshot } from "./snapshot-record.ts";
import { createSnapshot, describeSnapshot } from "./snapshots.ts";

/** Snapshots of instances. */
export function snapshotOperations(model: ServiceModel, world: RdsWorld, permissions: RdsPermissions): void {
  model
    .on(sdk.CreateDBSnapshotCommand, {
      accepts: ["DBSnapshotIdentifier", "DBInstanceIdentifier", "Tags"],
      authorize: ({ DBSnapshotIdentifier: name, DBInstanceIdentifier, Tags }) => {
        const keys = requestTags(Tags);
        const source = world.findInstance(DBInstanceIdentifier);
        const copied = source?.settings.CopyTagsToSnapshot ? inheritedTags(source.tags) : [];
        return [
          permissions.on("CreateDBSnapshot", "db", DBInstanceIdentifier, keys),
          permissions.on("CreateDBSnapshot", "snapshot", name, keys),
          ...permissions.tagsOfNew(world.arn("snapshot", name?.toLowerCase() ?? "*"), Tags, copied),
        ];
      },
      handle: ({ DBSnapshotIdentifier: id, DBInstanceIdentifier, Tags }) => {
        const snapshot = createSnapshot(world, world.instance(DBInstanceIdentifier), { id, tags: Tags });
        return { DBSnapshot: describeSnapshot(world, snapshot) };
      },
    })
    .on(sdk.DescribeDBSnapshotsCommand, {
      accepts: [
        "DBInstanceIdentifier",
        "DBSnapshotIdentifier",
        "DbiResourceId",
        "SnapshotType",
        "Filters",
        "MaxRecords",
        "Marker",
      ],
      authorize: ({ DBSnapshotIdentifier }) => [
        permissions.on("DescribeDBSnapshots", "snapshot", DBSnapshotIdentifier),
      ],
      handle: (input) => {
        const { items, ...next } = page(wanted(world, input), input);
        return { DBSnapshots: items.map((one) => describeSnapshot(world, one)), ...next };
      },
    })
    .on(sdk.DeleteDBSnapshotCommand, {
      accepts: ["DBSnapshotIdentifier"],
      authorize: ({ DBSnapshotIdentifier }) => [
        permissions.on("DeleteDBSnapshot", "snapshot", DBSnapshotIdentifier),
      ],
      handle: ({ DBSnapshotIdentifier }) => {
        const snapshot = world.snapshots.find(({ id }) => id === DBSnapshotIdentifier?.toLowerCase());
        if (!snapshot) throw notFound(DBSnapshotIdentifier);
        if (snapshot.status !== "available") {
          throw new AwsError(
            "InvalidDBSnapshotStateFault",
            `The snapshot ${snapshot.id} is ${snapshot.status}.`,
          );
        }
        world.snapshots.splice(world.snapshots.indexOf(snapshot), 1);
        return { DBSnapshot: { ...describeSnapshot(world, snapshot), Status: "deleted" } };
      },
    });
}

/** Only a name that is given and does not exist is an error; a filter that matches nothing is an empty list. */
function wanted(world: RdsWorld, input: sdk.DescribeDBSnapshotsMessage): readonly InstanceSnapshot[] {
  const { SnapshotType: type, DBInstanceIdentifier, DBSnapshotIdentifier, DbiResourceId } = input;
  if (type !== undefined && type !== "manual" && type !== "automated") {
    throw badValue(`The snapshot type ${type} is not modelled.`);
  }
  const records = [...world.instances, ...world.retainedInstances];
  const all = [...world.snapshots, ...records.flatMap((record) => automatedSnapshots(world, record))];
  const found = filtered(all, input.Filters, {
    "db-instance-id": ({ sourceId }) => [sourceId],
    "db-snapshot-id": ({ id }) => [id],
    "dbi-resource-id": ({ sourceResourceId }) => [sourceResourceId],
    "snapshot-type": (one) => [one.type],
    engine: ({ settings }) => [settings.Engine],
  })
    .filter((one) => type === undefined || one.type === type)
    .filter(({ sourceId }) => !DBInstanceIdentifier || sourceId === DBInstanceIdentifier.toLowerCase())
    .filter(({ sourceResourceId }) => !DbiResourceId || sourceResourceId === DbiResourceId)
    .filter(({ id }) => !DBSnapshotIdentifier || id === DBSnapshotIdentifier.toLowerCase());
  if (DBSnapshotIdentifier !== undefined && found.length === 0) throw notFound(DBSnapshotIdentifier);
  return found;
}

function notFound(id: string | undefined): AwsError {
  return new AwsError("DBSnapshotNotFoundFault", `DBSnapshot ${id} not found.`);
}
