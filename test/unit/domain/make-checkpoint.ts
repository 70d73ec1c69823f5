import type { Checkpoint, ComponentVersion } from "../../../lambdas/contracts/ledger.ts";
import { taskDefinition } from "./make-move.ts";

export function makeComponentVersion(family: string, revision: number): ComponentVersion {
  return {
    kind: "ecs-service",
    taskDefinition: taskDefinition(family, revision),
    images: [{ container: "app", image: `${family}:v${revision}`, digest: `sha256:${revision}` }],
    registration: JSON.stringify({
      family,
      containerDefinitions: [{ name: "app", image: `${family}:v${revision}` }],
    }),
  };
}

/** `api` and `web` at revision 42, recorded at midnight. */
export function makeCheckpoint(overrides: Partial<Checkpoint> = {}): Checkpoint {
  return {
    id: "20261121T000000Z-aaaaaaaa",
    status: "candidate",
    recordedAt: "2026-11-21T00:00:00.000Z",
    because: "recorded after a deployment",
    vector: { api: makeComponentVersion("api", 42), web: makeComponentVersion("web", 42) },
    ...overrides,
  };
}
