import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";

/** What both shapes of a database share, as it is now. */
interface Facts {
  /** What stays when names change (docs/facts/database.md §0.5). */
  readonly resourceId: string;
  readonly identifier: string;
  readonly arn: string;
  readonly status: string;
  /** Where clients connect; undefined while it is being made. */
  readonly host: string | undefined;
  /** Where clients connect that only read; a cluster's, whose readers come and go behind it. */
  readonly readerHost: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly securityGroups: readonly string[];
  readonly deletionProtection: boolean;
}

export interface InstanceDatabase extends Facts {
  readonly instance: DBInstance;
}

export interface ClusterDatabase extends Facts {
  readonly cluster: DBCluster;
  /** Writer first. */
  readonly members: readonly DBInstance[];
}

export type Database = InstanceDatabase | ClusterDatabase;

/** One call that changes a database, described before it is made. */
export interface Change {
  /** Names the change in the journal: it is not repeated while an earlier one may still become visible. */
  readonly key: string;
  /** What is done, for people: `setting Enhanced Monitoring`. */
  readonly what: string;
  readonly send: () => Promise<unknown>;
  /** What else the journal should know of it. */
  readonly facts?: Readonly<Record<string, string>>;
  /** A second one meets the first and does no harm: it need not wait until the first one shows. */
  readonly repeatable?: boolean;
}

export interface Snapshot {
  readonly status: string;
  readonly sourceResourceId: string;
  readonly percent: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Broken {
  readonly type: "db-instance" | "db-cluster";
  readonly identifier: string;
  readonly status: string;
}

/** What may be changed of a database's surroundings in one call. */
export interface Protection {
  readonly securityGroups?: readonly string[];
  readonly deletionProtection?: boolean;
}

/**
 * How instances or Aurora clusters are read and changed: the verbs speak of databases only. Methods take the databases
 * that the same shape found.
 */
export interface Shape<D extends Database = Database> {
  /** `database instance` or `database cluster`. */
  readonly noun: string;
  find(resourceId: string): Promise<D | undefined>;
  /** Whoever has this name now. */
  named(identifier: string): Promise<D | undefined>;
  /**
   * Whether it has come to rest under this name and takes writes; a cluster's readers are not asked.
   *
   * @param statuses what counts as rest; `available` unless told
   */
  isSettled(database: D, identifier: string, statuses?: readonly string[]): boolean;
  /** The same of a copy with all its parts: nobody is sent to a cluster whose readers are still on their way. */
  isComplete(database: D): boolean;
  /** Itself or its part that ended in a status which it does not leave. */
  broken(database: D): Broken | undefined;
  /** Makes the copy, to the move's moment or from its snapshot, and answers its resource id. */
  restore(source: D): Promise<string | undefined>;
  /** The next thing that makes a copy like its source; undefined when there is nothing left to do. */
  nextChange(source: D, copy: D): Change | undefined;
  /** What the copy must have before users come. */
  goLive(source: D, copy: D): Change | undefined;
  differences(source: D, copy: D, phase: "prepared" | "live"): readonly string[];
  /** What users would feel of it: differences, and what waits for a reboot. */
  felt(source: D, copy: D): readonly string[];
  /** The database as it was, or has to be, while it serves: in these security groups, and protected from deletion. */
  asServing(database: D, securityGroups: readonly string[]): D;
  /** How much of the copy's storage has been loaded; undefined when RDS tells nothing of it. */
  warmth(database: D): number | undefined;
  snapshot(name: string): Promise<Snapshot | undefined>;
  takeSnapshot(database: D, name: string, tags: Readonly<Record<string, string>>): Promise<unknown>;
  rename(database: D, to: string): Promise<unknown>;
  protect(database: D, protection: Protection): Promise<unknown>;
  /** The database's own ARN and its members', each with the tags it has now. */
  taggables(
    database: D,
  ): readonly { readonly arn: string; readonly tags: Readonly<Record<string, string>> }[];
  /** The next deletion: members before their cluster. Undefined while one of them is on its way. */
  nextDeletion(database: D): Change | undefined;
  /** What RDS says went wrong with it, newest first. */
  troubles(broken: Broken, database: D): Promise<readonly string[]>;
  /** The command that renames it by hand. */
  renameCommand(from: string, to: string): string;
  /** The command that tells its host name, or that of its reader endpoint. */
  hostCommand(identifier: string, whose: "writer" | "reader"): string;
}
