import type { DBInstance } from "@aws-sdk/client-rds";

export interface StorageMembers {
  readonly StorageType?: string | undefined;
  readonly AllocatedStorage?: number | undefined;
  readonly Iops?: number | undefined;
  readonly StorageThroughput?: number | undefined;
}

/** The storage that a restore asks for: without a type it would be gp3 or io1, whatever the source has (§2). */
export function storageAtRestore(source: DBInstance): StorageMembers {
  return isSqlServer(source) ? {} : storageOf(source);
}

/** The storage as one group: RDS wants size and IOPS together (docs/facts/database.md §11). */
export function storageOf(source: DBInstance): StorageMembers {
  const { StorageType, AllocatedStorage, Iops, StorageThroughput } = source;
  if (!takesPerformance(source)) return { StorageType, AllocatedStorage };
  return {
    StorageType,
    AllocatedStorage,
    ...(Iops === undefined ? {} : { Iops }),
    ...(StorageType === "gp3" && StorageThroughput !== undefined ? { StorageThroughput } : {}),
  };
}

/**
 * Whether IOPS and throughput may be said. A small gp3 volume reports 3,000 and 125, and RDS refuses to be told so
 * (docs/facts/database.md §0.8); on the others they are either bought or do not exist.
 */
export function takesPerformance({ Engine = "", StorageType, AllocatedStorage = 0 }: DBInstance): boolean {
  if (StorageType === "gp3") return AllocatedStorage >= gp3Threshold(Engine);
  return StorageType === "io1" || StorageType === "io2";
}

/** The storage of SQL Server is the source's at restore and can only be modified (docs/facts/database.md §2). */
export function isSqlServer({ Engine = "" }: DBInstance): boolean {
  return Engine.startsWith("sqlserver");
}

/** A ceiling that is not above the size is none. */
export function autoscalingLimit({
  MaxAllocatedStorage: max,
  AllocatedStorage = 0,
}: DBInstance): number | undefined {
  return max !== undefined && max > AllocatedStorage ? max : undefined;
}

/** From how many GiB on gp3 takes them (docs/facts/database.md §2; Db2 unverified: the higher one, which says less). */
function gp3Threshold(engine: string): number {
  if (engine.startsWith("sqlserver")) return 0;
  return engine.startsWith("oracle") ? 200 : 400;
}
