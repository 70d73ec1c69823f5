import type { DeploymentConfiguration, ServiceDeployment } from "@aws-sdk/client-ecs";

/**
 * A rolling deployment with nothing tuned: 60 s provisioning, 150 s until the load balancer calls a task healthy, 300 s
 * draining [docs/facts/performance-reliability.md: "ECS + ALB defaults"].
 */
const DEFAULT_SECONDS = 60 + 150 + 300;

/** How long a deployment of this service takes, and whether that was measured on it or is a default. */
export function estimateOf(
  deployments: readonly ServiceDeployment[],
  configuration: DeploymentConfiguration | undefined,
): { readonly seconds: number; readonly measured: boolean } {
  const durations = deployments.flatMap((deployment) => durationOf(deployment) ?? []).sort((a, b) => a - b);
  const median = durations[Math.floor(durations.length / 2)];
  return median === undefined
    ? { seconds: DEFAULT_SECONDS + strategySeconds(configuration), measured: false }
    : { seconds: Math.round(median), measured: true };
}

function durationOf({ status, createdAt, finishedAt }: ServiceDeployment): number | undefined {
  if (status !== "SUCCESSFUL" || !createdAt || !finishedAt) return undefined;
  return (finishedAt.getTime() - createdAt.getTime()) / 1_000;
}

/** Waiting that the deployment strategy itself asks for; the defaults are those of docs/facts/ecs.md §2.4. */
export function strategySeconds(configuration: DeploymentConfiguration | undefined): number {
  const bake = configuration?.bakeTimeInMinutes ?? 0;
  if (configuration?.strategy === "LINEAR") {
    const { stepPercent = 10, stepBakeTimeInMinutes = 6 } = configuration.linearConfiguration ?? {};
    return 60 * (Math.ceil(100 / stepPercent) * stepBakeTimeInMinutes + bake);
  }
  if (configuration?.strategy === "CANARY") {
    return 60 * ((configuration.canaryConfiguration?.canaryBakeTimeInMinutes ?? 10) + bake);
  }
  return 60 * bake;
}
