import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import type { QuotaName } from "./databases.ts";
import { EventBook } from "./event-book.ts";
import { GroupRegister } from "./group-register.ts";
import type { InstanceRecord } from "./instance-record.ts";
import { DEFAULT_PACE, type Pace } from "./pace.ts";
import type { ProxyRecord } from "./proxy-record.ts";
import type { RdsOptions } from "./rds-options.ts";
import type { ClusterSnapshot, InstanceSnapshot } from "./snapshot-record.ts";
import { Workbench } from "./workbench.ts";

/** All that RDS holds in this account and region, and what its operations share. */
export class RdsWorld {
  readonly context: RegionContext;
  readonly options: RdsOptions;
  readonly bench: Workbench;
  readonly events: EventBook;
  readonly groups: GroupRegister;
  readonly instances: InstanceRecord[] = [];
  readonly clusters: ClusterRecord[] = [];
  /** Deleted instances and clusters whose automated backups were kept. */
  readonly retainedInstances: InstanceRecord[] = [];
  readonly retainedClusters: ClusterRecord[] = [];
  readonly snapshots: InstanceSnapshot[] = [];
  readonly clusterSnapshots: ClusterSnapshot[] = [];
  readonly proxies: ProxyRecord[] = [];
  readonly blueGreenDeployments: {
    readonly name: string;
    readonly id: string;
    readonly sourceArn: string;
  }[] = [];
  readonly maintenance: { readonly resourceArn: string; readonly action: string }[] = [];
  readonly disabledKeys = new Set<string>();
  /** Example values of the SDK's documentation for DescribeAccountAttributes (docs/facts/database.md §1). */
  readonly quotas: Record<QuotaName, number> = {
    DBInstances: 40,
    AllocatedStorage: 100_000,
    ManualSnapshots: 100,
    DBClusters: 40,
  };
  /** What AWS takes when a new cluster names no version: a guess, and another one next year. */
  readonly defaultEngineVersions: Readonly<Record<string, string>> = {
    "aurora-postgresql": "16.6",
    "aurora-mysql": "8.0.mysql_aurora.3.10.0",
  };
  /** What DescribeDBInstances shows between an id and the region: one value for an account and region. */
  readonly endpointHash: string;
  readonly failures: { readonly status: string; readonly message: string | undefined }[] = [];
  readonly memberFailures: { readonly status: string; readonly message: string | undefined }[] = [];
  /** How many of the next manual snapshots end as `failed`. */
  snapshotFailures = 0;
  pace: Pace = DEFAULT_PACE;
  restorableLagMs = 5 * 60_000;
  parameterGroupAfterRestore: "in-sync" | "pending-reboot" = "in-sync";
  renameShowsPending = false;
  proxyMembersNameTheirCluster = true;

  constructor(context: RegionContext, options: RdsOptions) {
    this.context = context;
    this.options = options;
    this.bench = new Workbench(context.kernel);
    this.events = new EventBook(context);
    this.groups = new GroupRegister(options);
    this.endpointHash = `c${this.bench.random.hex(11)}`;
  }

  get now(): number {
    return this.context.kernel.now;
  }

  arn(kind: string, name: string): string {
    return arnOf(this.context, "rds", `${kind}:${name}`);
  }

  /** The instance with this identifier; RDS stores identifiers in lower case. */
  findInstance(id: string | undefined): InstanceRecord | undefined {
    return this.instances.find((instance) => instance.id === id?.toLowerCase());
  }

  instance(id: string | undefined): InstanceRecord {
    const found = this.findInstance(id);
    if (!found) throw new AwsError("DBInstanceNotFoundFault", `DBInstance ${id} not found.`);
    return found;
  }

  findCluster(id: string | undefined): ClusterRecord | undefined {
    return this.clusters.find((cluster) => cluster.id === id?.toLowerCase());
  }

  cluster(id: string | undefined): ClusterRecord {
    const found = this.findCluster(id);
    if (!found) throw new AwsError("DBClusterNotFoundFault", `DBCluster ${id} not found.`);
    return found;
  }

  /** Writer first. */
  membersOf(cluster: ClusterRecord): readonly InstanceRecord[] {
    const members = this.instances.filter((instance) => instance.cluster === cluster);
    const isWriter = ({ resourceId }: InstanceRecord) => resourceId === cluster.writerId;
    return [...members.filter(isWriter), ...members.filter((member) => !isWriter(member))];
  }

  hostOf({ id }: InstanceRecord): string {
    return `${id}.${this.#hostSuffix}`;
  }

  clusterHost({ id }: ClusterRecord, role: "cluster" | "cluster-ro" = "cluster"): string {
    return `${id}.${role}-${this.#hostSuffix}`;
  }

  proxyHost(name: string): string {
    return `${name}.proxy-${this.#hostSuffix}`;
  }

  /** A `db-…` or `cluster-…` resource id in shape. */
  resourceId(prefix: "db" | "cluster" | "prx" | "prx-tg"): string {
    const length = prefix.startsWith("prx") ? 17 : 26;
    const id = this.bench.random.hex(length);
    return `${prefix}-${prefix.startsWith("prx") ? id : id.toUpperCase()}`;
  }

  /** Whether data under this key can be read; without a key of the customer's it always can. */
  canUse(key: string | undefined): boolean {
    if (key === undefined) return true;
    return !this.disabledKeys.has(key) && (this.options.keyEnabled?.(key) ?? true);
  }

  /** What each quota counts now (docs/facts/database.md §1). */
  used(quota: QuotaName): number {
    switch (quota) {
      case "DBInstances":
        return this.instances.length;
      case "DBClusters":
        return this.clusters.length;
      case "ManualSnapshots":
        return this.snapshots.filter(({ type }) => type === "manual").length;
      case "AllocatedStorage":
        return this.instances
          .filter(({ cluster }) => !cluster)
          .reduce((sum, { settings }) => sum + settings.AllocatedStorage, 0);
    }
  }

  /** Refuses when `more` would not fit any more. */
  claim(quota: QuotaName, more: number): void {
    if (this.used(quota) + more <= this.quotas[quota]) return;
    throw new AwsError(QUOTA_FAULTS[quota], `You have exceeded the quota ${quota}: ${this.quotas[quota]}.`);
  }

  get #hostSuffix(): string {
    return `${this.endpointHash}.${this.context.region}.rds.amazonaws.com`;
  }
}

const QUOTA_FAULTS: Readonly<Record<QuotaName, string>> = {
  DBInstances: "InstanceQuotaExceededFault",
  AllocatedStorage: "StorageQuotaExceededFault",
  ManualSnapshots: "SnapshotQuotaExceededFault",
  DBClusters: "DBClusterQuotaExceededFault",
};
