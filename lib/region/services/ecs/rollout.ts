import type {
  ContainerImage,
  DeploymentRolloutState,
  LoadBalancer,
  NetworkConfiguration,
  TaskDefinition,
} from "@aws-sdk/client-ecs";

/**
 * One entry of a service's `deployments[]`, or of its `taskSets[]`: a service revision and the tasks that are started
 * for it.
 *
 * It outlives its own deployment: an ECS rollback makes the last completed rollout PRIMARY again, with its id and
 * the tasks it still has ("changes … from COMPLETED back to IN_PROGRESS" [DG deployment-circuit-breaker]).
 */
export interface Rollout {
  /** `ecs-svc/<digits>`, the `startedBy` of its tasks. */
  readonly id: string;
  readonly revision: ServiceRevisionRecord;
  /** The CodeDeploy deployment that made this task set; undefined for everything else. */
  readonly externalId: string | undefined;
  readonly createdAt: number;
  updatedAt: number;
  /** DRAINING: only task sets, whose tasks are being stopped for good. */
  status: "PRIMARY" | "ACTIVE" | "DRAINING";
  state: DeploymentRolloutState;
  stateReason: string;
  /** Tasks that this rollout should have. */
  wanted: number;
  /** Consecutive failures, as `failedTasks` reports them and the circuit breaker counts them. */
  failedTasks: number;
  /** Consecutive tasks that never became healthy, in and after the deployment: what the start throttle counts. */
  startFailures: number;
  /** No task is started before this moment. */
  throttledUntil: number;
  /** Share of new requests, 0 to 100; only deployments that shift traffic change it. */
  productionWeight: number;
  /** The target group its tasks register in: blue and green use different ones. */
  readonly targetGroupArn: string | undefined;
}

/** A service revision: immutable, except that the digests appear when the deployment's first task has resolved them. */
export interface ServiceRevisionRecord {
  readonly arn: string;
  readonly createdAt: number;
  readonly serviceArn: string;
  readonly clusterArn: string;
  readonly taskDefinition: string;
  /** Kept, because a service goes on running a task definition that is INACTIVE or gone. */
  readonly definition: TaskDefinition;
  readonly loadBalancers: readonly LoadBalancer[];
  readonly networkConfiguration: NetworkConfiguration | undefined;
  readonly platformVersion: string | undefined;
  readonly launchType: "FARGATE" | "EC2";
  containerImages: readonly ContainerImage[];
}
