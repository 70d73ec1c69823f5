import {
  type AppConfigClient,
  type DeploymentSummary,
  GetDeploymentCommand,
  type GetDeploymentCommandOutput,
  ListDeploymentsCommand,
  ListHostedConfigurationVersionsCommand,
} from "@aws-sdk/client-appconfig";
import type { ParameterSource } from "../../../contracts/kinds/parameter.ts";
import { asked } from "../../aws-call.ts";

export type AppConfigSource = ParameterSource & { store: "appconfig" };

/** A deployment in the environment, of whatever configuration. */
export type Deployment = DeploymentSummary & { readonly DeploymentNumber: number };

/** 50 deployments a page: whoever finds no live configuration in 500 has none. */
const PAGES = 10;

/** The environment's deployments, newest first, as far back as what is live and what was live before it. */
export async function recentDeployments(
  appconfig: AppConfigClient,
  source: AppConfigSource,
): Promise<readonly Deployment[]> {
  const found: Deployment[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const answer = await asked(
      `Listing the deployments of AppConfig environment ${source.environment}`,
      appconfig.send(
        new ListDeploymentsCommand({
          ApplicationId: source.application,
          EnvironmentId: source.environment,
          ...(NextToken ? { NextToken } : {}),
        }),
      ),
    );
    for (const { DeploymentNumber, ...rest } of answer.Items ?? []) {
      if (DeploymentNumber !== undefined) found.push({ ...rest, DeploymentNumber });
    }
    NextToken = answer.NextToken;
    const isEnough = ofProfile(found, source).filter(reachesAll).length >= 2;
    if (!NextToken || isEnough) break;
  }
  return found.sort((a, b) => b.DeploymentNumber - a.DeploymentNumber);
}

/** The hosted versions of the profile, by number; their contents are not read. None for a profile whose content lies elsewhere. */
export async function hostedVersions(
  appconfig: AppConfigClient,
  { application, profile }: AppConfigSource,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let NextToken: string | undefined;
  do {
    const answer = await asked(
      `Listing the versions of AppConfig profile ${profile}`,
      appconfig.send(
        new ListHostedConfigurationVersionsCommand({
          ApplicationId: application,
          ConfigurationProfileId: profile,
          ...(NextToken ? { NextToken } : {}),
        }),
      ),
    );
    for (const { VersionNumber } of answer.Items ?? []) found.add(String(VersionNumber));
    NextToken = answer.NextToken;
  } while (NextToken);
  return found;
}

export function getDeployment(
  appconfig: AppConfigClient,
  source: AppConfigSource,
  number: number,
): Promise<GetDeploymentCommandOutput> {
  return asked(
    `Looking at AppConfig deployment ${number}`,
    appconfig.send(
      new GetDeploymentCommand({
        ApplicationId: source.application,
        EnvironmentId: source.environment,
        DeploymentNumber: number,
      }),
    ),
  );
}

export function ofProfile(deployments: readonly Deployment[], { profile }: AppConfigSource): Deployment[] {
  return deployments.filter(({ ConfigurationProfileId }) => ConfigurationProfileId === profile);
}

/** One deployment at a time: these keep the environment busy (docs/facts/frontend-secrets-config.md §C.2). */
export function isInProgress({ State }: Pick<Deployment, "State">): boolean {
  return State === "VALIDATING" || State === "DEPLOYING" || State === "BAKING" || State === "ROLLING_BACK";
}

/** Every client can get it: from 100 per cent on, before its bake time is over (§C.2). */
export function reachesAll({
  State,
  PercentageComplete = 0,
}: Pick<Deployment, "State" | "PercentageComplete">): boolean {
  return State === "COMPLETE" || State === "BAKING" || (State === "DEPLOYING" && PercentageComplete >= 100);
}

/** What was taken back: by an alarm, by AppConfig, or by somebody. */
export function isTakenBack({ State }: Pick<Deployment, "State">): boolean {
  return State === "ROLLED_BACK" || State === "REVERTED";
}

/** The deployment whose version a profile's clients have, among those older than a number. */
export function liveBefore(ofOneProfile: readonly Deployment[], number: number): Deployment | undefined {
  return ofOneProfile.find((one) => one.DeploymentNumber < number && reachesAll(one));
}
