/** What follows from an engine and its version. */
export interface EngineTraits {
  /** `postgres16`, `mysql8.0`, `aurora-mysql8.0` … */
  readonly parameterFamily: string;
  readonly defaultOptionGroup: string;
  readonly port: number;
  readonly licenseModel: string;
  /** From how many GiB on gp3 takes Iops and StorageThroughput (docs/facts/database.md §2; Db2 unverified). */
  readonly gp3ThresholdGiB: number;
  /** Whether the storage can be chosen at restore; not for SQL Server. */
  readonly restoresWithStorage: boolean;
}

export function engineTraits(engine: string, version: string): EngineTraits {
  const [major = "", minor = ""] = version.split(".");
  // PostgreSQL counts majors by the first number since 10, the others by the first two.
  const series = engine.includes("postgres") ? major : `${major}.${minor}`;
  const sqlServer = engine.startsWith("sqlserver");
  const oracle = engine.startsWith("oracle");
  return {
    parameterFamily: sqlServer || oracle ? `${engine}-${series}` : `${engine}${series}`,
    defaultOptionGroup: `default:${engine}-${series.replace(".", "-")}`,
    port: portOf(engine),
    licenseModel: licenseOf(engine),
    gp3ThresholdGiB: sqlServer ? 0 : oracle ? 200 : 400,
    restoresWithStorage: !sqlServer,
  };
}

/** The RDS user guide's default ports of the engines; Aurora PostgreSQL and MySQL have their models' ones. */
function portOf(engine: string): number {
  if (engine.includes("postgres")) return 5432;
  if (engine.startsWith("sqlserver")) return 1433;
  if (engine.startsWith("oracle")) return 1521;
  return engine.startsWith("db2") ? 50_000 : 3306;
}

function licenseOf(engine: string): string {
  if (engine.includes("postgres")) return "postgresql-license";
  if (engine.startsWith("sqlserver")) return "license-included";
  if (engine.startsWith("oracle") || engine.startsWith("db2")) return "bring-your-own-license";
  return "general-public-license";
}

export function isAurora(engine: string): boolean {
  return engine.startsWith("aurora");
}
