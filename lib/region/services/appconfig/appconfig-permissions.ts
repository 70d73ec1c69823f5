import { arnOf, type RegionContext } from "../../region-context.ts";
import type { Permission } from "../../service-model.ts";
import type { Catalogue } from "./catalogue.ts";

/** Which resources an operation touches; each of them must be allowed. */
export interface Touched {
  readonly applicationId?: string | undefined;
  readonly environmentId?: string | undefined;
  readonly profileId?: string | undefined;
  readonly strategyId?: string | undefined;
  readonly deploymentNumber?: number | undefined;
}

/**
 * The resources of the AppConfig actions and their tags.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappconfig.html
 */
export class AppConfigPermissions {
  readonly #context: RegionContext;
  readonly #catalogue: Catalogue;

  constructor(context: RegionContext, catalogue: Catalogue) {
    this.#context = context;
    this.#catalogue = catalogue;
  }

  /** The action on every resource that it touches, with the tags of the request when it makes something. */
  on(
    action: string,
    touched: Touched,
    requested: Readonly<Record<string, string>> | undefined = {},
  ): Permission[] {
    const tags = Object.entries(requested).map(([key, value]) => [`aws:RequestTag/${key}`, value]);
    const context = Object.fromEntries(tags);
    const resources = this.#resources(touched);
    const actions = tags.length > 0 ? [action, "TagResource"] : [action];
    return actions.flatMap((one) =>
      (resources.length > 0 ? resources : [{ resource: "*", tags: {} }]).map(({ resource, tags: own }) => ({
        action: `appconfig:${one}`,
        resource,
        context: { ...own, ...context },
      })),
    );
  }

  #resources(touched: Touched) {
    const { applicationId, environmentId, profileId, strategyId, deploymentNumber } = touched;
    const application = this.#catalogue.applications.get(applicationId ?? "");
    const inApplication = `application/${applicationId}`;
    const inEnvironment = `${inApplication}/environment/${environmentId}`;
    const resources = [];
    if (applicationId !== undefined) resources.push(this.#resource(inApplication, application?.tags));
    if (environmentId !== undefined) {
      const environment = application?.environments.get(environmentId);
      resources.push(this.#resource(inEnvironment, environment?.tags));
    }
    if (profileId !== undefined) {
      const profile = application?.profiles.get(profileId);
      resources.push(this.#resource(`${inApplication}/configurationprofile/${profileId}`, profile?.tags));
    }
    if (strategyId !== undefined) {
      const strategy = this.#catalogue.strategies.get(strategyId);
      resources.push(this.#resource(`deploymentstrategy/${strategyId}`, strategy?.tags));
    }
    if (deploymentNumber !== undefined) {
      resources.push(this.#resource(`${inEnvironment}/deployment/${deploymentNumber}`, undefined));
    }
    return resources;
  }

  #resource(rest: string, tags: ReadonlyMap<string, string> | undefined) {
    const own = [...(tags ?? [])].map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
    return { resource: arnOf(this.#context, "appconfig", rest), tags: Object.fromEntries(own) };
  }
}
