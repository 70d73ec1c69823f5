import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { TaskMove, TaskRun } from "../../contracts/kinds/task.ts";
import type { Move } from "../../contracts/plan.ts";
import type { Answers } from "../answers.ts";
import type { Clock, Journal } from "../component.ts";
import type { MeasuredStep, Steps } from "../steps.ts";
import type { Running, RunStep } from "./running.ts";

export interface DriverServices {
  readonly ecs: ECSClient;
  readonly logs: CloudWatchLogsClient;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly rollbackId: string;
}

/** One tick's view of one move. */
export interface Job extends DriverServices {
  readonly move: Move;
  readonly details: TaskMove;
  readonly steps: Steps<Step>;
  readonly answer: Answers;
}

export type Step = MeasuredStep | "reverted" | RunStep<Run>;

/** The command of the move, and what reverses it. */
export type Run = "forward" | "undo";

/** The run of one of the move's two commands. */
export function runningOf(job: Job, name: Run, run: TaskRun): Running<Run> {
  const { ecs, logs, clock, steps, rollbackId, move, details } = job;
  const { deadlineSeconds } = details;
  return { ecs, logs, clock, steps, rollbackId, component: move.component, name, run, deadlineSeconds };
}
