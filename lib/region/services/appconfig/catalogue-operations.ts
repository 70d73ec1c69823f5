import * as sdk from "@aws-sdk/client-appconfig";
import { Uint8ArrayBlobAdapter } from "@smithy/core/serde";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import type { AppConfigWorld } from "./appconfig-world.ts";
import type { Environment } from "./application.ts";

/**
 * Declares the making of applications, environments, profiles, hosted versions and strategies, and the
 * reading and changing of environments.
 */
export function addCatalogueOperations(model: ServiceModel, world: AppConfigWorld): void {
  const { catalogue, permissions } = world;
  model
    .on(sdk.CreateApplicationCommand, {
      accepts: ["Name", "Description", "Tags"],
      authorize: ({ Tags }) => permissions.on("CreateApplication", {}, Tags),
      handle: ({ Name = "", Description, Tags = {} }) => {
        const application = {
          id: catalogue.newId(),
          name: Name,
          description: Description,
          tags: new Map(Object.entries(Tags)),
          environments: new Map(),
          profiles: new Map(),
        };
        catalogue.applications.set(application.id, application);
        return { Id: application.id, Name, Description };
      },
    })
    .on(sdk.CreateEnvironmentCommand, {
      accepts: ["ApplicationId", "Name", "Description", "Monitors", "Tags"],
      authorize: ({ ApplicationId, Tags }) =>
        permissions.on("CreateEnvironment", { applicationId: ApplicationId }, Tags),
      handle: ({ ApplicationId, Name = "", Description, Monitors = [], Tags = {} }) => {
        const environment: Environment = {
          id: catalogue.newId(),
          name: Name,
          description: Description,
          tags: new Map(Object.entries(Tags)),
          monitors: Monitors,
          deployments: [],
          live: new Map(),
          state: "READY_FOR_DEPLOYMENT",
        };
        catalogue.application(ApplicationId).environments.set(environment.id, environment);
        return describeEnvironment(ApplicationId, environment);
      },
    })
    .on(sdk.GetEnvironmentCommand, {
      accepts: ["ApplicationId", "EnvironmentId"],
      authorize: ({ ApplicationId, EnvironmentId }) =>
        permissions.on("GetEnvironment", { applicationId: ApplicationId, environmentId: EnvironmentId }),
      handle: ({ ApplicationId, EnvironmentId }) =>
        describeEnvironment(ApplicationId, catalogue.environment(ApplicationId, EnvironmentId)),
    })
    .on(sdk.UpdateEnvironmentCommand, {
      accepts: ["ApplicationId", "EnvironmentId", "Name", "Description", "Monitors"],
      authorize: ({ ApplicationId, EnvironmentId }) =>
        permissions.on("UpdateEnvironment", { applicationId: ApplicationId, environmentId: EnvironmentId }),
      handle: ({ ApplicationId, EnvironmentId, Name, Description, Monitors }) => {
        const environment = catalogue.environment(ApplicationId, EnvironmentId);
        environment.name = Name ?? environment.name;
        environment.description = Description ?? environment.description;
        environment.monitors = Monitors ?? environment.monitors;
        return describeEnvironment(ApplicationId, environment);
      },
    })
    .on(sdk.CreateDeploymentStrategyCommand, {
      accepts: [
        "Name",
        "DeploymentDurationInMinutes",
        "FinalBakeTimeInMinutes",
        "GrowthFactor",
        "GrowthType",
        "ReplicateTo",
        "Tags",
      ],
      authorize: ({ Tags }) => permissions.on("CreateDeploymentStrategy", {}, Tags),
      handle: (input) => createStrategy(world, input),
    });
  addProfileOperations(model, world);
}

function addProfileOperations(model: ServiceModel, world: AppConfigWorld): void {
  const { catalogue, permissions } = world;
  model
    .on(sdk.CreateConfigurationProfileCommand, {
      accepts: ["ApplicationId", "Name", "Description", "LocationUri", "Type", "Tags"],
      authorize: ({ ApplicationId, Tags }) =>
        permissions.on("CreateConfigurationProfile", { applicationId: ApplicationId }, Tags),
      handle: ({ ApplicationId, Name = "", Description, LocationUri, Type = "AWS.Freeform", Tags = {} }) => {
        if (LocationUri !== "hosted") {
          const message = `The simulated region has no AppConfig configurations at ${LocationUri}, only hosted ones`;
          throw new AwsError("NotImplemented", message, 501);
        }
        const profile = {
          id: catalogue.newId(),
          name: Name,
          description: Description,
          type: Type,
          tags: new Map(Object.entries(Tags)),
          versions: [],
        };
        catalogue.application(ApplicationId).profiles.set(profile.id, profile);
        return { ApplicationId, Id: profile.id, Name, Description, LocationUri, Type };
      },
    })
    .on(sdk.ListHostedConfigurationVersionsCommand, {
      accepts: ["ApplicationId", "ConfigurationProfileId", "MaxResults", "NextToken"],
      authorize: ({ ApplicationId, ConfigurationProfileId }) =>
        permissions.on("ListHostedConfigurationVersions", {
          applicationId: ApplicationId,
          profileId: ConfigurationProfileId,
        }),
      handle: (input) => listVersions(world, input),
    })
    .on(sdk.DeleteHostedConfigurationVersionCommand, {
      accepts: ["ApplicationId", "ConfigurationProfileId", "VersionNumber"],
      authorize: ({ ApplicationId, ConfigurationProfileId }) =>
        permissions.on("DeleteHostedConfigurationVersion", {
          applicationId: ApplicationId,
          profileId: ConfigurationProfileId,
        }),
      handle: ({ ApplicationId, ConfigurationProfileId, VersionNumber }) => {
        const profile = catalogue.profile(ApplicationId, ConfigurationProfileId);
        const version = catalogue.version(profile, String(VersionNumber));
        profile.versions.splice(profile.versions.indexOf(version), 1);
        return {};
      },
    })
    .on(sdk.CreateHostedConfigurationVersionCommand, {
      accepts: [
        "ApplicationId",
        "ConfigurationProfileId",
        "Description",
        "Content",
        "ContentType",
        "LatestVersionNumber",
        "VersionLabel",
      ],
      authorize: ({ ApplicationId, ConfigurationProfileId }) =>
        permissions.on("CreateHostedConfigurationVersion", {
          applicationId: ApplicationId,
          profileId: ConfigurationProfileId,
        }),
      handle: (input) => {
        const { ApplicationId, ConfigurationProfileId, Description, ContentType = "", VersionLabel } = input;
        const { versions } = catalogue.profile(ApplicationId, ConfigurationProfileId);
        const latest = versions.at(-1)?.number ?? 0;
        if (input.LatestVersionNumber !== undefined && input.LatestVersionNumber !== latest) {
          throw new AwsError(
            "ConflictException",
            `LatestVersionNumber is ${input.LatestVersionNumber}, but the latest version is ${latest}.`,
          );
        }
        const Content = Uint8ArrayBlobAdapter.mutate(contentBytes(input.Content));
        versions.push({
          number: latest + 1,
          content: Content,
          contentType: ContentType,
          description: Description,
          label: VersionLabel,
        });
        const VersionNumber = latest + 1;
        return {
          ApplicationId,
          ConfigurationProfileId,
          VersionNumber,
          Description,
          Content,
          ContentType,
          VersionLabel,
        };
      },
    });
}

/** Newest first, as deployments are; AWS promises no order. Without the contents. [SDK HostedConfigurationVersionSummary] */
function listVersions(
  { catalogue }: AppConfigWorld,
  {
    ApplicationId,
    ConfigurationProfileId,
    MaxResults = 50,
    NextToken,
  }: sdk.ListHostedConfigurationVersionsRequest,
): sdk.HostedConfigurationVersions {
  if (MaxResults < 1 || MaxResults > 50) {
    throw new AwsError("BadRequestException", "MaxResults must be between 1 and 50.");
  }
  const before = NextToken === undefined ? Number.POSITIVE_INFINITY : Number(NextToken);
  const { versions } = catalogue.profile(ApplicationId, ConfigurationProfileId);
  const left = versions.toReversed().filter(({ number }) => number < before);
  const shown = left.slice(0, MaxResults);
  return {
    Items: shown.map(({ number, contentType, description, label }) => ({
      ...{ ApplicationId, ConfigurationProfileId, VersionNumber: number },
      ...{ ContentType: contentType, Description: description, VersionLabel: label },
    })),
    NextToken: left.length > MaxResults ? String(shown.at(-1)?.number) : undefined,
  };
}

function contentBytes(content: sdk.CreateHostedConfigurationVersionCommandInput["Content"]): Uint8Array {
  if (content instanceof Uint8Array) return content;
  throw new Error("The wire gives a blob as bytes");
}

function createStrategy(
  { catalogue }: AppConfigWorld,
  input: sdk.CreateDeploymentStrategyRequest,
): sdk.DeploymentStrategy {
  const { Name = "", GrowthFactor = 0, GrowthType = "LINEAR", Tags = {} } = input;
  const DeploymentDurationInMinutes = input.DeploymentDurationInMinutes ?? 0;
  const FinalBakeTimeInMinutes = input.FinalBakeTimeInMinutes ?? 0;
  if (GrowthFactor < 1 || GrowthFactor > 100) {
    throw new AwsError("BadRequestException", "GrowthFactor must be between 1 and 100.");
  }
  const id = catalogue.newId();
  catalogue.strategies.set(id, {
    id,
    name: Name,
    durationMinutes: DeploymentDurationInMinutes,
    growthType: GrowthType,
    growthFactor: GrowthFactor,
    bakeMinutes: FinalBakeTimeInMinutes,
    tags: new Map(Object.entries(Tags)),
  });
  return { Id: id, Name, DeploymentDurationInMinutes, GrowthType, GrowthFactor, FinalBakeTimeInMinutes };
}

function describeEnvironment(
  ApplicationId: string | undefined,
  { id, name, description, state, monitors }: Environment,
): sdk.Environment {
  return {
    ApplicationId,
    Id: id,
    Name: name,
    Description: description,
    State: state,
    Monitors: [...monitors],
  };
}
