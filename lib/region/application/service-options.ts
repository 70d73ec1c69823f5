import type { Component } from "./boardroom-names.ts";

/** How one service of the sample application is run, where that differs from a plain service that ECS deploys. */
export interface ServiceOptions {
  /** CodeDeploy deploys it, with the CODE_DEPLOY controller. */
  readonly codeDeploy?: CodeDeployOptions | undefined;
  /** Application Auto Scaling has its count follow its load. */
  readonly scaling?: ScalingOptions | undefined;
  /** Its clients stay connected for hours, as with WebSockets; a function of the application can tell them to leave. */
  readonly longConnections?: LongConnectionsOptions | undefined;
}

export type ServicesOptions = { readonly [Name in Component]?: ServiceOptions | undefined };

export interface CodeDeployOptions {
  /** How the traffic of a release moves: by one of AWS's own configurations. @default "all-at-once" */
  readonly traffic?: "all-at-once" | "canary" | undefined;
  /** How long the old tasks are kept after the traffic has moved; the deployment is in progress until then. @default 0 */
  readonly keepsOldMinutes?: number | undefined;
  /**
   * The traffic waits for the pipeline, which tests the new tasks for so long and then lets it move. Nobody does that for
   * a deployment that the pipeline did not make. @default - the traffic moves by itself
   */
  readonly testsSeconds?: number | undefined;
}

export interface ScalingOptions {
  readonly min: number;
  readonly max: number;
  /** The load that it aims at, percent of a task's CPU. */
  readonly cpuPercent: number;
}

export interface LongConnectionsOptions {
  /** How long the load balancer keeps connections of a task that leaves it: the deregistration delay. */
  readonly drainSeconds: number;
  /** How long a task may take to stop, before it is killed: the container's stop timeout. */
  readonly stopTimeoutSeconds: number;
}
