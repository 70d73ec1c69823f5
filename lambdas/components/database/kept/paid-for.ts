import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import type { Sight } from "../sight.ts";

/** What a database costs, in words: AWS bills its instances, its storage and what hangs on it. No prices, they change. */
export function paidFor(database: Sight): string {
  const parts =
    database.shape === "cluster"
      ? [...classesOf(database.members), storageOfCluster(database.cluster)]
      : partsOf(database.instance);
  return `${parts.join(", ")}, and its backups`;
}

function partsOf({
  DBInstanceClass: name = "",
  MultiAZ: multi,
  AllocatedStorage: size,
  StorageType: type,
  Iops: iops,
  ReadReplicaDBInstanceIdentifiers: replicas = [],
}: DBInstance): string[] {
  return [
    name,
    ...(multi ? ["Multi-AZ"] : []),
    `${size} GiB ${type}`,
    ...(iops === undefined || (type === "gp3" && iops <= FREE_IOPS) ? [] : [`${iops} IOPS`]),
    // They stay with the old one (docs/facts/database.md §0.10).
    ...(replicas.length > 0 ? [`its read replicas ${replicas.join(" and ")}`] : []),
  ];
}

/** Those of gp3 that come with its storage: what a small volume reports without having asked (docs/facts/database.md §0.8). */
const FREE_IOPS = 3_000;

/** Of several alike: `2 x db.r6g.large`. */
function classesOf(members: readonly DBInstance[]): string[] {
  const counts = new Map<string, number>();
  for (const { DBInstanceClass: name = "" } of members) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} x ${name}`));
}

/** "For Aurora, AllocatedStorage always returns 1" [SDK]: it is billed by use. */
function storageOfCluster({ Engine: engine = "", AllocatedStorage: size, StorageType: type }: DBCluster) {
  return engine.startsWith("aurora") ? "storage by use" : `${size} GiB ${type}`;
}
