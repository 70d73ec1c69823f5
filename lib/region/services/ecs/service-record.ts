import type { DeploymentConfiguration, ServiceEvent, Tag } from "@aws-sdk/client-ecs";
import type { Timer } from "../../kernel/timer-queue.ts";
import type { Rollout } from "./rollout.ts";
import type { ServiceDeployment } from "./service-deployment.ts";
import type { ServiceTask } from "./task-record.ts";

/** A service as the scheduler sees it. */
export interface ServiceRecord {
  readonly name: string;
  readonly arn: string;
  readonly cluster: ClusterRecord;
  readonly controller: "ECS" | "CODE_DEPLOY" | "EXTERNAL";
  readonly schedulingStrategy: "REPLICA" | "DAEMON";
  readonly createdAt: number;
  readonly createdBy: string;
  readonly tags: Tag[];
  status: "ACTIVE" | "DRAINING" | "INACTIVE";
  desiredCount: number;
  configuration: DeploymentConfiguration;
  healthCheckGracePeriodSeconds: number;
  /** PRIMARY first; a rollout leaves when its last task has stopped and it is not PRIMARY. */
  rollouts: Rollout[];
  /** The rollout in state COMPLETED that a detected failure may go back to; none while a rollback runs. */
  completed: Rollout | undefined;
  /** The last successful one, which StopServiceDeployment goes back to. */
  lastSuccessful: Rollout | undefined;
  /** Oldest first. */
  readonly deployments: ServiceDeployment[];
  /** Newest first, at most 100. */
  readonly events: ServiceEvent[];
  /** Tasks that have not stopped. */
  readonly tasks: Set<ServiceTask>;
  /** Whether the last look found a steady state, so that it is announced once. */
  steady: boolean;
  /** Whether the last look found that the percentages allow no move. */
  stuck: boolean;
  impaired: boolean;
  wake: Timer | undefined;
}

export interface ClusterRecord {
  readonly name: string;
  readonly arn: string;
  readonly tags: Tag[];
  readonly containerInsights: boolean;
}

/** The rollout that is PRIMARY; every service but one with an EXTERNAL controller has one. */
export function primaryOf(service: ServiceRecord): Rollout | undefined {
  return service.rollouts.find((rollout) => rollout.status === "PRIMARY");
}

/** The same, for callers that know there is one. */
export function requirePrimary(service: ServiceRecord): Rollout {
  const primary = primaryOf(service);
  if (!primary) throw new Error(`Service ${service.name} has no PRIMARY deployment`);
  return primary;
}

/** The newest service deployment, running or over. */
export function latestDeployment(service: ServiceRecord): ServiceDeployment | undefined {
  return service.deployments.at(-1);
}

/** The tasks of a rollout that are meant to run. */
export function keptTasks(service: ServiceRecord, rollout?: Rollout): ServiceTask[] {
  return [...service.tasks].filter(
    (task) => task.desiredStatus === "RUNNING" && (rollout === undefined || task.rollout === rollout),
  );
}
