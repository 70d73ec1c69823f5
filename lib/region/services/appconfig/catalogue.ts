import type { Random } from "../../kernel/random.ts";
import type { RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import type { Application, Environment, HostedVersion, Profile, Strategy } from "./application.ts";
import { PREDEFINED_STRATEGIES } from "./strategies.ts";

/** The applications and strategies of AppConfig in the region. Operations name them by id, people by name. */
export class Catalogue {
  readonly applications = new Map<string, Application>();
  readonly strategies = new Map<string, Strategy>(
    PREDEFINED_STRATEGIES.map((strategy) => [strategy.id, strategy]),
  );
  readonly #random: Random;

  constructor(context: RegionContext) {
    this.#random = context.kernel.random.fork("appconfig");
  }

  /** `[a-z0-9]{4,7}` */
  newId(): string {
    const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    return Array.from({ length: 7 }, () => alphabet[this.#random.integer(0, 35)]).join("");
  }

  application(id = ""): Application {
    return this.applications.get(id) ?? notFound("Application", id);
  }

  environment(applicationId: string | undefined, id = ""): Environment {
    return this.application(applicationId).environments.get(id) ?? notFound("Environment", id);
  }

  profile(applicationId: string | undefined, id = ""): Profile {
    return this.application(applicationId).profiles.get(id) ?? notFound("ConfigurationProfile", id);
  }

  strategy(id = ""): Strategy {
    return this.strategies.get(id) ?? notFound("DeploymentStrategy", id);
  }

  /** A hosted version by its number or its label. */
  version(profile: Profile, numberOrLabel = ""): HostedVersion {
    return (
      profile.versions.find(
        ({ number, label }) => String(number) === numberOrLabel || label === numberOrLabel,
      ) ?? notFound("HostedConfigurationVersion", numberOrLabel)
    );
  }

  /** Anything of these by id or name: how a scenario and the application speak of them. */
  named<Thing extends { readonly id: string; readonly name: string }>(
    things: ReadonlyMap<string, Thing>,
    idOrName: string,
  ): Thing | undefined {
    return things.get(idOrName) ?? [...things.values()].find(({ name }) => name === idOrName);
  }
}

/** Throws AppConfig's own error. */
export function notFound(kind: string, id: string): never {
  throw new AwsError("ResourceNotFoundException", `Could not find ${kind} ${id}`, undefined, {
    ResourceName: kind,
  });
}
