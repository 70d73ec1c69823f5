import type { ImageRegistry } from "../../application/image-registry.ts";
import type { TargetGroup } from "../../application/target-group.ts";
import type { TaskProgram } from "./task-program.ts";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** What the ECS model needs to know of the rest of the region; functions, so that they may be bound late. */
export interface EcsOptions {
  readonly images: ImageRegistry;
  readonly targetGroup: (arn: string) => TargetGroup | undefined;
  /** The state of a CloudWatch alarm by name; undefined when there is no such alarm. */
  readonly alarmStateOf: (name: string) => AlarmState | undefined;
  /**
   * How long after DeregisterTaskDefinition the revision may still be used: a random time in this range.
   * "up to a 10-minute window" [API DeregisterTaskDefinition], so [0, 600] unless told.
   */
  readonly inactiveGraceSeconds?: readonly [number, number];
  /**
   * Whether ECS's own rollback fails when the task definition of the good revision is INACTIVE. Unverified either
   * way (docs/facts/ecs.md §1.4), so a drill can try both; false unless told.
   */
  readonly rollbackNeedsActiveTaskDefinition?: boolean;
  /** How many tasks fit in a cluster at the same time; more are placement failures. Unlimited unless told. */
  readonly capacity?: (clusterName: string) => number;
  /** What the tasks of RunTask run; without it RunTask is refused. */
  readonly tasks?: TaskProgram;
  /** Writes a line to CloudWatch Logs, making group and stream when they are missing. Without it lines are lost. */
  readonly appendLog?: (group: string, stream: string, message: string) => void;
  /** How many container instances a cluster has: the count of a DAEMON service. 1 unless told. */
  readonly containerInstances?: (clusterName: string) => number;
}
