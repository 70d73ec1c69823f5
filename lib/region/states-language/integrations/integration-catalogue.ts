import type { Integration } from "./integration.ts";
import { optimisedIntegrations } from "./optimised-integrations.ts";
import { type SdkService, sdkIntegration } from "./sdk-integration.ts";

/** Every `Resource` that a Task state of this region may name. */
export class IntegrationCatalogue {
  readonly #optimised = optimisedIntegrations();
  readonly #services: ReadonlyMap<string, SdkService>;
  readonly #found = new Map<string, Integration | string>();

  /** @param services what may be called as `aws-sdk:…` */
  constructor(services: readonly SdkService[] = []) {
    this.#services = new Map(services.map((service) => [service.name, service]));
  }

  /** The integration, or a sentence that says why there is none. */
  find(resource: string): Integration | string {
    const known = this.#found.get(resource);
    if (known !== undefined) return known;
    const found = this.#look(resource);
    this.#found.set(resource, found);
    return found;
  }

  /** The integration of a definition that passed the static check. */
  require(resource: string): Integration {
    const found = this.find(resource);
    if (typeof found === "string") throw new Error(found);
    return found;
  }

  #look(resource: string): Integration | string {
    if (/^arn:[\w-]+:lambda:/.test(resource)) {
      return "A Lambda ARN as Resource is not modelled: use arn:aws:states:::lambda:invoke";
    }
    const [, name] = /^arn:aws:states:::(.+)$/.exec(resource) ?? [];
    if (name === undefined) return `'${resource}' is not an integration`;
    if (!name.startsWith("aws-sdk:")) {
      return this.#optimised.get(name) ?? `The integration '${name}' is not modelled in this region`;
    }
    const [, serviceName = "", action = ""] = name.split(":");
    const service = this.#services.get(serviceName);
    if (!service) return `The SDK service '${serviceName}' is not modelled in this region`;
    if (action.includes(".")) return `The integration pattern of '${name}' is not modelled in this region`;
    return sdkIntegration(service, action) ?? `The SDK service '${serviceName}' has no action '${action}'`;
  }
}
