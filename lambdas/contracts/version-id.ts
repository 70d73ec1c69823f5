import type { ComponentVersion } from "./ledger.ts";

type IdOf = {
  readonly [K in ComponentVersion["kind"]]: (version: Extract<ComponentVersion, { kind: K }>) => string;
};

const IDS: IdOf = {
  "ecs-service": (version) => version.taskDefinition,
  database: (version) => version.resourceId,
  frontend: (version) => version.manifestVersion ?? version.release,
  secret: (version) => version.versionId,
  parameter: ({ versions }) =>
    Object.entries(versions)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, version]) => `${name}=${version}`)
      .join(","),
};

/** The identity of a recorded version: what `Version.id` of a move from or to it says, and what people name. */
export function versionIdOf(version: ComponentVersion): string {
  // TypeScript cannot see that the key and the argument belong together.
  const idOf = IDS[version.kind] as (one: ComponentVersion) => string;
  return idOf(version);
}
