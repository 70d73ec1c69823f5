import * as sdk from "@aws-sdk/client-appconfig";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import type { AppConfigWorld } from "./appconfig-world.ts";
import { type Deployment, isInProgress } from "./application.ts";
import { notFound } from "./catalogue.ts";
import { describeDeployment, summarise } from "./describe-deployment.ts";

/**
 * Declares the operations on deployments. Encryption, tags and extensions of a deployment are not modelled.
 */
export function addDeploymentOperations(model: ServiceModel, world: AppConfigWorld): void {
  const { catalogue, permissions, rollouts } = world;
  const onDeployment = (action: string, input: sdk.GetDeploymentRequest) =>
    permissions.on(action, {
      applicationId: input.ApplicationId,
      environmentId: input.EnvironmentId,
      deploymentNumber: input.DeploymentNumber,
    });
  model
    .on(sdk.StartDeploymentCommand, {
      accepts: [
        "ApplicationId",
        "EnvironmentId",
        "DeploymentStrategyId",
        "ConfigurationProfileId",
        "ConfigurationVersion",
        "Description",
        "LatestDeploymentNumber",
      ],
      authorize: (input) =>
        permissions.on("StartDeployment", {
          applicationId: input.ApplicationId,
          environmentId: input.EnvironmentId,
          profileId: input.ConfigurationProfileId,
          strategyId: input.DeploymentStrategyId,
        }),
      handle: (input) => describeDeployment(input, startDeployment(world, input)),
    })
    .on(sdk.StopDeploymentCommand, {
      accepts: ["ApplicationId", "EnvironmentId", "DeploymentNumber", "AllowRevert"],
      authorize: (input) => onDeployment("StopDeployment", input),
      handle: (input) => {
        const deployment = deploymentOf(world, input);
        const environment = catalogue.environment(input.ApplicationId, input.EnvironmentId);
        rollouts.stop(environment, deployment, input.AllowRevert ?? false);
        return describeDeployment(input, deployment);
      },
    })
    .on(sdk.GetDeploymentCommand, {
      accepts: ["ApplicationId", "EnvironmentId", "DeploymentNumber"],
      authorize: (input) => onDeployment("GetDeployment", input),
      handle: (input) => describeDeployment(input, deploymentOf(world, input)),
    })
    .on(sdk.ListDeploymentsCommand, {
      accepts: ["ApplicationId", "EnvironmentId", "MaxResults", "NextToken"],
      authorize: ({ ApplicationId, EnvironmentId }) =>
        permissions.on("ListDeployments", { applicationId: ApplicationId, environmentId: EnvironmentId }),
      handle: (input) => listDeployments(world, input),
    });
}

function startDeployment(
  { context, catalogue, rollouts }: AppConfigWorld,
  input: sdk.StartDeploymentRequest,
): Deployment {
  const environment = catalogue.environment(input.ApplicationId, input.EnvironmentId);
  const profile = catalogue.profile(input.ApplicationId, input.ConfigurationProfileId);
  const strategy = catalogue.strategy(input.DeploymentStrategyId);
  const version = catalogue.version(profile, input.ConfigurationVersion);
  const latest = environment.deployments.length;
  if (environment.deployments.some((deployment) => isInProgress(deployment) || deployment.reverting)) {
    throw new AwsError(
      "ConflictException",
      `Deployment ${latest} of environment ${environment.id} is in progress. Only one deployment can run at a time.`,
    );
  }
  if (input.LatestDeploymentNumber !== undefined && input.LatestDeploymentNumber !== latest) {
    throw new AwsError(
      "ConflictException",
      `LatestDeploymentNumber is ${input.LatestDeploymentNumber}, but the latest deployment is ${latest}.`,
    );
  }
  const deployment: Deployment = {
    number: latest + 1,
    profile,
    version,
    previous: environment.live.get(profile.id),
    strategy,
    description: input.Description,
    startedAt: context.kernel.now,
    state: "VALIDATING",
    percentage: 0,
    events: [],
  };
  rollouts.begin(environment, deployment);
  return deployment;
}

function deploymentOf({ catalogue }: AppConfigWorld, input: sdk.GetDeploymentRequest): Deployment {
  const { deployments } = catalogue.environment(input.ApplicationId, input.EnvironmentId);
  const found = deployments.find(({ number }) => number === input.DeploymentNumber);
  return found ?? notFound("Deployment", String(input.DeploymentNumber));
}

/** Newest first. [SDK ListDeployments] */
function listDeployments(
  { catalogue }: AppConfigWorld,
  { ApplicationId, EnvironmentId, MaxResults = 50, NextToken }: sdk.ListDeploymentsRequest,
): sdk.Deployments {
  if (MaxResults < 1 || MaxResults > 50) {
    throw new AwsError("BadRequestException", "MaxResults must be between 1 and 50.");
  }
  const { deployments } = catalogue.environment(ApplicationId, EnvironmentId);
  const before = NextToken === undefined ? Number.POSITIVE_INFINITY : Number(NextToken);
  if (Number.isNaN(before)) throw new AwsError("BadRequestException", "NextToken is invalid.");
  const left = deployments.toReversed().filter(({ number }) => number < before);
  const shown = left.slice(0, MaxResults);
  return {
    Items: shown.map(summarise),
    NextToken: left.length > MaxResults ? String(shown.at(-1)?.number) : undefined,
  };
}
