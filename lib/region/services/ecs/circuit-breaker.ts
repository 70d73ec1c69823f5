import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";

/**
 * How many consecutive failures fail the deployment [dts ThresholdConfiguration, ThresholdType]: 50 % of the desired
 * count, at least 3 and at most 200, unless configured otherwise. Rounding up is unverified.
 */
export function breakerThreshold(configuration: DeploymentConfiguration, desiredCount: number): number {
  const { type, value } = configuration.deploymentCircuitBreaker?.thresholdConfiguration ?? {
    type: "BOUNDED_PERCENT",
    value: 50,
  };
  const share = Math.ceil((desiredCount * (value ?? 50)) / 100);
  if (type === "COUNT") return value ?? 50;
  if (type === "UNBOUNDED_PERCENT") return Math.max(1, share);
  return Math.min(200, Math.max(3, share));
}

/**
 * The longest a service waits before it starts another task after failed ones: up to 15 minutes
 * [DG23 service-throttle-logic]. The way there (none for the first two, then doubling from 10 s) is unverified.
 */
export function startThrottleSeconds(startFailures: number): number {
  return startFailures < 3 ? 0 : Math.min(900, 10 * 2 ** (startFailures - 3));
}
