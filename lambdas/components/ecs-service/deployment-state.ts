import type { Deployment, Service, ServiceDeployment } from "@aws-sdk/client-ecs";

/** How a deployment that this rollback started stands [docs/facts/ecs.md §9]. */
export type DeploymentState =
  /** Under way, whether forwards or back. */
  | "running"
  /** The target is live. */
  | "succeeded"
  /** It failed and ECS put the previous version back. */
  | "restored"
  /** It failed and nothing could be put back. */
  | "stuck"
  /** Somebody else's newer deployment took over. */
  | "superseded";

export interface OwnDeployment {
  /** `ecs-svc/…`, as UpdateService answered. */
  readonly deployment: string;
  /** The service deployment it became; listing it can lag behind [docs/facts/ecs.md §4]. */
  readonly serviceDeployment?: ServiceDeployment | undefined;
  /** The task definition that ECS goes back to, when it does. */
  readonly landing?: string | undefined;
}

/**
 * Names the state of our own deployment. The service deployment decides when it is known. When ECS itself rolls back, the
 * PRIMARY deployment changes too: one of the version that ECS goes back to is not somebody else's doing.
 */
export function stateOf(service: Service, own: OwnDeployment): DeploymentState {
  const primary = service.deployments?.find((deployment) => deployment.status === "PRIMARY");
  const replaced = primary?.id !== own.deployment && !isLanding(primary, own);
  switch (own.serviceDeployment?.status) {
    case undefined:
      return stateWithoutServiceDeployment(service, primary, own.deployment);
    case "SUCCESSFUL":
      return replaced ? "superseded" : "succeeded";
    case "ROLLBACK_SUCCESSFUL":
      return replaced ? "superseded" : "restored";
    case "ROLLBACK_FAILED":
      return replaced ? "superseded" : "stuck";
    case "STOPPED":
    case "STOP_REQUESTED":
      // Stopped by a newer deployment, or because it failed and the service has no rollback on failure [§1.2].
      if (replaced) return "superseded";
      return own.serviceDeployment?.status === "STOPPED" ? "stuck" : "running";
    default:
      return replaced ? "superseded" : "running";
  }
}

function isLanding(primary: Deployment | undefined, { landing }: OwnDeployment): boolean {
  return landing !== undefined && primary?.taskDefinition === landing;
}

function stateWithoutServiceDeployment(
  service: Service,
  primary: Deployment | undefined,
  id: string,
): DeploymentState {
  if (primary?.id === id) return stateOfPrimary(service, primary);
  const mine = service.deployments?.find((deployment) => deployment.id === id);
  // After a failure ECS makes a new PRIMARY of the last completed deployment by itself [§3.1, breaker outcome].
  if (mine?.rolloutState !== "FAILED") return "superseded";
  return primary?.rolloutState === "COMPLETED" ? "restored" : "running";
}

function stateOfPrimary(service: Service, primary: Deployment): DeploymentState {
  if (primary.rolloutState === "COMPLETED") return "succeeded";
  if (primary.rolloutState === "FAILED") return "stuck";
  // Behind a Classic load balancer there is no rolloutState [§1.1]; then the counts have to tell.
  const alone = service.deployments?.length === 1 && (primary.pendingCount ?? 0) === 0;
  const full = (primary.runningCount ?? 0) >= (primary.desiredCount ?? 0);
  return primary.rolloutState === undefined && alone && full ? "succeeded" : "running";
}
