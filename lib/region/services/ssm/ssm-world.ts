import type { EncryptionKeys } from "../../encryption-keys.ts";
import type { RegionContext } from "../../region-context.ts";
import type { ParameterPermissions } from "./parameter-permissions.ts";
import type { ParameterStore } from "./parameter-store.ts";

/** What the operations of Parameter Store share. */
export interface SsmWorld {
  readonly context: RegionContext;
  readonly store: ParameterStore;
  readonly keys: EncryptionKeys;
  readonly permissions: ParameterPermissions;
  /** How many of the next changes of a parameter, by name, fail with TooManyUpdates. */
  readonly refusals: Map<string, number>;
}
