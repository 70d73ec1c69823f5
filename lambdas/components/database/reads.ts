import {
  type DBCluster,
  type DBClusterSnapshot,
  type DBInstance,
  type DBInstanceAutomatedBackup,
  type DBSnapshot,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  type RDSClient,
  type Tag,
} from "@aws-sdk/client-rds";
import { asked, isNamed } from "../aws-call.ts";

/** An instance by what survives a rename; absent is an empty list, never an exception (docs/facts/database.md §6). */
export async function instanceByResourceId(rds: RDSClient, id: string): Promise<DBInstance | undefined> {
  const answer = await asked(
    `Reading the database instance ${id}`,
    rds.send(new DescribeDBInstancesCommand({ Filters: [{ Name: "dbi-resource-id", Values: [id] }] })),
  );
  return answer.DBInstances?.[0];
}

export async function clusterByResourceId(rds: RDSClient, id: string): Promise<DBCluster | undefined> {
  const answer = await asked(
    `Reading the database cluster ${id}`,
    rds.send(new DescribeDBClustersCommand({ Filters: [{ Name: "db-cluster-resource-id", Values: [id] }] })),
  );
  return answer.DBClusters?.[0];
}

/** Whoever has this name now. */
export async function instanceByIdentifier(rds: RDSClient, name: string): Promise<DBInstance | undefined> {
  const answer = await found(
    `Reading the database instance ${name}`,
    rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name })),
    ["DBInstanceNotFoundFault", "DBInstanceNotFound"],
  );
  return answer?.DBInstances?.[0];
}

export async function clusterByIdentifier(rds: RDSClient, name: string): Promise<DBCluster | undefined> {
  const answer = await found(
    `Reading the database cluster ${name}`,
    rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: name })),
    ["DBClusterNotFoundFault"],
  );
  return answer?.DBClusters?.[0];
}

/** Every instance of the account and region, members of clusters among them. */
export async function allInstances(rds: RDSClient): Promise<DBInstance[]> {
  const doing = "Reading all database instances";
  const pages = await allPages((Marker) => asked(doing, rds.send(new DescribeDBInstancesCommand(Marker))));
  return pages.flatMap(({ DBInstances = [] }) => DBInstances);
}

export async function allClusters(rds: RDSClient): Promise<DBCluster[]> {
  const doing = "Reading all database clusters";
  const pages = await allPages((Marker) => asked(doing, rds.send(new DescribeDBClustersCommand(Marker))));
  return pages.flatMap(({ DBClusters = [] }) => DBClusters);
}

/** The members of a cluster in one call, however many they are: the writer first, then by name. */
export async function membersOf(rds: RDSClient, cluster: DBCluster): Promise<DBInstance[]> {
  const { DBClusterIdentifier: id = "", DBClusterMembers: listed = [] } = cluster;
  const Filters = [{ Name: "db-cluster-id", Values: [id] }];
  const doing = `Reading the members of ${id}`;
  const pages = await allPages((page) =>
    asked(doing, rds.send(new DescribeDBInstancesCommand({ ...page, Filters }))),
  );
  const writer = listed.find(({ IsClusterWriter }) => IsClusterWriter)?.DBInstanceIdentifier;
  const rank = ({ DBInstanceIdentifier: name = "" }: DBInstance) => `${name === writer ? 0 : 1} ${name}`;
  return pages
    .flatMap(({ DBInstances = [] }) => DBInstances)
    .sort((a, b) => rank(a).localeCompare(rank(b), "en", { numeric: true }));
}

/** The automated backups of an instance: the only place that tells the earliest moment (docs/facts/database.md §1). */
export async function automatedBackupOf(
  rds: RDSClient,
  resourceId: string,
): Promise<DBInstanceAutomatedBackup | undefined> {
  const answer = await found(
    `Reading the automated backups of ${resourceId}`,
    rds.send(new DescribeDBInstanceAutomatedBackupsCommand({ DbiResourceId: resourceId })),
    ["DBInstanceAutomatedBackupNotFoundFault", "DBInstanceAutomatedBackupNotFound"],
  );
  return answer?.DBInstanceAutomatedBackups?.[0];
}

/** Snapshots of an instance under all the names that it ever had, automated and manual. */
export async function snapshotsOf(rds: RDSClient, resourceId: string): Promise<DBSnapshot[]> {
  const doing = `Reading the snapshots of ${resourceId}`;
  const pages = await allPages((page) =>
    asked(doing, rds.send(new DescribeDBSnapshotsCommand({ ...page, DbiResourceId: resourceId }))),
  );
  return pages.flatMap(({ DBSnapshots = [] }) => DBSnapshots);
}

export async function clusterSnapshotsOf(rds: RDSClient, resourceId: string): Promise<DBClusterSnapshot[]> {
  const doing = `Reading the snapshots of ${resourceId}`;
  const pages = await allPages((page) =>
    asked(
      doing,
      rds.send(new DescribeDBClusterSnapshotsCommand({ ...page, DbClusterResourceId: resourceId })),
    ),
  );
  return pages.flatMap(({ DBClusterSnapshots = [] }) => DBClusterSnapshots);
}

/** Every snapshot of the account and region that somebody took; with its tags. */
export async function manualSnapshots(rds: RDSClient): Promise<DBSnapshot[]> {
  const doing = "Reading all database snapshots";
  const pages = await allPages((page) =>
    asked(doing, rds.send(new DescribeDBSnapshotsCommand({ ...page, SnapshotType: "manual" }))),
  );
  return pages.flatMap(({ DBSnapshots = [] }) => DBSnapshots);
}

export async function manualClusterSnapshots(rds: RDSClient): Promise<DBClusterSnapshot[]> {
  const doing = "Reading all snapshots of database clusters";
  const pages = await allPages((page) =>
    asked(doing, rds.send(new DescribeDBClusterSnapshotsCommand({ ...page, SnapshotType: "manual" }))),
  );
  return pages.flatMap(({ DBClusterSnapshots = [] }) => DBClusterSnapshots);
}

/** The tags that Describe… shows, by key. */
export function tagsOf({
  TagList = [],
}: {
  readonly TagList?: Tag[] | undefined;
}): Readonly<Record<string, string>> {
  return Object.fromEntries(TagList.map(({ Key = "", Value = "" }) => [Key, Value]));
}

async function allPages<Page extends { readonly Marker?: string | undefined }>(
  read: (position: { Marker?: string }) => Promise<Page>,
): Promise<Page[]> {
  const pages: Page[] = [];
  let marker: string | undefined;
  do {
    const page = await read(marker ? { Marker: marker } : {});
    pages.push(page);
    marker = page.Marker;
  } while (marker);
  return pages;
}

async function found<T>(
  doing: string,
  answer: Promise<T>,
  absent: readonly string[],
): Promise<T | undefined> {
  try {
    return await asked(doing, answer);
  } catch (error) {
    if (isNamed(error, ...absent)) return undefined;
    throw error;
  }
}
