import type { DBClusterBacktrack, MasterUserSecret, Tag } from "@aws-sdk/client-rds";
import type { ClusterFacts, ClusterSettings } from "./cluster-settings.ts";
import type { Content } from "./content.ts";
import type { Worked } from "./workbench.ts";

/** An Aurora cluster: the data and the endpoints; its members are instance records that point here. */
export interface ClusterRecord extends Worked {
  id: string;
  readonly resourceId: string;
  readonly createdAt: number;
  settings: ClusterSettings;
  pending: PendingClusterChanges;
  tags: readonly Tag[];
  masterSecret: MasterUserSecret | undefined;
  readonly content: Content;
  readonly facts: ClusterFacts;
  /** The resource id of the member that takes writes: the first that is made, until a failover. */
  writerId: string | undefined;
  /** Nobody gets through, whatever the members say. */
  down: boolean;
  resolvesAt: number;
  firstBackupAt: number | undefined;
  deletedAt: number | undefined;
  /** Backtracking reaches no further than this; undefined when the cluster was made without it. */
  readonly backtrackSince: number | undefined;
  /** Once switched off, backtracking cannot come back (docs/facts/database.md §3). */
  backtrackLost: boolean;
  readonly backtracks: DBClusterBacktrack[];
}

export type PendingClusterChanges = Partial<ClusterSettings> & {
  readonly DBClusterIdentifier?: string | undefined;
  readonly masterPassword?: string | undefined;
};
