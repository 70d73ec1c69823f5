import * as sdk from "@aws-sdk/client-appconfig";
import type { RegionContext } from "../../region-context.ts";
import { ServiceModel } from "../../service-model.ts";
import { AppConfigPermissions } from "./appconfig-permissions.ts";
import type { AppConfigWorld } from "./appconfig-world.ts";
import { Catalogue } from "./catalogue.ts";
import { addCatalogueOperations } from "./catalogue-operations.ts";
import { addDeploymentOperations } from "./deployment-operations.ts";
import { type InstalledApplication, type InstalledIds, installApplication } from "./install-application.ts";
import { type AlarmState, Rollouts } from "./rollouts.ts";

/** AWS AppConfig in the simulated region: hosted configurations, deployed in virtual time. */
export interface AppConfig {
  readonly model: ServiceModel;
  /**
   * Creates an application that exists since before the story, with completed deployments; answers its ids.
   */
  install(application: InstalledApplication): InstalledIds;
  /**
   * What the clients of a profile get now; each part by id or name. Undefined when nothing was ever deployed.
   */
  live(application: string, environment: string, profile: string): LiveConfiguration | undefined;
}

export interface LiveConfiguration {
  /** What most clients had before, or all have: undefined when the first deployment of all is on its way. */
  readonly version: number | undefined;
  readonly content: Uint8Array | undefined;
  /** The version that spreads now, and the per cent of clients that have it already. */
  readonly next?: { readonly version: number; readonly content: Uint8Array; readonly percentage: number };
}

export function appConfigService(
  context: RegionContext,
  options: { readonly alarmState?: AlarmState } = {},
): AppConfig {
  const client = new sdk.AppConfigClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const catalogue = new Catalogue(context);
  const world: AppConfigWorld = {
    context,
    catalogue,
    permissions: new AppConfigPermissions(context, catalogue),
    rollouts: new Rollouts(context, options.alarmState ?? noAlarm),
  };
  const model = new ServiceModel("appconfig", sdk, client);
  addCatalogueOperations(model, world);
  addDeploymentOperations(model, world);
  return {
    model,
    install: (application) => installApplication(world, application),
    live: (application, environment, profile) => live(catalogue, { application, environment, profile }),
  };
}

/** An environment that monitors an alarm in a region without alarms would never roll back: say so. */
function noAlarm(alarmArn: string): never {
  throw new Error(`AppConfig monitors ${alarmArn}, but was given no way to see alarms`);
}

function live(
  catalogue: Catalogue,
  where: { readonly application: string; readonly environment: string; readonly profile: string },
): LiveConfiguration | undefined {
  const application = catalogue.named(catalogue.applications, where.application);
  const environment = application && catalogue.named(application.environments, where.environment);
  const profile = application && catalogue.named(application.profiles, where.profile);
  if (!environment || !profile) return undefined;
  const settled = environment.live.get(profile.id);
  const spreading = environment.deployments.find(
    (one) =>
      one.profile === profile &&
      settled !== one.version &&
      (one.state === "DEPLOYING" || one.state === "ROLLING_BACK"),
  );
  if (!settled && !spreading) return undefined;
  const { number, content } = settled ?? {};
  if (!spreading) return { version: number, content };
  const { version, percentage } = spreading;
  return {
    version: number,
    content,
    next: { version: version.number, content: version.content, percentage },
  };
}
