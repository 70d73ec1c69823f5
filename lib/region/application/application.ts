/**
 * What a container does once ECS runs it: the contract between the ECS model, which starts, probes and stops tasks,
 * and whatever the tasks are made of.
 *
 * ECS asks again at every start and every health check, so a changed answer reaches tasks that already run.
 */
export interface Application {
  behaviour(container: RunningImage): ReleaseBehaviour;
}

/** The image of one container, resolved: `digest` is what really runs, `tag` only what the task definition said. */
export interface RunningImage {
  readonly image: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest: string;
}

export interface ReleaseBehaviour {
  /** From the start of the image pull until the task is RUNNING. */
  readonly startSeconds: number;
  /** From RUNNING until the first health check that can pass. */
  readonly healthySeconds: number;
  /** The task never gets to RUNNING, and stops like this instead. */
  readonly startFailure?: StartFailure | undefined;
  /** Every health check fails; what users get is still `errorRate`. */
  readonly failsHealthChecks?: boolean | undefined;
  /** The container exits with code 1 this long after RUNNING. */
  readonly crashAfterSeconds?: number | undefined;
  /** Share of requests answered with a 5xx, 0 to 1. */
  readonly errorRate: number;
  readonly latencySeconds: number;
  readonly memoryPercent: number;
  readonly cpuPercent: number;
  /** From SIGTERM until the container has exited by itself; past the stop timeout it is killed. 2 unless told. */
  readonly stopSeconds?: number | undefined;
}

export interface StartFailure {
  readonly stopCode: "TaskFailedToStart" | "EssentialContainerExited";
  readonly exitCode?: number | undefined;
  readonly reason: string;
}
