import type { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { SchedulerClient } from "@aws-sdk/client-scheduler";
import type { EcsMove } from "../../contracts/kinds/ecs-service.ts";
import type { Checkpoint } from "../../contracts/ledger.ts";
import type { Move } from "../../contracts/plan.ts";
import type { Answers } from "../answers.ts";
import type { Clock, Journal } from "../component.ts";
import type { MeasuredStep, Steps } from "../steps.ts";

export interface DriverServices {
  readonly ecs: ECSClient;
  readonly ecr: ECRClient;
  readonly cloudwatch: CloudWatchClient;
  readonly codedeploy: CodeDeployClient;
  readonly scaling: ApplicationAutoScalingClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly events: EventBridgeClient;
  readonly lambda: LambdaClient;
  readonly scheduler: SchedulerClient;
  /** Where the service lives, and so the only ECR registry that can be asked. */
  readonly region: string;
  readonly account: string;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Marks what this rollback registers, so that it is found again after a crash. */
  readonly rollbackId: string;
  readonly checkpointOf: (id: string) => Promise<Checkpoint | undefined>;
}

/** One tick's view of one move: the clients, the move, what was written down so far, and how to answer. */
export interface Job extends DriverServices {
  readonly move: Move;
  readonly details: EcsMove;
  readonly steps: Steps<Step>;
  readonly answer: Answers;
}

/** The steps that a move of this kind writes down; `X-intended` always stands before the call that does X. */
export type Step =
  | MeasuredStep
  | "left"
  | "stop-intended"
  | "stop-requested"
  | "alarms-restore-intended"
  | "alarms-restored"
  | "confirm-began"
  | "found-there"
  | "pause-began"
  | "resume-goes-back"
  | "writers"
  | "writers-stopped"
  | "notice"
  | "scaling"
  | "tasks-stopped"
  | "old-tasks-ended"
  | `rule-${string}`
  | `schedule-${string}`
  | "revert-began"
  | "revert-stop-intended"
  | "revert-stop-requested"
  | "revert-confirm-began"
  | `${Phase}-${"clone-intended" | "cloned" | "intended" | "started" | "found"}`;

/** A deployment that this rollback may start: that of the target, and that of the way back. */
export type Phase = "cut-over" | "revert";

/** Steps after which users may notice this rollback. */
export const TOUCHING: readonly Step[] = [
  "cut-over-started",
  "stop-requested",
  "revert-started",
  "revert-stop-requested",
  "notice",
  "writers-stopped",
];

/** Ends are noticed within one wait; two calls every four seconds stay far below the read limits [docs/facts/ecs.md §4]. */
export const WAIT_SECONDS = 4;
