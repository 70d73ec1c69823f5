import type { Tag } from "@aws-sdk/client-rds";
import { arnOf } from "../../region-context.ts";
import type { Permission } from "../../service-model.ts";
import type { RdsWorld } from "./rds-world.ts";

type Keys = Readonly<Record<string, string | readonly string[]>>;

/** Resource types and condition keys of the RDS actions (docs/facts/database.md §10, Service Authorization Reference). */
export class RdsPermissions {
  readonly #world: RdsWorld;

  constructor(world: RdsWorld) {
    this.#world = world;
  }

  /** An action on a resource by its type and name, with the tags that the resource has. `keys` come with the request. */
  on(action: string, kind: ArnKind, name: string | undefined, keys: Keys = {}): Permission {
    return this.onArn(action, this.#world.arn(kind, name?.toLowerCase() ?? "*"), keys);
  }

  onArn(action: string, arn: string, keys: Keys = {}): Permission {
    return {
      action: `rds:${action}`,
      resource: arn,
      context: { ...keys, ...resourceTags(arn, tagsOf(this.#world, arn)) },
    };
  }

  /** An action that has no resource types. */
  anywhere(action: string): Permission {
    return { action: `rds:${action}`, resource: "*" };
  }

  /** Actions on the groups that a request names; defaults count when they are used. */
  groups(
    action: string,
    groups: Partial<Readonly<Record<"pg" | "cluster-pg" | "og" | "subgrp", string | undefined>>>,
    keys: Keys = {},
  ): Permission[] {
    return Object.entries(groups).flatMap(([kind, name]) =>
      name === undefined ? [] : [this.onArn(action, this.#world.arn(kind, name), keys)],
    );
  }

  /**
   * Tags of a new resource are checked as AddTagsToResource too, and those it takes over silently with
   * `rds:TagsFromRequest` false (docs/facts/database.md §2, §11).
   */
  tagsOfNew(arn: string, given: readonly Tag[] | undefined, inherited: readonly Tag[]): Permission[] {
    const tags = given ?? inherited;
    if (tags.length === 0) return [];
    const keys = { ...requestTags(tags), "rds:TagsFromRequest": String(given !== undefined) };
    return [{ action: "rds:AddTagsToResource", resource: arn, context: keys }];
  }

  /** The role of Enhanced Monitoring is handed to `monitoring.rds.amazonaws.com`. */
  passMonitoringRole(role: string | undefined): Permission[] {
    return this.passRole(role, "monitoring.rds.amazonaws.com");
  }

  passRole(role: string | undefined, service: string): Permission[] {
    if (role === undefined) return [];
    return [{ action: "iam:PassRole", resource: role, context: { "iam:PassedToService": service } }];
  }

  /** A restore of an encrypted database needs a grant on its key, through RDS. */
  useKey(key: string | undefined): Permission[] {
    if (key === undefined) return [];
    const context = { "kms:ViaService": `rds.${this.#world.context.region}.amazonaws.com` };
    return ["kms:DescribeKey", "kms:CreateGrant"].map((action) => ({ action, resource: key, context }));
  }

  /** ManageMasterUserPassword creates a secret on the caller's behalf. */
  createMasterSecret(manage: boolean | undefined, key: string | undefined): Permission[] {
    if (!manage) return [];
    const resource = arnOf(this.#world.context, "secretsmanager", "secret:rds!db-*");
    const secret = ["secretsmanager:CreateSecret", "secretsmanager:TagResource"];
    return [
      ...secret.map((action) => ({ action, resource })),
      ...(key === undefined ? [] : [{ action: "kms:DescribeKey", resource: key }]),
    ];
  }
}

export type ArnKind =
  | "db"
  | "cluster"
  | "snapshot"
  | "cluster-snapshot"
  | "auto-backup"
  | "cluster-auto-backup"
  | "db-proxy"
  | "target-group"
  | "pg";

/** The condition keys of the tags in a request. */
export function requestTags(tags: readonly Tag[] | undefined): Keys {
  if (!tags || tags.length === 0) return {};
  return {
    "aws:TagKeys": tags.map(({ Key = "" }) => Key),
    ...keyed("aws:RequestTag", tags),
    ...keyed("rds:req-tag", tags),
  };
}

/** `rds:PubliclyAccessible`, when the request says anything of it. */
export function publicAccess(isPublic: boolean | undefined): Keys {
  return isPublic === undefined ? {} : { "rds:PubliclyAccessible": String(isPublic) };
}

const TAG_KEY_OF_TYPE: Readonly<Record<string, string>> = {
  db: "rds:db-tag",
  cluster: "rds:cluster-tag",
  snapshot: "rds:snapshot-tag",
  "cluster-snapshot": "rds:cluster-snapshot-tag",
};

function resourceTags(arn: string, tags: readonly Tag[]): Keys {
  const own = TAG_KEY_OF_TYPE[arn.split(":")[5] ?? ""];
  return { ...keyed("aws:ResourceTag", tags), ...(own !== undefined && keyed(own, tags)) };
}

function keyed(prefix: string, tags: readonly Tag[]): Keys {
  return Object.fromEntries(tags.map(({ Key, Value }) => [`${prefix}/${Key}`, Value ?? ""]));
}

/** The tags behind an ARN now; of none when nothing is there. */
export function tagsOf(world: RdsWorld, arn: string): readonly Tag[] {
  return taggable(world, arn)?.tags ?? [];
}

/** What carries tags behind an ARN. */
export function taggable(world: RdsWorld, arn: string): { tags: readonly Tag[] } | undefined {
  const has = (kind: string) => (record: { readonly id: string }) => world.arn(kind, record.id) === arn;
  return (
    world.instances.find(has("db")) ??
    world.clusters.find(has("cluster")) ??
    world.snapshots.find(has("snapshot")) ??
    world.clusterSnapshots.find(has("cluster-snapshot"))
  );
}
