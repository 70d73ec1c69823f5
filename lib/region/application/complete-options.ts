/** How the complete application is built; every member has a default, which `environments/complete.yaml` describes. */
export interface CompleteOptions {
  /** @default "postgres", an RDS instance */
  readonly engine?: DatabaseEngine;
  /** How the API finds its database. @default "endpoint-parameter" */
  readonly cutOver?: CutOverStrategy;
  /** @default "pointer" */
  readonly frontend?: FrontendLayout;
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
