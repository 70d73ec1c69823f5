import type { DBClusterSnapshot, DBSnapshot } from "@aws-sdk/client-rds";
import { OWNERSHIP_TAGS } from "../../../contracts/ownership.ts";
import { aMonthAfter } from "../../../domain/kept/due.ts";
import type { Kept } from "../../../domain/kept/kept.ts";
import { databaseNames } from "../names.ts";
import { tagsOf } from "../reads.ts";
import { snapshotBeforeRevert } from "../safety-snapshot.ts";
import { tagCommand } from "./kept-database.ts";

/** A snapshot of either shape, as far as people are told of it. */
export interface SnapshotSeen {
  readonly shape: "instance" | "cluster";
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  readonly gigabytes: number | undefined;
  readonly takenAt: Date | undefined;
  readonly sourceResourceId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The safety snapshots that rollbacks of a database took and that are still there: by the name that only its rollback
 * makes, and its tags. A person's final snapshot may carry the same tags, copied from its database; its name is another.
 */
export function isSafetySnapshot({ name, status, tags }: SnapshotSeen, configured: string): boolean {
  const rollbackId = tags[OWNERSHIP_TAGS.rollback];
  if (rollbackId === undefined || !(OWNERSHIP_TAGS.expires in tags) || status !== "available") return false;
  const { snapshot } = databaseNames({ identifier: configured, rollbackId });
  const back = snapshotBeforeRevert({ details: { safetySnapshotIdentifier: snapshot } });
  return name === snapshot || name === back;
}

/** @param source the identifier of the database that it was taken of; undefined when that is gone */
export function keptSnapshot(
  seen: SnapshotSeen,
  {
    component,
    source,
    at,
  }: { readonly component: string; readonly source: string | undefined; readonly at: Date },
): Kept {
  const { shape, name, arn, gigabytes, takenAt, tags } = seen;
  const cluster = shape === "cluster" ? "-cluster" : "";
  const taken = takenAt ? `Taken at ${takenAt.toISOString().slice(0, 19)}Z, before users left it.` : "";
  const gone = "The database that it was taken of is gone: the data of that moment is nowhere else.";
  return {
    component,
    what: `snapshot ${name}`,
    paidFor: gigabytes === undefined ? "backup storage by use" : `backup storage, at most ${gigabytes} GiB`,
    rollbackId: tags[OWNERSHIP_TAGS.rollback] ?? "",
    expires: tags[OWNERSHIP_TAGS.expires] ?? "",
    facts: [
      ...(taken === "" ? [] : [taken]),
      source === undefined ? gone : `The database that it was taken of is there: ${source}.`,
    ],
    keepLonger: tagCommand(arn, { [OWNERSHIP_TAGS.expires]: aMonthAfter(at) }),
    removal: {
      advice: "remove",
      means:
        source === undefined
          ? "then what was in the database before that rollback is lost."
          : `then no snapshot holds what was in ${source} before that rollback.`,
      commands: [`aws rds delete-db${cluster}-snapshot --db${cluster}-snapshot-identifier ${name}`],
    },
  };
}

export function instanceSnapshot(snapshot: DBSnapshot): SnapshotSeen {
  return {
    shape: "instance",
    name: snapshot.DBSnapshotIdentifier ?? "",
    arn: snapshot.DBSnapshotArn ?? "",
    status: snapshot.Status ?? "",
    gigabytes: snapshot.AllocatedStorage,
    takenAt: snapshot.SnapshotCreateTime,
    sourceResourceId: snapshot.DbiResourceId ?? "",
    tags: tagsOf(snapshot),
  };
}

export function clusterSnapshot(snapshot: DBClusterSnapshot): SnapshotSeen {
  const isAurora = (snapshot.Engine ?? "").startsWith("aurora");
  return {
    shape: "cluster",
    name: snapshot.DBClusterSnapshotIdentifier ?? "",
    arn: snapshot.DBClusterSnapshotArn ?? "",
    status: snapshot.Status ?? "",
    gigabytes: isAurora ? undefined : snapshot.AllocatedStorage,
    takenAt: snapshot.SnapshotCreateTime,
    sourceResourceId: snapshot.DbClusterResourceId ?? "",
    tags: tagsOf(snapshot),
  };
}
