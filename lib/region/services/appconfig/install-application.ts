import type { Monitor } from "@aws-sdk/client-appconfig";
import type { AppConfigWorld } from "./appconfig-world.ts";
import type { Application, Environment, Profile } from "./application.ts";

export interface InstalledApplication {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly environments: readonly {
    readonly name: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly monitors?: readonly Monitor[];
  }[];
  readonly profiles: readonly {
    readonly name: string;
    readonly tags?: Readonly<Record<string, string>>;
    /** Hosted versions, oldest first; the first is version 1. */
    readonly versions: readonly { readonly content: string; readonly label?: string }[];
  }[];
  /** Completed deployments, oldest first. Environments and profiles by name. */
  readonly deployments?: readonly {
    readonly environment: string;
    readonly profile: string;
    readonly version: number;
    /** Epoch milliseconds; completed when the strategy's time and bake were over. */
    readonly startedAt: number;
    /** @default AppConfig.AllAtOnce */
    readonly strategyId?: string;
  }[];
}

/** The ids that AppConfig gave, by name. */
export interface InstalledIds {
  readonly applicationId: string;
  readonly environmentIds: Readonly<Record<string, string>>;
  readonly profileIds: Readonly<Record<string, string>>;
}

/** Creates an application that exists since before the story, with its environments, profiles and history. */
export function installApplication(world: AppConfigWorld, installed: InstalledApplication): InstalledIds {
  const { catalogue } = world;
  const application: Application = {
    id: catalogue.newId(),
    name: installed.name,
    description: undefined,
    tags: new Map(Object.entries(installed.tags ?? {})),
    environments: new Map(),
    profiles: new Map(),
  };
  catalogue.applications.set(application.id, application);
  for (const { name, tags = {}, monitors = [] } of installed.environments) {
    const environment: Environment = {
      id: catalogue.newId(),
      name,
      description: undefined,
      tags: new Map(Object.entries(tags)),
      monitors,
      deployments: [],
      live: new Map(),
      state: "READY_FOR_DEPLOYMENT",
    };
    application.environments.set(environment.id, environment);
  }
  for (const profile of installed.profiles) {
    const made = makeProfile(catalogue.newId(), profile);
    application.profiles.set(made.id, made);
  }
  for (const deployment of installed.deployments ?? []) installDeployment(world, application, deployment);
  return {
    applicationId: application.id,
    environmentIds: idsByName(application.environments),
    profileIds: idsByName(application.profiles),
  };
}

function makeProfile(
  id: string,
  { name, tags = {}, versions }: InstalledApplication["profiles"][number],
): Profile {
  return {
    id,
    name,
    description: undefined,
    type: "AWS.Freeform",
    tags: new Map(Object.entries(tags)),
    versions: versions.map(({ content, label }, index) => ({
      number: index + 1,
      content: Buffer.from(content),
      contentType: "application/json",
      description: undefined,
      label,
    })),
  };
}

function installDeployment(
  { catalogue, context }: AppConfigWorld,
  application: Application,
  {
    strategyId = "AppConfig.AllAtOnce",
    startedAt,
    ...what
  }: NonNullable<InstalledApplication["deployments"]>[number],
): void {
  const environment = catalogue.named(application.environments, what.environment);
  const profile = catalogue.named(application.profiles, what.profile);
  if (!environment || !profile) {
    throw new Error(`${application.name} has no environment ${what.environment} or profile ${what.profile}`);
  }
  const version = catalogue.version(profile, String(what.version));
  const strategy = catalogue.strategy(strategyId);
  const completedAt = startedAt + (strategy.durationMinutes + strategy.bakeMinutes) * 60_000;
  if (completedAt > context.kernel.now) throw new Error("An installed deployment must be completed by now");
  const event = { EventType: "DEPLOYMENT_COMPLETED", TriggeredBy: "APPCONFIG" } as const;
  environment.deployments.push({
    number: environment.deployments.length + 1,
    profile,
    version,
    previous: environment.live.get(profile.id),
    strategy,
    description: undefined,
    startedAt,
    completedAt,
    state: "COMPLETE",
    percentage: 100,
    events: [{ ...event, OccurredAt: new Date(completedAt) }],
  });
  environment.live.set(profile.id, version);
}

function idsByName(things: ReadonlyMap<string, { readonly id: string; readonly name: string }>) {
  return Object.fromEntries([...things.values()].map(({ id, name }) => [name, id]));
}
