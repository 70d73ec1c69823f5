import type { Task } from "@aws-sdk/client-ecs";
import type { TargetHealth, TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";

/**
 * Tasks with an interface of their own are known by its address, so that nobody else's targets count for them; of tasks
 * on a shared instance the targets are counted.
 */
export function countHealthy(tasks: readonly Task[], targets: readonly TargetHealthDescription[]): number {
  const serving = targets.filter(({ TargetHealth }) => isServing(TargetHealth));
  const addresses = tasks.map(addressesOf);
  if (addresses.some((own) => own.length === 0)) return serving.length;
  const ids = new Set(serving.map(({ Target }) => Target?.Id));
  return addresses.filter((own) => own.some((address) => ids.has(address))).length;
}

/** Each container of a task shows the task's own interface. */
function addressesOf({ containers }: Task): string[] {
  const interfaces = containers?.flatMap(({ networkInterfaces }) => networkInterfaces ?? []) ?? [];
  return interfaces.flatMap(({ privateIpv4Address, ipv6Address }) =>
    [privateIpv4Address, ipv6Address].filter((address) => address !== undefined),
  );
}

/** Healthy, or such that no health check will ever say so: they are off, or no load balancer uses the group [SDK TargetHealth]. */
export function isServing(health: TargetHealth | undefined): boolean {
  if (health?.State === "healthy") return true;
  return health?.Reason === "Target.HealthCheckDisabled" || health?.Reason === "Target.NotInUse";
}
