import type { DescribeServicesResponse } from "@aws-sdk/client-ecs";
import type { DBInstanceMessage, DBSnapshotMessage } from "@aws-sdk/client-rds";

/** What `aws <service> wait <name>` does: looks, and looks again after a fixed delay, until it succeeds or gives up. */
export interface Waiter {
  /** Service and operation, as a drill names them. */
  readonly operation: string;
  readonly delaySeconds: number;
  /** Looks before it gives up with an error. */
  readonly maxAttempts: number;
  /** The ceiling of the same waiter in the JavaScript SDK, whose delays grow and are random. */
  readonly sdkCeilingSeconds: number;
  readonly judge: (answer: Record<string, unknown>) => "success" | "failure" | "retry";
}

/**
 * The command line's own waiters: botocore 1.43.11, `data/{rds/2014-10-31,ecs/2014-11-13}/waiters-2.json`. Their flaws
 * are theirs: `available` is believed at the first sight of it, and a service is stable when its count is right.
 * The SDK's ceilings: `dist-es/waiters` of client-rds and client-ecs.
 */
export const WAITERS = {
  /** Instead of `db-snapshot-available` (30 s, 60 times): both wait for `available`, this one looks twice as often. */
  "db-snapshot-completed": {
    operation: "rds:DescribeDBSnapshots",
    delaySeconds: 15,
    maxAttempts: 40,
    sdkCeilingSeconds: 1_800,
    judge: ({ DBSnapshots = [] }: DBSnapshotMessage) =>
      verdict(
        DBSnapshots.map(({ Status }) => Status),
        [],
        ["available"],
      ),
  },
  "db-instance-available": {
    operation: "rds:DescribeDBInstances",
    delaySeconds: 30,
    maxAttempts: 60,
    sdkCeilingSeconds: 1_800,
    judge: ({ DBInstances = [] }: DBInstanceMessage) =>
      verdict(
        DBInstances.map(({ DBInstanceStatus }) => DBInstanceStatus),
        ["deleted", "deleting", "failed", "incompatible-restore", "incompatible-parameters"],
        ["available"],
      ),
  },
  "services-stable": {
    operation: "ecs:DescribeServices",
    delaySeconds: 15,
    maxAttempts: 40,
    sdkCeilingSeconds: 600,
    judge: ({ services = [], failures = [] }: DescribeServicesResponse) => {
      if (failures.some(({ reason }) => reason === "MISSING")) return "failure";
      if (services.some(({ status = "" }) => ["DRAINING", "INACTIVE"].includes(status))) return "failure";
      const isStable = services.every(
        ({ deployments, runningCount, desiredCount }) =>
          deployments?.length === 1 && runningCount === desiredCount,
      );
      return isStable ? "success" : "retry";
    },
  },
} as const satisfies Readonly<Record<string, Waiter>>;

export type WaiterName = keyof typeof WAITERS;

/** `pathAny` for a failure, `pathAll` for success; nothing at all is neither. */
function verdict(
  found: readonly (string | undefined)[],
  failures: readonly string[],
  successes: readonly string[],
): "success" | "failure" | "retry" {
  if (found.some((status = "") => failures.includes(status))) return "failure";
  return found.length > 0 && found.every((status = "") => successes.includes(status)) ? "success" : "retry";
}
