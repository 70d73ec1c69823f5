import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { FailureCode } from "../../contracts/failures.ts";
import type { TaskRun } from "../../contracts/kinds/task.ts";
import type { Clock } from "../component.ts";
import type { Steps } from "../steps.ts";

/** One ECS task that is started once and followed to its end. */
export interface Running<Name extends string = string> {
  readonly ecs: ECSClient;
  /** Only asked when the run names a log group and the task failed. */
  readonly logs?: CloudWatchLogsClient;
  readonly clock: Clock;
  readonly steps: RunSteps<Name>;
  readonly rollbackId: string;
  readonly component: string;
  /** Tells the runs of one component apart, in the journal and in ECS. */
  readonly name: Name;
  readonly run: TaskRun;
  /** On top of the run's own: what only the caller knows, such as the host of a copy. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly deadlineSeconds: number;
}

/** The steps of one run. A kind that runs several tasks gives each a name of its own. */
export type RunStep<Name extends string = string> = `${Name}-task-${"intended" | "started" | "ended"}`;

/** The part of a kind's journal that a run needs; `Steps` of any kind that has these steps. */
export type RunSteps<Name extends string = string> = Pick<
  Steps<RunStep<Name>>,
  "has" | "text" | "number" | "timeOf" | "write"
>;

/** `ran`: its process may have begun, so that it may have changed something. */
export type RunTick =
  | { readonly status: "working"; readonly note: string; readonly waitSeconds: number }
  | { readonly status: "done"; readonly note: string }
  | { readonly status: "failed"; readonly code: FailureCode; readonly note: string; readonly ran: boolean };

/** Two reads every five seconds are far below the limits (docs/facts/ecs.md §4: 100 and 20 a second). */
const WAIT_SECONDS = 5;

export const idOf = (taskArn: string): string => taskArn.split("/").at(-1) ?? taskArn;

export function working(note: string): RunTick {
  return { status: "working", note, waitSeconds: WAIT_SECONDS };
}
