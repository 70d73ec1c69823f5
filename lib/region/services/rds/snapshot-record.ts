import type { Tag } from "@aws-sdk/client-rds";
import type { ClusterSettings } from "./cluster-settings.ts";
import type { Content } from "./content.ts";
import type { InstanceSettings } from "./instance-settings.ts";
import type { Worked } from "./workbench.ts";

/** A manual or automated snapshot of an instance or a cluster: data and settings as of one moment. */
export interface SnapshotRecord<Settings extends InstanceSettings | ClusterSettings> extends Worked {
  readonly id: string;
  readonly type: "manual" | "automated";
  /** The name that its source had. */
  readonly sourceId: string;
  readonly sourceResourceId: string;
  readonly sourceCreatedAt: number;
  readonly settings: Settings;
  readonly content: Content;
  /** The last moment that is in it. */
  readonly databaseTime: number;
  readonly createdAt: number;
  /** When it is complete. */
  readonly completeAt: number;
  tags: readonly Tag[];
  /** The source's tags when it was taken: what a restored database gets unless told. */
  readonly sourceTags: readonly Tag[];
}

export type InstanceSnapshot = SnapshotRecord<InstanceSettings>;
export type ClusterSnapshot = SnapshotRecord<ClusterSettings>;
