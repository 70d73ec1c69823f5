import type { RegionContext } from "../../region-context.ts";
import type { AppConfigPermissions } from "./appconfig-permissions.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Rollouts } from "./rollouts.ts";

/** What the operations of AppConfig share. */
export interface AppConfigWorld {
  readonly context: RegionContext;
  readonly catalogue: Catalogue;
  readonly permissions: AppConfigPermissions;
  readonly rollouts: Rollouts;
}
