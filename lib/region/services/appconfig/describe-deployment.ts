import type { Deployment as DeploymentShape, DeploymentSummary } from "@aws-sdk/client-appconfig";
import type { Deployment } from "./application.ts";

/** A deployment as ListDeployments shows it. */
export function summarise({ profile, version, strategy, ...deployment }: Deployment): DeploymentSummary {
  return {
    DeploymentNumber: deployment.number,
    ConfigurationProfileId: profile.id,
    ConfigurationName: profile.name,
    ConfigurationVersion: String(version.number),
    DeploymentDurationInMinutes: strategy.durationMinutes,
    GrowthType: strategy.growthType,
    GrowthFactor: strategy.growthFactor,
    FinalBakeTimeInMinutes: strategy.bakeMinutes,
    State: deployment.state,
    PercentageComplete: deployment.percentage,
    StartedAt: new Date(deployment.startedAt),
    CompletedAt: deployment.completedAt === undefined ? undefined : new Date(deployment.completedAt),
    VersionLabel: version.label,
  };
}

/** A deployment as GetDeployment and its kin show it. */
export function describeDeployment(
  where: { readonly ApplicationId: string | undefined; readonly EnvironmentId: string | undefined },
  deployment: Deployment,
): DeploymentShape {
  return {
    ...summarise(deployment),
    ApplicationId: where.ApplicationId,
    EnvironmentId: where.EnvironmentId,
    DeploymentStrategyId: deployment.strategy.id,
    ConfigurationLocationUri: "hosted",
    Description: deployment.description,
    EventLog: [...deployment.events],
  };
}
