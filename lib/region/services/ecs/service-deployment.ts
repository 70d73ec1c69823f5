import type {
  DeploymentConfiguration,
  ServiceDeploymentRollbackMonitorsStatus,
  ServiceDeploymentStatus,
} from "@aws-sdk/client-ecs";
import type { Rollout, ServiceRevisionRecord } from "./rollout.ts";

/** One service deployment (`ListServiceDeployments`): the attempt to get from the source revisions to the target. */
export interface ServiceDeployment {
  readonly arn: string;
  readonly createdAt: number;
  readonly target: Rollout;
  readonly sources: readonly ServiceRevisionRecord[];
  /** What traffic and tasks go back to when a traffic-shifting deployment is rolled back. */
  readonly blue: Rollout | undefined;
  /** As it was when the deployment started. */
  readonly configuration: DeploymentConfiguration;
  startedAt: number | undefined;
  finishedAt: number | undefined;
  stoppedAt: number | undefined;
  updatedAt: number;
  status: ServiceDeploymentStatus;
  statusReason: string | undefined;
  /** Only for deployments that shift traffic. */
  stage: LifecycleStage | undefined;
  stageSince: number;
  rollback: RollbackRecord | undefined;
  breaker: ServiceDeploymentRollbackMonitorsStatus;
  alarms: { status: ServiceDeploymentRollbackMonitorsStatus; triggered: string[] };
  /** Rolling: when the target stood alone and healthy, so that the bake time began. */
  bakingSince: number | undefined;
}

export interface RollbackRecord {
  readonly reason: string;
  readonly startedAt: number;
  readonly rollout: Rollout;
}

export type LifecycleStage =
  | "RECONCILE_SERVICE"
  | "PRE_SCALE_UP"
  | "SCALE_UP"
  | "POST_SCALE_UP"
  | "TEST_TRAFFIC_SHIFT"
  | "POST_TEST_TRAFFIC_SHIFT"
  | "PRODUCTION_TRAFFIC_SHIFT"
  | "POST_PRODUCTION_TRAFFIC_SHIFT"
  | "BAKE_TIME"
  | "CLEAN_UP";

/** SUCCESSFUL, STOPPED, ROLLBACK_SUCCESSFUL, ROLLBACK_FAILED [DG service-deployment]. */
export function isTerminal(deployment: ServiceDeployment): boolean {
  return ["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"].includes(deployment.status);
}

/** The rollout that this deployment now works for: its target, or what it goes back to. */
export function aimOf(deployment: ServiceDeployment): Rollout {
  return deployment.rollback?.rollout ?? deployment.target;
}
