import type { EncryptionKeys } from "../../encryption-keys.ts";
import type { RegionContext } from "../../region-context.ts";
import type { Replication } from "./replication.ts";
import type { Rotations } from "./rotations.ts";
import type { SecretPermissions } from "./secret-permissions.ts";
import type { SecretStore } from "./secret-store.ts";

/** What the operations of Secrets Manager share. */
export interface SecretsWorld {
  readonly context: RegionContext;
  readonly store: SecretStore;
  readonly keys: EncryptionKeys;
  readonly permissions: SecretPermissions;
  readonly replication: Replication;
  readonly rotations: Rotations;
}
