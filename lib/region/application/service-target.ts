import type { ReleaseBehaviour, RunningImage } from "./application.ts";

/** One task as its load balancer sees it. */
export interface ServiceTarget {
  readonly taskArn: string;
  readonly targetGroupArn: string;
  readonly state: "initial" | "healthy" | "unhealthy";
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Share of the new requests that its revision gets, 0 to 100; in a rolling deployment everyone has 100. */
  readonly weight: number;
  readonly image: RunningImage;
  readonly behaviour: ReleaseBehaviour;
}
