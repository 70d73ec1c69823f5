/** How the complete application is built; every member has a default, which `environments/complete.yaml` describes. */
export interface CompleteOptions {
  /** @default "postgres", an RDS instance */
  readonly engine?: DatabaseEngine;
  /** How the API finds its database. @default "endpoint-parameter" */
  readonly cutOver?: CutOverStrategy;
  /** @default "pointer" */
  readonly frontend?: FrontendLayout;
  /** What cleans its cache, and so what its tasks' keys look like. @default "epoch" */
  readonly cache?: CacheLayout;
  /** @default "load-balancer-rules" */
  readonly page?: PageSwitch;
  /** Tasks besides the services' that write to the database: reports every five minutes, a backfill. @default false */
  readonly connectedTasks?: boolean;
  /** A digest every five minutes that writes too, by a schedule of EventBridge Scheduler. @default false */
  readonly connectedSchedules?: boolean;
  /** Files of each release of the frontend, of which every fifth changes from release to release. @default 40 */
  readonly objects?: number;
  /** Rows of the tables at the beginning: how long restores and copies take. @default some 100,000 */
  readonly rows?: Readonly<Record<string, number>>;
}

/** PostgreSQL as an instance; the Aurora ones as a cluster, the MySQL one with a backtrack window of a day. */
export type DatabaseEngine = "postgres" | "aurora-mysql" | "aurora-postgresql";

/** Where the host name comes from: the proxy's, or the database's own out of a parameter, a secret or the image. */
export type CutOverStrategy = "proxy" | "endpoint-parameter" | "endpoint-secret" | "rename";

/** How releases of the frontend lie in the bucket, and what makes one live (docs/facts/frontend-secrets-config.md A.0). */
export type FrontendLayout = "pointer" | "origin-path" | "versioned-bucket" | "release-prefix";

/**
 * `epoch`: a number that tasks read at their start goes before every key. `flush`, `snapshot`: keys are bare, so that only
 * an emptied cache, or another one, is without an old entry (docs/facts/frontend-secrets-config.md §D).
 */
export type CacheLayout = "epoch" | "flush" | "snapshot";

/**
 * What shows people the maintenance page (docs/facts/frontend-secrets-config.md §E). With `key-value-store` everybody comes
 * through CloudFront, the API's requests too; it needs the frontend `pointer`. With `parameter` the tasks of the web
 * service ask for it while they live.
 */
export type PageSwitch = "load-balancer-rules" | "key-value-store" | "parameter";
