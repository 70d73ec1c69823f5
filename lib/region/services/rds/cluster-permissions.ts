import type {
  CreateDBClusterMessage,
  DeleteDBClusterMessage,
  ModifyDBClusterMessage,
  Tag,
} from "@aws-sdk/client-rds";
import type { Permission } from "../../service-model.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import { engineTraits } from "./engine.ts";
import { inheritedTags } from "./identifier.ts";
import { backupName } from "./operations-backups.ts";
import { type RdsPermissions, requestTags } from "./permissions.ts";
import type { RdsWorld } from "./rds-world.ts";

type NewClusterRequest = Partial<
  Pick<
    CreateDBClusterMessage,
    | "DBClusterIdentifier"
    | "DBClusterParameterGroupName"
    | "DBSubnetGroupName"
    | "Engine"
    | "EngineVersion"
    | "KmsKeyId"
    | "Tags"
  >
>;

/** What the cluster actions need (docs/facts/database.md §10). */
export class ClusterPermissions {
  readonly #world: RdsWorld;
  readonly #permissions: RdsPermissions;

  constructor(world: RdsWorld, permissions: RdsPermissions) {
    this.#world = world;
    this.#permissions = permissions;
  }

  on(action: string, name: string | undefined): Permission[] {
    return [this.#permissions.on(action, "cluster", name)];
  }

  onArn(action: string, arn: string): Permission[] {
    return [this.#permissions.onArn(action, arn)];
  }

  /** What is restored from: "cluster" means the source and the target. */
  source(
    action: string,
    kind: "cluster" | "cluster-snapshot",
    name: string | undefined,
    { Tags }: { readonly Tags?: readonly Tag[] | undefined },
  ): Permission[] {
    return [this.#permissions.on(action, kind, name, requestTags(Tags))];
  }

  keptBackup(
    action: string,
    { resourceId }: ClusterRecord,
    { Tags }: { readonly Tags?: readonly Tag[] | undefined },
  ): Permission[] {
    return [this.#permissions.on(action, "cluster-auto-backup", backupName(resourceId), requestTags(Tags))];
  }

  /** The new cluster and the groups it uses, defaults included. */
  make(
    action: string,
    input: NewClusterRequest,
    source: { readonly settings: ClusterSettings; readonly tags: readonly Tag[] } | undefined,
  ): Permission[] {
    const target = this.#world.arn("cluster", input.DBClusterIdentifier?.toLowerCase() ?? "*");
    const keys = requestTags(input.Tags);
    const engine = source?.settings ?? {
      Engine: input.Engine ?? "",
      EngineVersion: input.EngineVersion ?? "",
    };
    const traits = engineTraits(engine.Engine, engine.EngineVersion);
    const groups = {
      "cluster-pg": input.DBClusterParameterGroupName ?? `default.${traits.parameterFamily}`,
      og: traits.defaultOptionGroup,
      subgrp: input.DBSubnetGroupName ?? "default",
    };
    return [
      this.#permissions.onArn(action, target, keys),
      ...this.#permissions.groups(action, groups, keys),
      ...this.#permissions.useKey(input.KmsKeyId ?? source?.settings.KmsKeyId),
      ...this.#permissions.tagsOfNew(target, input.Tags, inheritedTags(source?.tags ?? [])),
    ];
  }

  /** As for instances, the new name is asked for as well: unverified. */
  modify(input: ModifyDBClusterMessage): Permission[] {
    const own = this.#permissions.on("ModifyDBCluster", "cluster", input.DBClusterIdentifier);
    const renamed = input.NewDBClusterIdentifier?.toLowerCase();
    return [
      own,
      ...(renamed === undefined ? [] : [{ ...own, resource: this.#world.arn("cluster", renamed) }]),
      ...this.#permissions.groups("ModifyDBCluster", { "cluster-pg": input.DBClusterParameterGroupName }),
      ...this.#permissions.createMasterSecret(input.ManageMasterUserPassword, input.MasterUserSecretKmsKeyId),
    ];
  }

  /** `cluster-snapshot` is required by the action; without a final snapshot it is any. */
  remove({ DBClusterIdentifier, FinalDBSnapshotIdentifier }: DeleteDBClusterMessage): Permission[] {
    return [
      this.#permissions.on("DeleteDBCluster", "cluster", DBClusterIdentifier),
      this.#permissions.on("DeleteDBCluster", "cluster-snapshot", FinalDBSnapshotIdentifier),
    ];
  }
}
