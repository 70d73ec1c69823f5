/**
 * What a container does once ECS runs it: the contract between the ECS model, which starts, probes and stops tasks,
 * and whatever the tasks are made of.
 *
 * ECS asks again at every start and every health check, so a changed answer reaches tasks that already run.
 */
export interface Application {
  behaviour(container: RunningImage): ReleaseBehaviour;
  /** A task of a service is RUNNING: whatever it reads once, at its start, it reads now. */
  started?(task: StartedTask): void;
  /** Its process has ended. Until then it may work, also when the load balancer sends it nothing any more. */
  stopped?(taskArn: string): void;
}

/** A task of a service at the moment when it is RUNNING. */
export interface StartedTask {
  readonly taskArn: string;
  readonly service: string;
  readonly image: RunningImage;
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
  /** What it writes damages the tables that it writes to, for every release that reads them. */
  readonly corruptsData?: boolean | undefined;
  /** What it puts into the cache is wrong, for everybody who reads those entries. */
  readonly poisonsCache?: boolean | undefined;
  /** The schema revisions that it works with; any unless told. */
  readonly needsRevision?: readonly string[] | undefined;
}

export interface StartFailure {
  readonly stopCode: "TaskFailedToStart" | "EssentialContainerExited";
  readonly exitCode?: number | undefined;
  readonly reason: string;
}
