import type { DeploymentEvent, DeploymentState, EnvironmentState, Monitor } from "@aws-sdk/client-appconfig";

export interface HostedVersion {
  readonly number: number;
  readonly content: Uint8Array;
  readonly contentType: string;
  readonly description: string | undefined;
  readonly label: string | undefined;
}

export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly type: string;
  readonly tags: Map<string, string>;
  /** Oldest first. */
  readonly versions: HostedVersion[];
}

/** How a configuration spreads over the targets, and for how long it is watched afterwards. */
export interface Strategy {
  readonly id: string;
  readonly name: string;
  readonly durationMinutes: number;
  readonly growthType: "LINEAR" | "EXPONENTIAL";
  /** Per cent. */
  readonly growthFactor: number;
  readonly bakeMinutes: number;
  readonly tags: Map<string, string>;
}

export interface Deployment {
  readonly number: number;
  readonly profile: Profile;
  readonly version: HostedVersion;
  /** What the targets had before: what a rollback gives them back. */
  readonly previous: HostedVersion | undefined;
  readonly strategy: Strategy;
  readonly description: string | undefined;
  readonly startedAt: number;
  completedAt?: number;
  state: DeploymentState;
  /** Per cent of the targets that have the new version. */
  percentage: number;
  /** Newest first. */
  readonly events: DeploymentEvent[];
  /** Set while AppConfig takes a completed deployment back. */
  reverting?: boolean;
}

export interface Environment {
  readonly id: string;
  name: string;
  description: string | undefined;
  readonly tags: Map<string, string>;
  monitors: readonly Monitor[];
  /** Oldest first; the number of each is its place. */
  readonly deployments: Deployment[];
  /** By profile id: what every target has when no deployment is on its way. */
  readonly live: Map<string, HostedVersion>;
  state: EnvironmentState;
}

export interface Application {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly tags: Map<string, string>;
  readonly environments: Map<string, Environment>;
  readonly profiles: Map<string, Profile>;
}

/**
 * States of a deployment that keep its environment busy: one deployment at a time
 * (docs/facts/frontend-secrets-config.md §C.2).
 */
export function isInProgress({ state }: Pick<Deployment, "state">): boolean {
  return ["VALIDATING", "DEPLOYING", "BAKING", "ROLLING_BACK"].includes(state);
}
