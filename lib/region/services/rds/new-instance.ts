import type { Tag } from "@aws-sdk/client-rds";
import type { ClusterRecord } from "./cluster-record.ts";
import type { Content } from "./content.ts";
import type { InstanceRecord } from "./instance-record.ts";
import type { InstanceFacts, InstanceSettings } from "./instance-settings.ts";
import type { RdsWorld } from "./rds-world.ts";

export interface NewInstance {
  readonly id: string;
  readonly settings: InstanceSettings;
  readonly content: Content;
  readonly tags: readonly Tag[];
  readonly cluster?: ClusterRecord;
  readonly facts?: InstanceFacts;
  /** Now unless told. */
  readonly createdAt?: number;
}

/** An instance in its first moment: `creating`, with a resource id and without an endpoint. */
export function newInstance(world: RdsWorld, made: NewInstance): InstanceRecord {
  const { id, settings, content, tags, cluster, facts = {}, createdAt = world.now } = made;
  const record: InstanceRecord = {
    id,
    resourceId: world.resourceId("db"),
    createdAt,
    settings,
    content,
    tags,
    cluster,
    status: "creating",
    brokenAs: undefined,
    jobs: 0,
    working: Promise.resolve(),
    pending: {},
    parameterStatus: "in-sync",
    clusterParameterStatus: "in-sync",
    optionStatus: "in-sync",
    securityGroupStatus: "active",
    masterSecret: undefined,
    facts,
    sessions: 0,
    down: true,
    hasEndpoint: false,
    resolvesAt: 0,
    firstBackupAt: undefined,
    initialisation: undefined,
    deletedAt: undefined,
  };
  world.instances.push(record);
  // The first member becomes the writer (docs/facts/database.md §3).
  if (cluster) cluster.writerId ??= record.resourceId;
  return record;
}
