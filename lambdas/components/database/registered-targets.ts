import type { DBProxyTarget } from "@aws-sdk/client-rds";

/**
 * The instances or clusters that are registered with a proxy, by identifier. A cluster shows as itself and as every one of
 * its members, and whether those name it differs between AWS's own examples (Aurora User Guide, "Modifying an RDS Proxy";
 * the command line reference of describe-db-proxy-targets).
 */
export function registeredIn(targets: readonly DBProxyTarget[]): ReadonlySet<string> {
  const clusters = targets.filter(({ Type }) => Type === "TRACKED_CLUSTER");
  const shown = clusters.length > 0 ? clusters : targets;
  return new Set(shown.map(({ TrackedClusterId, RdsResourceId }) => TrackedClusterId ?? RdsResourceId ?? ""));
}
