import type { RunningImage } from "../../application/application.ts";

/** What standalone tasks are made of: migrations, table copies, smoke tests. The ECS model asks it once a task. */
export interface TaskProgram {
  run(launch: TaskLaunch): TaskOutcome;
}

/** A container that RunTask started, at the moment its process begins. */
export interface TaskLaunch {
  readonly taskArn: string;
  /** The full ARN of the revision. */
  readonly taskDefinition: string;
  readonly family: string;
  /** The container's name and the image that was pulled. */
  readonly container: string;
  readonly image: RunningImage;
  /** The override's when there is one, else the task definition's; empty: the image's own. */
  readonly command: readonly string[];
  /** The task definition's, with the override's on top. Secrets are not in it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The security groups of its network interface; none outside `awsvpc`. */
  readonly securityGroups: readonly string[];
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

export interface TaskOutcome {
  /** From the start of the process until it exits by itself. */
  readonly seconds: number;
  readonly exitCode: number;
  /** Written evenly over the run, the last one at its end; a task that is killed never writes the rest. */
  readonly logLines: readonly string[];
  /** The process never begins, for this reason (`ResourceInitializationError: …`): the task is TaskFailedToStart. */
  readonly failsToStart?: string;
  /** Called when the process exits by itself, whatever its exit code; not when it is killed. */
  readonly exited?: () => void;
  /** Called when the process is gone, whether it exited or was killed. */
  readonly ended?: () => void;
}
