import type { MasterUserSecret, Tag } from "@aws-sdk/client-rds";
import type { ClusterRecord } from "./cluster-record.ts";
import type { Content } from "./content.ts";
import type { InstanceFacts, InstanceSettings } from "./instance-settings.ts";
import type { Worked } from "./workbench.ts";

/** A DB instance: what stays (its resource id, its data) and what changes (its name, its settings, its status). */
export interface InstanceRecord extends Worked {
  /** The identifier; a rename changes it, and with it the ARN and the endpoint. */
  id: string;
  readonly resourceId: string;
  readonly createdAt: number;
  settings: InstanceSettings;
  /** Accepted changes that wait for their turn or for the maintenance window. */
  pending: PendingChanges;
  tags: readonly Tag[];
  parameterStatus: string;
  /** The same of the cluster's parameter group, for a member. */
  clusterParameterStatus: "in-sync" | "pending-reboot";
  optionStatus: string;
  securityGroupStatus: string;
  masterSecret: MasterUserSecret | undefined;
  /** Shared with the cluster for a member. */
  readonly content: Content;
  readonly cluster: ClusterRecord | undefined;
  facts: InstanceFacts;
  sessions: number;
  /** Nobody gets through: rebooting, renaming, or not there yet. */
  down: boolean;
  /** Whether it has an endpoint; not while `creating`. */
  hasEndpoint: boolean;
  /** From when on the host name resolves. */
  resolvesAt: number;
  /** When the first automated backup was complete: the beginning of the restore window. */
  firstBackupAt: number | undefined;
  /** The volume loads from S3 between these moments. */
  initialisation: { readonly from: number; readonly to: number } | undefined;
  /** When the instance was deleted and its automated backups retained. */
  deletedAt: number | undefined;
}

/** Settings that may wait, and a new name. */
export type PendingChanges = Partial<InstanceSettings> & {
  readonly DBInstanceIdentifier?: string | undefined;
  /** The label of a new master password. */
  readonly masterPassword?: string | undefined;
};
