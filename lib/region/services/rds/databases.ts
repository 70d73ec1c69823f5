import type { ServiceModel } from "../../service-model.ts";
import type { ClusterSpec } from "./cluster-settings.ts";
import type { ContentView } from "./content.ts";
import type { DataApiRefusal } from "./data-api.ts";
import type { InstanceSpec } from "./instance-settings.ts";
import type { Pace } from "./pace.ts";
import type { ProxySpec } from "./proxy-record.ts";

/** The simulated RDS: its wire model, and the databases as the application and the drills see them. */
export interface Rds {
  readonly model: ServiceModel;
  readonly databases: Databases;
}

/**
 * The databases from the application's side. A `name` is an instance or cluster identifier, an endpoint's host name (a
 * proxy's too) or a resource id: a pool that still holds the address of a renamed instance goes by its resource id.
 */
export interface Databases {
  /** Puts an instance there that exists since before the story, available and backed up. */
  install(spec: InstanceSpec): Database;
  /** The same for an Aurora cluster; its members come with it. */
  installCluster(spec: ClusterSpec): Database;
  /** Puts a manual snapshot of a cluster there, taken at a moment before the story (epoch milliseconds). */
  installClusterSnapshot(cluster: string, snapshot: { readonly id: string; readonly at: number }): void;
  installProxy(spec: ProxySpec): { readonly host: string };
  /** What stands behind a name now; undefined when nothing does. */
  instance(name: string): Database | undefined;
  /** Whether the application reaches the database: up, resolvable, and let in by a security group. */
  connectable(name: string): boolean;
  /** Appends a write now; false when the database cannot be reached. */
  write(name: string, table: string, rows: number, note?: string): boolean;
  /** Records that a migration brought the schema to a revision; false when the database cannot be reached. */
  migrate(name: string, revision: string): boolean;
  /** Marks what a bad release did to a table; gone again in what is restored to before it. */
  corrupt(name: string, table: string): boolean;
  /**
   * What a client's whole logical dump, taken at a moment (epoch milliseconds), leaves behind when it is loaded into the
   * emptied database: the data of that moment, in place. Passwords are in no dump of a database. False when it cannot be
   * reached.
   */
  loadDump(name: string, takenAt: number): boolean;
  /** What the database holds, now or as it was at a moment (epoch milliseconds). */
  contentAt(name: string, at?: number): ContentView | undefined;
  /** What a statement by RDS Data API finds at a cluster's ARN. */
  askByDataApi(arn: string): ContentView | DataApiRefusal;
  /** The label of the password that logs in: a version's name, never a secret. Restored with the data. */
  passwordOf(name: string, at?: number): string | undefined;
  setPassword(name: string, label: string): void;
  /** Open sessions, as the application set them; a reboot, a rename and a backtrack end them all. */
  sessions(name: string): number;
  setSessions(name: string, count: number): void;
  readonly drill: DatabaseDrill;
}

/** One database as a drill looks at it. */
export interface Database {
  readonly id: string;
  /** `db-…` or `cluster-…`: what stays when names change. */
  readonly resourceId: string;
  readonly arn: string;
  readonly status: string;
  /** Undefined while it is being created. */
  readonly host: string | undefined;
  /** A cluster's. */
  readonly readerHost: string | undefined;
  readonly securityGroups: readonly string[];
}

/** What a drill may do to the databases' surroundings. */
export interface DatabaseDrill {
  /** How long RDS takes for everything; assign to change. */
  pace: Pace;
  /** How far LatestRestorableTime may lag; AWS uploads logs every five minutes. */
  restorableLagMs: number;
  /** The ParameterApplyStatus that a restored instance with a custom parameter group ends up with. */
  parameterGroupAfterRestore: "in-sync" | "pending-reboot";
  /** Whether PendingModifiedValues tells of a rename that has been accepted and is not visible in the status yet. */
  renameShowsPending: boolean;
  /** Whether DescribeDBProxyTargets names the cluster with each of its members: AWS's own examples differ. */
  proxyMembersNameTheirCluster: boolean;
  /** The next restore ends in this status instead of `available`; `DescribeEvents` tells the text. */
  failNextRestore(status: FailureStatus, message?: string): void;
  /** The same for the next member that somebody creates in a cluster. */
  failNextMember(status: FailureStatus, message?: string): void;
  /** The next manual snapshot of an instance ends as `failed`. */
  failNextSnapshot(): void;
  deleteParameterGroup(name: string): void;
  setQuota(name: QuotaName, max: number): void;
  disableKey(arn: string): void;
  /** Declares a security group; groups of installed databases admit the application, others do not unless told. */
  securityGroup(id: string, group: { readonly admits: boolean }): void;
  blueGreenDeployment(name: string, sourceArn: string): void;
  pendingMaintenance(resourceArn: string, action: string): void;
}

export type QuotaName = "DBInstances" | "AllocatedStorage" | "ManualSnapshots" | "DBClusters";

/** Statuses that a restore ends in for good (docs/facts/database.md §6, terminal). */
export const FAILED_RESTORES = [
  "failed",
  "restore-error",
  "incompatible-restore",
  "incompatible-network",
  "incompatible-parameters",
  "incompatible-option-group",
  "inaccessible-encryption-credentials",
  "insufficient-capacity",
] as const;

export type FailureStatus = (typeof FAILED_RESTORES)[number];
