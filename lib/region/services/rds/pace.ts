/** From and to, virtual milliseconds; the actual time is drawn from the region's seed. */
export type Range = readonly [fromMs: number, toMs: number];

/**
 * How long RDS takes. AWS documents next to none of this (docs/facts/database.md §1, §13): the defaults are guesses
 * inside the few measurements there are, and a drill can set every one of them.
 */
export interface Pace {
  /** `creating` of a small restored instance. Terraform's whole tiny restore cycle takes 1275 to 1485 s (§1). */
  readonly restore: Range;
  /** How fast a restore brings data back on top of that; duration grows with data and log (§1). Unverified. */
  readonly restoreRowsPerSecond: number;
  /**
   * How long `available` flashes before that backup. Not at all by default: `backing-up` was seen for hours *before*
   * `available` (docs/facts/performance-reliability.md A1), and right after `creating` in looks ten seconds apart
   * (hashicorp/terraform 2014). The order that flashes first is inferred (§6); a drill can have it.
   */
  readonly flashBeforeBackup: Range;
  /** The first automated backup after a restore, `backing-up`: two to three hours since 2025 (A1 there). */
  readonly firstBackup: Range;
  /** The backup that begins when backups are switched on for what serves; the range is a guess. */
  readonly backupsOn: Range;
  /** The `modifying` after it (§6). */
  readonly settling: Range;
  /** How long `available` flashes between two of these (§6). */
  readonly flash: Range;
  /** From an accepted ModifyDBInstance until the status says so. */
  readonly acceptance: Range;
  readonly modification: Range;
  /** From an accepted rename until the status says so (§0.3); its real length is unknown (§13). */
  readonly renameFlap: Range;
  /** `renaming` under the old identifier. */
  readonly renaming: Range;
  readonly reboot: Range;
  /** From the end of a rename until the new host name resolves; AWS says "about ten minutes" for the whole (§5). */
  readonly hostName: Range;
  /** Manual snapshots are incremental when automated backups exist: minutes (§4). */
  readonly snapshot: Range;
  readonly deletion: Range;
  /** A proxy's target in REGISTERING, then UNAVAILABLE for want of capacity: "seconds to 2 min" together (§5 d). */
  readonly proxyRegistering: Range;
  readonly proxyCapacity: Range;
  readonly clusterRestore: Range;
  readonly memberCreation: Range;
  /** Until a reader has become the writer: minutes at most; the range is a guess. */
  readonly failover: Range;
  /** Aurora backtrack: minutes (§3). */
  readonly backtrack: Range;
  /** How long a restored volume loads its blocks from S3 (§1, "available is not warm"). */
  readonly storageInitialisation: Range;
}

const seconds = (from: number, to: number): Range => [from * 1000, to * 1000];
const minutes = (from: number, to: number): Range => seconds(from * 60, to * 60);

/** The first backup of what is restored, as it was before 2025: the range is a guess (performance-reliability.md A1). */
export const BACKUP_OF_MINUTES = { firstBackup: minutes(2, 4) } as const satisfies Partial<Pace>;
/**
 * And `available` for some seconds before it: an order of statuses that is inferred (§6). The command line's waiter believes
 * the first `available` that it meets.
 */
export const FLASH_BEFORE_BACKUP = { flashBeforeBackup: seconds(10, 40) } as const satisfies Partial<Pace>;

/** A small restore takes connections after 8 to 12 minutes and is at rest hours later; a rename takes 4 to 10 minutes. */
export const DEFAULT_PACE: Pace = {
  restore: minutes(8, 12),
  restoreRowsPerSecond: 20_000,
  flashBeforeBackup: [0, 0],
  firstBackup: minutes(120, 180),
  backupsOn: minutes(2, 4),
  settling: minutes(1, 2),
  flash: seconds(10, 40),
  acceptance: seconds(0, 20),
  modification: minutes(1, 3),
  renameFlap: seconds(0, 120),
  renaming: minutes(2, 3.5),
  reboot: minutes(1.5, 2.5),
  hostName: seconds(30, 120),
  snapshot: minutes(2, 5),
  deletion: minutes(3, 6),
  proxyRegistering: seconds(10, 30),
  proxyCapacity: seconds(20, 60),
  clusterRestore: minutes(6, 10),
  memberCreation: minutes(5, 8),
  failover: seconds(20, 40),
  backtrack: minutes(1, 3),
  storageInitialisation: minutes(20, 40),
};
