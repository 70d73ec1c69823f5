import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { CacheMove } from "../../contracts/kinds/cache.ts";
import type { Move } from "../../contracts/plan.ts";
import type { Tick } from "../../contracts/tick.ts";
import type { Verb } from "../../contracts/vocabulary.ts";
import type { Answers } from "../answers.ts";
import type { Clock, Journal } from "../component.ts";
import type { MeasuredStep, Steps } from "../steps.ts";
import type { RunStep } from "../task/running.ts";

export interface DriverServices {
  readonly ssm: SSMClient;
  readonly elasticache: ElastiCacheClient;
  readonly ecs: ECSClient;
  readonly logs: CloudWatchLogsClient;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Marks the copy that this rollback makes: nothing else is ever deleted. */
  readonly rollbackId: string;
}

/** One tick's view of one move. */
export interface Job extends DriverServices {
  readonly move: Move;
  readonly details: CacheMove;
  readonly steps: Steps<Step>;
  readonly answer: Answers;
}

/** Forward, or back. */
export type Phase = "cut-over" | "revert";

export type Step =
  | MeasuredStep
  | `${Phase}-${"intended" | "written"}`
  | "create-intended"
  | "created"
  | "discard-began"
  | RunStep<"flush">;

/** How one way of cleaning a cache carries out its verbs; what is missing means nothing for it. */
export type VerbsOfWay = Readonly<Partial<Record<Verb, (job: Job) => Promise<Tick>>>>;

export const WAIT_SECONDS = 5;
